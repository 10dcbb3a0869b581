"""The sequences that are asked about, as hashes that can be looked up while the training text streams by."""

from itertools import repeat

import numpy as np

from registry.analyses.sketch.corpus import MARK
from registry.analyses.sketch.words import SequenceHashes, word_hash

UNKNOWN, BORDER, FIRST = 0, 1, 2  # numbers of words: not in the queries, between documents, and the first real one
SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Queries:
    """All words of all documents in one row, with a border before each document."""

    def __init__(self, documents: list):
        self.numbers = {MARK: BORDER}
        row, self.offsets = [np.zeros(0, np.int32)], []
        place = 0
        for document in documents:
            for word in document.words:
                self.numbers.setdefault(word, len(self.numbers) + 1)
            row += [np.array([BORDER], np.int32), self.ids_of(document.words)]
            self.offsets.append(place + 1)
            place += 1 + len(document.words)
        self.ids = np.concatenate(row)
        self.values = np.zeros(len(self.numbers) + 1, np.uint64)
        for word, number in self.numbers.items():
            if number >= FIRST:
                self.values[number] = word_hash(word)
        self.hashing = SequenceHashes()

    def ids_of(self, words: list[bytes]) -> np.ndarray:
        return np.fromiter(map(self.numbers.get, words, repeat(UNKNOWN)), np.int32, len(words))

    def whole(self, ids: np.ndarray, size: int) -> np.ndarray:
        """At which places a sequence of known words begins that crosses no border."""
        before = np.concatenate([[0], np.cumsum(ids < FIRST)])
        return before[size:] == before[: max(len(before) - size, 0)]


class Sequences:
    """The different sequences of one length among the queries, and which of them were found where."""

    def __init__(self, queries: Queries, size: int):
        self.queries, self.size = queries, size
        hashes = queries.hashing.of(queries.hashing.prefixes(queries.values[queries.ids]), size)
        self.places = np.flatnonzero(queries.whole(queries.ids, size))
        self.keys, first, self.number_at = np.unique(
            hashes[self.places], return_index=True, return_inverse=True
        )  # fmt: skip
        self.example = self.places[first]
        self.found = np.zeros(len(self.keys), bool)
        bits = min(26, max(16, int(len(self.keys)).bit_length() + 4))
        self.shift = np.uint64(64 - bits)
        self.sieve = np.zeros(1 << bits, bool)
        self.sieve[self._slot(self.keys)] = True

    def _slot(self, hashes: np.ndarray) -> np.ndarray:
        return ((hashes * SPREAD) >> self.shift).astype(np.int64)

    def candidates(self, prefixes: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Which places may begin a sequence that is asked about; a cheap look before the dear one."""
        return places[self.sieve[self._slot(self.queries.hashing.of(prefixes, self.size, places))]]

    def look_up(self, ids: np.ndarray, prefixes: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The places that do, and the number of the sequence there, compared word by word."""
        if not len(self.keys) or not len(places):
            return places[:0], places[:0]
        hashes = self.queries.hashing.of(prefixes, self.size, places)
        number = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        same = self.keys[number] == hashes
        places, number = places[same], number[same]
        same = np.ones(len(places), bool)
        example = self.example[number]
        for step in range(self.size):
            same &= ids[places + step] == self.queries.ids[example + step]
        return places[same], number[same]

    def hits(self) -> np.ndarray:
        """For each place of the row of queries whether the sequence that begins there was found."""
        return self.spread(self.found)

    def spread(self, of_sequences: np.ndarray) -> np.ndarray:
        """A property of sequences at each place where they begin; false elsewhere."""
        row = np.zeros(len(self.queries.ids), of_sequences.dtype)
        row[self.places] = of_sequences[self.number_at]
        return row
