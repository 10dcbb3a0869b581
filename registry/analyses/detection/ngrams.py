"""Counts of character n-grams and of words, each made once per text; weights are fitted inside a fold.

Character n-grams are hashed with numpy, in portions: no dictionary that a hostile file could blow up.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import sparse

FEATURES = 2**17
BITS = 22  # buckets before the most widespread are kept: few enough collisions to name what a bucket holds
PORTION = 400_000  # characters
PRIME = np.uint64(0x100000001B3)
SPREAD = np.uint64(0x9E3779B97F4A7C15)
BLANK = ord(" ")


@dataclass(frozen=True)
class Grams:
    """Character n-grams of these lengths; with `inside_words` none reaches across a blank."""

    low: int
    high: int
    inside_words: bool = False

    def counts(self, texts: list[str]) -> "Counts":
        """How often each n-gram stands in each text, for the most widespread n-grams."""
        keys, times = [], []
        for start, part in portions(texts):
            key, count = np.unique(self.keys_of(part, start), return_counts=True)
            keys.append(key)
            times.append(count)
        keys, times = np.concatenate(keys), np.concatenate(times)
        rows, buckets = (keys >> BITS).astype(np.int32), (keys & ((1 << BITS) - 1)).astype(np.int32)
        kept = most_widespread(np.bincount(buckets, minlength=1 << BITS), len(texts))
        column = np.full(1 << BITS, -1, np.int32)
        column[kept] = np.arange(len(kept))
        known = column[buckets] >= 0
        matrix = sparse.csr_matrix(
            (times[known].astype(np.float64), (rows[known], column[buckets[known]])), shape=(len(texts), len(kept))
        )
        return Counts(matrix, kept)

    def keys_of(self, texts: list[str], start: int = 0) -> np.ndarray:
        """Text number and bucket of every n-gram, packed into one integer."""
        return np.concatenate(
            [(row.astype(np.int64) + start) << BITS | bucket for row, _, bucket in self.found(texts)]
        )

    def found(self, texts: list[str]):
        """Text numbers, places in the joined text and buckets, for one length after the other."""
        codes, owner = joined(texts)
        rolling = np.zeros(len(codes), np.uint64)
        for length in range(1, self.high + 1):
            size = len(codes) - length + 1
            rolling = rolling[:size] * PRIME + codes[length - 1 :]
            if length < self.low:
                continue
            whole = owner[:size] == owner[length - 1 :]
            if self.inside_words:
                for offset in range(1, length - 1):
                    whole &= codes[offset : offset + size] != BLANK
            places = np.flatnonzero(whole)
            mixed = (rolling[places] + np.uint64(length)) * SPREAD
            yield owner[places], places, (mixed >> np.uint64(64 - BITS)).astype(np.int64)

    def names(self, buckets: list[int], texts: list[str]) -> dict[int, str]:
        """The most common n-gram in each of these buckets."""
        seen = {bucket: Counter() for bucket in buckets}
        for _, part in portions(texts):
            line = "".join(f" {text} " for text in part)
            for length, (_, places, found) in zip(range(self.low, self.high + 1), self.found(part), strict=True):
                for hit in np.flatnonzero(np.isin(found, buckets)):
                    seen[int(found[hit])][line[places[hit] : places[hit] + length]] += 1
        return {bucket: min(grams, key=lambda gram: (-grams[gram], gram)) for bucket, grams in seen.items() if grams}


@dataclass(frozen=True)
class Counts:
    """A text × feature matrix of counts, and what each column is."""

    matrix: sparse.csr_matrix
    columns: np.ndarray


def portions(texts: list[str]):
    """The texts in order, a few hundred thousand characters at a time, with the number of the first."""
    part, size, start = [], 0, 0
    for number, text in enumerate(texts):
        part.append(text)
        size += len(text)
        if size >= PORTION:
            yield start, part
            part, size, start = [], 0, number + 1
    if part:
        yield start, part


def joined(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Code points of all texts, each between two blanks, and the text each belongs to."""
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    return codes, np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in padded])


def most_widespread(spread: np.ndarray, texts: int) -> np.ndarray:
    """The columns that stand in most texts, at least in two; in the order of their numbers."""
    common = np.flatnonzero(spread >= min(2, texts))
    if len(common) > FEATURES:
        common = common[np.argsort(-spread[common], kind="stable")[:FEATURES]]
    return np.sort(common)


def tf_idf(counts: sparse.csr_matrix, training: np.ndarray, *, sublinear=True, least=1) -> sparse.csr_matrix:
    """Unit-length TF-IDF rows; document frequencies and vocabulary come from the training rows only."""
    spread = np.bincount(counts[training].indices, minlength=counts.shape[1])
    weight = np.where(spread >= least, np.log((1 + len(training)) / (1 + spread)) + 1, 0.0)
    values = (1 + np.log(counts.data) if sublinear else counts.data) * weight[counts.indices]
    return unit_rows(sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape))


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=matrix.data**2, minlength=matrix.shape[0]))
    lengths[lengths == 0] = 1
    return sparse.csr_matrix((matrix.data / lengths[rows], matrix.indices, matrix.indptr), shape=matrix.shape)
