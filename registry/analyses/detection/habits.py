"""Habits of a text that n-gram weights miss: variety, rhythm, punctuation, and how common its words are."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from registry.analyses.canonical_text import UNSPACED

TOKEN = re.compile(f"[{UNSPACED}]|[^\\W{UNSPACED}]+|[^\\w\\s]")
SENTENCE = re.compile(r"[.!?。！？؟।]+")
LIMIT = 4.0  # standard deviations

OWN = [
    "different words",
    "repeated pairs of words",
    "repeated triples of words",
    "word length",
    "spread of word lengths",
    "sentence length",
    "spread of sentence lengths",
    "longest sentence",
    "words said once",
    "share of the commonest word",
    "concentration of words",
    "commas",
    "full stops",
    "double quotes",
    "single quotes",
    "hyphens",
    "brackets",
    "digits",
    "capital letters",
    "capitalised words",
    "doubled words",
    "variety of capitalised words",
]
SHARED = [
    "how common the words are",
    "spread of how common the words are",
    "words unknown to the training texts",
    "rare words",
    "uncommon words",
    "common words",
    "new pairs of words",
    "how common the pairs of words are",
]
NAMES = OWN + SHARED


@dataclass(frozen=True)
class Tokens:
    """Lower-cased words and pairs of words, counted per text; and the habits that need no other text."""

    words: sparse.csr_matrix
    pairs: sparse.csr_matrix
    own: np.ndarray
    names: list[str]  # of the columns of `words`
    pair_ids: np.ndarray  # of the columns of `pairs`: first word × number of words + second word

    def name(self, column: int) -> str:
        """A word, or beyond the words a pair of them."""
        if column < len(self.names):
            return self.names[column]
        first, second = divmod(int(self.pair_ids[column - len(self.names)]), len(self.names))
        return f"{self.names[first]} {self.names[second]}"


def tokens_of(texts: list[str]) -> Tokens:
    """One pass over the texts; columns are numbered in the order in which words appear."""
    number, lines, own = {}, [], []
    for text in texts:
        tokens = TOKEN.findall(text)
        lower = [token.lower() for token in tokens]
        lines.append(np.array([number.setdefault(token, len(number)) for token in lower], np.int64))
        own.append(own_habits(text, tokens, lower))
    pairs = [line[:-1] * len(number) + line[1:] for line in lines]
    pair_ids, columns = np.unique(np.concatenate(pairs), return_inverse=True)
    return Tokens(
        counted(lines, np.concatenate(lines), len(number)),
        counted(pairs, columns, len(pair_ids)),
        np.array(own),
        list(number),
        pair_ids,
    )


def counted(lines: list[np.ndarray], columns: np.ndarray, width: int) -> sparse.csr_matrix:
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    matrix = sparse.csr_matrix((np.ones(len(columns)), (rows, columns)), shape=(len(lines), max(width, 1)))
    matrix.sum_duplicates()
    return matrix


def own_habits(text: str, tokens: list[str], lower: list[str]) -> list[float]:
    """Ratios of one text, in the order of OWN."""
    total, counts = max(len(lower), 1), Counter(lower)
    lengths = np.array([len(token) for token in lower if token[0].isalnum()] or [0])
    sentences = np.array([len(part.split()) for part in SENTENCE.split(text) if part.strip()] or [0])
    capitalised = [token for token in tokens if token[0].isupper()]
    times = np.array(list(counts.values()) or [0])
    return [
        len(counts) / total,
        repeated(lower, 2),
        repeated(lower, 3),
        lengths.mean(),
        lengths.std(),
        sentences.mean(),
        sentences.std(),
        sentences.max(),
        (times == 1).sum() / total,
        times.max() / total,
        (times**2).sum() / total**2,
        counts[","] / total,
        counts["."] / total,
        counts['"'] / total,
        counts["'"] / total,
        counts["-"] / total,
        counts["("] / total,
        sum(map(str.isdigit, text)) / max(len(text), 1),
        sum(map(str.isupper, text)) / max(len(text), 1),
        len(capitalised) / total,
        sum(map(str.__eq__, lower, lower[1:])) / total,
        len(set(capitalised)) / max(len(capitalised), 1),
    ]


def repeated(tokens: list[str], length: int) -> float:
    grams = list(zip(*(tokens[start:] for start in range(length)), strict=False))
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def habits(tokens: Tokens, training: np.ndarray) -> np.ndarray:
    """All habits of all texts in standard deviations of the training texts, extremes cut off."""
    table = np.hstack([tokens.own, shared_habits(tokens, training)])
    middle, spread = table[training].mean(axis=0), table[training].std(axis=0)
    spread[spread < 1e-12] = 1
    return np.clip((table - middle) / spread, -LIMIT, LIMIT)


def shared_habits(tokens: Tokens, training: np.ndarray) -> np.ndarray:
    """How common words and pairs are in the training texts; a training text never counts itself."""
    times, rows, others = in_others(tokens.words, training)
    mean, spread = mean_and_spread(times, rows, np.log(others + 0.5), tokens.words.shape[0])
    bands = [
        others <= 0,
        (others > 0) & (others <= 5),
        (others > 5) & (others <= 50),
        (others > 50) & (others <= 500),
    ]
    shares = [weighted_mean(times, rows, band.astype(float), tokens.words.shape[0]) for band in bands]
    times, rows, others = in_others(tokens.pairs, training)
    new = weighted_mean(times, rows, (others <= 0).astype(float), tokens.pairs.shape[0])
    known = weighted_mean(times, rows, np.log(others + 0.5), tokens.pairs.shape[0])
    return np.stack([mean, spread, *shares, new, known], axis=1)


def in_others(counts: sparse.csr_matrix, training: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each entry of a count matrix: the count, its text, and how often the other training texts have it."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    total = np.asarray(counts[training].sum(axis=0)).ravel()
    inside = np.zeros(counts.shape[0])
    inside[training] = 1
    return counts.data, rows, total[counts.indices] - counts.data * inside[rows]


def weighted_mean(times, rows, values, size) -> np.ndarray:
    total = np.maximum(np.bincount(rows, weights=times, minlength=size), 1)
    return np.bincount(rows, weights=times * values, minlength=size) / total


def mean_and_spread(times, rows, values, size) -> tuple[np.ndarray, np.ndarray]:
    mean = weighted_mean(times, rows, values, size)
    square = weighted_mean(times, rows, values**2, size)
    return mean, np.sqrt(np.maximum(square - mean**2, 0))
