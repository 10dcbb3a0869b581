"""Looking the queries up: exactly, while the training text streams by once, or in a sketch of it."""

from dataclasses import dataclass, field

import numpy as np

from registry.analyses.memorisation.queries import BORDER, Queries, Sequences
from registry.analyses.sketch.bloom import Sketch
from registry.analyses.sketch.corpus import Corpus
from registry.analyses.sketch.words import different

PORTION = 1 << 20


@dataclass
class Answer:
    """What was found for sequences of the length asked for, and of the other lengths where that is known."""

    sequences: Sequences
    others: list[Sequences] = field(default_factory=list)
    documents: np.ndarray | None = None  # of the training text that hold each sequence
    first: np.ndarray | None = None  # file and line of the first of them
    words: int = 0
    corpus_sequences: int = 0


def in_sketch(queries: Queries, sketch: Sketch, progress) -> Answer:
    sequences = Sequences(queries, sketch.n)
    for start in range(0, len(sequences.keys), PORTION):
        sequences.found[start : start + PORTION] = sketch.has(sequences.keys[start : start + PORTION])
        progress(start / max(len(sequences.keys), 1), "Looking the sequences up in the sketch.")
    return Answer(sequences, words=sketch.words, corpus_sequences=sketch.items)


def in_corpus(queries: Queries, corpus: Corpus, n: int, lengths: list[int], progress) -> Answer:
    """One pass; memory depends on the queries only."""
    every = [Sequences(queries, size) for size in sorted({n, *lengths})]
    ours = next(one for one in every if one.size == n)
    answer = Answer(ours, [one for one in every if one is not ours])
    counter = Documents(len(ours.keys))
    longest = every[-1].size
    tail = np.zeros(0, np.int32)
    for batch in corpus.batches():
        ids = np.concatenate([tail, queries.ids_of(batch.words.split())])
        fresh = ids[len(tail) :]
        answer.words += len(fresh) - len(batch.begun)
        counter.begin(ids, len(tail), batch.begun)
        scan(queries, every, ids, len(tail), lambda one, places, number: counter.add(places, number), ours)
        tail = ids[max(len(ids) - longest + 1, 0) :]
        progress(batch.read / max(corpus.size, 1), "Reading the training text.")
    answer.documents, answer.first = counter.counts, counter.first
    return answer


def scan(queries: Queries, every: list[Sequences], ids: np.ndarray, known: int, tell, told_of: Sequences) -> None:
    """Mark what of the queries occurs in a stretch of text whose first `known` words were there before."""
    prefixes = queries.hashing.prefixes(queries.values[ids])
    shortest = every[0]
    whole = queries.whole(ids, shortest.size)
    places = shortest.candidates(prefixes, np.flatnonzero(whole))
    places, number = shortest.look_up(ids, prefixes, places)
    begins = np.zeros(len(ids) + 1, bool)
    begins[places] = True
    for one in every:
        if one is not shortest:
            # A longer sequence can only be where the shorter ones in it are.
            longer = places[places + one.size <= len(ids)]
            here, number = one.look_up(ids, prefixes, longer[whole_through(begins, longer, one, shortest)])
        else:
            here = places
        one.found[number] = True
        if one is told_of:
            # What lies wholly in the words known before was counted with them.
            new = here + one.size > known
            tell(one, here[new], number[new])


def whole_through(begins, places, longer: Sequences, shorter: Sequences) -> np.ndarray:
    """Where the shorter sequences follow one another without a gap all through the longer one."""
    gaps = np.concatenate([[0], np.cumsum(~begins)])
    return gaps[places + longer.size - shorter.size + 1] == gaps[places]


class Documents:
    """In how many documents of the training text each sequence occurs, and where it was met first."""

    def __init__(self, sequences: int):
        self.counts = np.zeros(sequences, np.int64)
        self.last = np.full(sequences, -1, np.int64)
        self.first = np.full((sequences, 2), -1, np.int64)
        self.before, self.place = 0, (0, None)

    def begin(self, ids: np.ndarray, known: int, begun: list) -> None:
        """The documents of a stretch of text: the one that goes on, and those that begin in it."""
        borders = ids == BORDER
        borders[:known] = False
        self.here = self.before + np.cumsum(borders)
        self.labels = np.array([[file, line or -1] for file, line in [self.place, *begun]], np.int64)
        self.offset = self.before
        self.before += len(begun)
        self.place = begun[-1] if begun else self.place

    def add(self, places: np.ndarray, number: np.ndarray) -> None:
        document = self.here[places]
        span = len(self.labels) + 1
        pairs = different(number * span + (document - self.offset))
        number, document = pairs // span, pairs % span
        new = self.last[number] != document + self.offset
        number, document = number[new], document[new]
        # The pairs are in order: the first of a sequence is the earliest, the last one stays remembered.
        unseen = (self.counts[number] == 0) & (np.diff(number, prepend=-1) != 0)
        self.first[number[unseen]] = self.labels[document[unseen]]
        self.counts += np.bincount(number, minlength=len(self.counts))
        self.last[number] = document + self.offset
