"""Making a sketch of a training text: counted once, then hashed into a filter of the right size."""

from itertools import repeat

import numpy as np

from registry.analyses.errors import Unusable
from registry.analyses.sketch.bloom import Sketch, expected_items
from registry.analyses.sketch.corpus import MARK, Corpus
from registry.analyses.sketch.words import SequenceHashes, different, word_hash

COUNTED_EXACTLY = 1 << 20
REMEMBERED = 4_000_000  # different words; more are looked up again


def build(corpus: Corpus, n: int, false_positive: float, capacity: int | None, progress) -> Sketch:
    """A sketch of every sequence of `n` words; without a capacity the text is read twice."""
    share = 0.0 if capacity else 0.4
    if not capacity:
        count = Distinct()
        for hashes, read in sequences(corpus, n):
            count.add(hashes)
            progress(share * read / max(corpus.size, 1), "Counting the sequences.")
        if not count.total:
            raise Unusable(f"The training text has no {n} words in a row: give a longer one, or a smaller --n.")
        capacity = count.total if count.exact else round(1.01 * count.total)
    sketch = Sketch.empty(n, capacity, false_positive)
    stream = Stream(corpus, n)
    count = Distinct()
    for hashes, read in stream:
        hashes = different(hashes)
        count.add(hashes)
        sketch.add(hashes)
        progress(share + (1 - share) * read / max(corpus.size, 1), "Writing the sequences into the sketch.")
    sketch.items = count.total if count.exact else expected_items(sketch)
    sketch.documents, sketch.words = corpus.documents, stream.words
    if not sketch.items:
        raise Unusable(f"The training text has no {n} words in a row: give a longer one, or a smaller --n.")
    return sketch


def sequences(corpus: Corpus, n: int):
    return iter(Stream(corpus, n))


class Stream:
    """Hashes of all sequences of a text, batch by batch, and how many words it has."""

    def __init__(self, corpus: Corpus, n: int):
        self.corpus, self.n, self.words = corpus, n, 0
        self.forget()

    def forget(self):
        self.numbers, self.table = {MARK: 0}, np.zeros(1 << 16, np.uint64)

    def __iter__(self):
        hashing, tail = SequenceHashes(), np.zeros(0, np.uint64)
        marked = np.zeros(0, bool)
        for batch in self.corpus.batches():
            words = batch.words.split()
            ids = self.ids_of(words)
            self.words += len(ids) - int(np.count_nonzero(ids == 0))
            values = np.concatenate([tail, self.table[ids]])
            marks = np.concatenate([marked, ids == 0])
            before = np.concatenate([[0], np.cumsum(marks)])
            whole = before[self.n :] == before[: max(len(before) - self.n, 0)]
            yield hashing.of(hashing.prefixes(values), self.n)[whole], batch.read
            keep = max(len(values) - self.n + 1, 0)
            tail, marked = values[keep:], marks[keep:]

    def ids_of(self, words: list[bytes]) -> np.ndarray:
        if len(self.numbers) > REMEMBERED:
            self.forget()
        for word in sorted(set(words) - self.numbers.keys()):
            number = len(self.numbers)
            if number == len(self.table):
                self.table = np.concatenate([self.table, np.zeros_like(self.table)])
            self.numbers[word], self.table[number] = number, word_hash(word)
        return np.fromiter(map(self.numbers.get, words, repeat(0)), np.int64, len(words))


class Distinct:
    """How many different hashes there are: all kept up to a million, then those below an ever lower bound."""

    def __init__(self):
        self.halvings, self.kept = 0, np.zeros(0, np.uint64)

    @property
    def exact(self) -> bool:
        return self.halvings == 0

    @property
    def total(self) -> int:
        return len(self.kept) << self.halvings

    def add(self, hashes: np.ndarray) -> None:
        self.kept = different(np.concatenate([self.kept, self.below(hashes)]))
        while len(self.kept) > COUNTED_EXACTLY:
            self.halvings += 1
            self.kept = self.below(self.kept)

    def below(self, hashes: np.ndarray) -> np.ndarray:
        return hashes if self.exact else hashes[hashes >> np.uint64(64 - self.halvings) == 0]
