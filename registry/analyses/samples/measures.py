"""Repetition, diversity, duplicates and length of a pile of texts."""

import math
from collections import Counter

import numpy as np

from registry.analyses.samples.documents import Document, Pile
from registry.analyses.statistics import GroupBootstrap, clopper_pearson, figure, significant

LENGTHS = (200, 100, 50, 25, 10)
MOST_MATCHED = 500
MOST_FOR_BLEU = 300
BLOCKS = 20
RANKS = 5000
SMOOTHING = 0.1  # of a precision without a hit, as in NLTK's first method
LIKENESS = 0.5
SEQUENCE = 8
ENDS = (".", "!", "?", '"', "'", ")", "…", "。", "！", "？", "」", "।")


def repetition(pile: Pile, replicates: int, seed: int) -> dict:
    """Repeated four-word sequences within a text, and texts that end in a loop."""
    measured = [place for place, one in enumerate(pile.documents) if len(one.words) >= 4]
    if not measured:
        return {"texts": 0, "seq_rep_4": None, "loops": None, "looping": []}
    documents = [pile.documents[place] for place in measured]
    repeated = np.array([seq_rep(one.words) for one in documents])
    looping = [one for one in documents if loops(one.words)]
    mean = GroupBootstrap(pile.groups[measured], replicates, seed).figures(
        {"seq_rep_4": lambda weights: weights @ repeated / weights.sum(axis=1)}
    )
    return {
        "texts": len(documents),
        **mean,
        "loops": clopper_pearson(len(looping), len(documents)),
        "looping": [one.source.id for one in looping[:20]],
    }


def seq_rep(words: list[str], size: int = 4) -> float:
    """1 − different/all sequences of four words within one text."""
    count = len(words) - size + 1
    return 1 - len(set(zip(*(words[start:] for start in range(size)), strict=False))) / count if count > 0 else 0.0


def loops(words: list[str]) -> bool:
    """Whether the text ends in a phrase of three words or more said twice in a row."""
    last = words[-400:]
    return any(last[-size:] == last[-2 * size : -size] for size in range(3, len(last) // 2 + 1))


def matched(piles: list[Pile], seed: int) -> tuple[int, int, list[list[list[str]]]]:
    """The same number of texts cut to the same number of words from each pile: (texts, words, texts of each pile)."""
    for words in LENGTHS:
        long = [[one.words[:words] for one in pile.documents if len(one.words) >= words] for pile in piles]
        enough = all(len(some) >= max(2, 2 * len(pile.documents) / 3) for some, pile in zip(long, piles, strict=True))
        if enough or (words == LENGTHS[-1] and all(len(some) >= 2 for some in long)):
            count = min(MOST_MATCHED, *(len(some) for some in long))
            return count, words, [drawn(some, count, seed) for some in long]
    return 0, 0, []


def drawn(texts: list, count: int, seed: int) -> list:
    if len(texts) <= count:
        return texts
    return [
        texts[place] for place in sorted(np.random.default_rng([seed, 2]).choice(len(texts), count, replace=False))
    ]


def diversity(texts: list[list[str]]) -> dict:
    """Distinct-n (types by tokens), self-BLEU-4 and the slope of Zipf's law, of texts of one length."""
    numbers = {}
    table = np.array([[numbers.setdefault(word, len(numbers)) for word in words] for words in texts])
    pairs = joined(table[:, :-1], table[:, 1:])
    fours = joined(pairs[:, :-2], pairs[:, 2:])
    measures = {
        "distinct_1": lambda rows: distinct(table[rows]),
        "distinct_2": lambda rows: distinct(pairs[rows]),
        "distinct_4": lambda rows: distinct(fours[rows]),
        "zipf": lambda rows: zipf(table[rows]),
    }
    return {name: jackknifed(measure, len(texts)) for name, measure in measures.items()} | {
        "self_bleu_4": self_bleu(texts[:MOST_FOR_BLEU]),
        "self_bleu_texts": min(len(texts), MOST_FOR_BLEU),
    }


def joined(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A number for each pair of numbers, the same for the same pair."""
    pairs = left.astype(np.int64) * (int(right.max(initial=0)) + 1) + right
    return np.unique(pairs, return_inverse=True)[1].reshape(pairs.shape)


def distinct(table: np.ndarray) -> float:
    ordered = np.sort(table, axis=None)
    return (1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))) / table.size


def zipf(table: np.ndarray) -> float:
    """How steeply the frequency of words falls with their rank, up to rank 5,000 (about 1 in human text)."""
    counts = np.sort(np.unique(table, return_counts=True)[1])[::-1][:RANKS]
    if len(counts) < 2:
        return 0.0
    return float(-np.polyfit(np.log(np.arange(1, len(counts) + 1)), np.log(counts), 1)[0])


def jackknifed(measure, count: int) -> dict:
    """A measure that depends on the number of texts: a bootstrap would double texts and bias it."""
    rows = np.arange(count)
    value = measure(rows)
    blocks = min(BLOCKS, count)
    left = np.array([measure(rows[rows % blocks != block]) for block in range(blocks)])
    error = math.sqrt((blocks - 1) / blocks * float(np.sum((left - left.mean()) ** 2)))
    return figure(value, max(0.0, value - 1.96 * error), value + 1.96 * error)


def self_bleu(texts: list[list[str]]) -> dict:
    """How well each text is covered by all others: the mean of its BLEU-4 against them."""
    logs = np.zeros(len(texts))
    for size in range(1, 5):
        counts = [Counter(zip(*(words[start:] for start in range(size)), strict=False)) for words in texts]
        best = two_best(counts)
        for place, own in enumerate(counts):
            hits = sum(min(count, others_best(best[gram], place)) for gram, count in own.items())
            logs[place] += math.log((hits or SMOOTHING) / max(sum(own.values()), 1)) / 4
    scores = np.exp(logs)
    error = float(scores.std(ddof=1)) / math.sqrt(len(scores))
    mean = float(scores.mean())
    return figure(mean, max(0.0, mean - 1.96 * error), min(1.0, mean + 1.96 * error))


def two_best(counts: list[Counter]) -> dict:
    """For each sequence the largest count in one text, which text that is, and the largest in any other."""
    best = {}
    for place, own in enumerate(counts):
        for gram, count in own.items():
            first, holder, second = best.get(gram, (0, -1, 0))
            if count > first:
                best[gram] = (count, place, first)
            elif count > second:
                best[gram] = (first, holder, count)
    return best


def others_best(best: tuple, place: int) -> int:
    first, holder, second = best
    return second if holder == place else first


def lengths(pile: Pile, replicates: int, seed: int) -> dict:
    """How long the texts are, and signs that a limit cut them."""
    words = np.array([len(one.words) for one in pile.documents])
    mean = GroupBootstrap(pile.groups, replicates, seed).figures(
        {"mean": lambda weights: weights @ words / weights.sum(axis=1)}
    )["mean"]
    marks = (0, 10, 25, 50, 75, 90, 100)
    values, counts = np.unique(words, return_counts=True)
    unfinished = sum(not one.text.endswith(ENDS) for one in pile.documents)
    return {
        "texts": len(words),
        "words": int(words.sum()),
        "mean": mean,
        "percentiles": {
            str(at): significant(value) for at, value in zip(marks, np.percentile(words, marks), strict=True)
        },
        "unfinished": clopper_pearson(unfinished, len(words)),
        "most_common": {"words": int(values[counts.argmax()]), "texts": int(counts.max())},
    }


def duplicates(documents: list[Document]) -> dict:
    """Texts that are the same, and texts that share half of their sequences of eight words with an earlier one."""
    first_with, first_of = {}, {}
    exact, near, pairs = 0, 0, []
    for place, one in enumerate(documents):
        key = one.text.casefold()
        twin = first_with.setdefault(key, place)
        if twin != place:
            exact += 1
            pairs.append({"id": one.source.id, "like": documents[twin].source.id, "share": 1.0})
            continue
        other, share = likest(sequences(one.words), first_of)
        if other is not None and share >= LIKENESS:
            near += 1
            pairs.append({"id": one.source.id, "like": documents[other].source.id, "share": significant(share)})
        for gram in sequences(one.words):
            first_of.setdefault(gram, place)
    return {
        "texts": len(documents),
        "exact": exact,
        "near": near,
        "share": clopper_pearson(exact + near, len(documents)),
        "pairs": pairs[:50],
        "pairs_left_out": max(0, len(pairs) - 50),
    }


def sequences(words: list[str]) -> dict:
    """The different sequences of eight words, in the order of the text."""
    return dict.fromkeys(zip(*(words[start:] for start in range(SEQUENCE)), strict=False))


def likest(grams: dict, first_of: dict) -> tuple[int | None, float]:
    """The earlier text that was the first with most of these sequences, and their share."""
    shared = Counter(first_of[gram] for gram in grams if gram in first_of)
    if not shared:
        return None, 0.0
    other, count = min(shared.items(), key=lambda item: (-item[1], item[0]))
    return other, count / len(grams)
