"""Figures with uncertainty: AUROC, rates at fixed false alarms, exact intervals, group bootstrap."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

CONFIDENCE = 0.95
CHUNK = 2_000_000  # weights looked at together, so that memory does not grow with the number of replicates


def significant(value: float, digits: int = 6) -> float:
    """A float cut to `digits` significant digits, so that results compare byte for byte."""
    value = float(value)
    if not math.isfinite(value):
        raise ValueError("a figure must be a finite number")
    return float(f"{value:.{digits}g}")


def figure(value: float, low: float, high: float) -> dict:
    return {"value": significant(value), "low": significant(low), "high": significant(high)}


def clopper_pearson(hits: int, trials: int, confidence: float = CONFIDENCE) -> dict:
    """A share with its exact binomial interval."""
    if trials <= 0 or not 0 <= hits <= trials:
        raise ValueError("a share needs 0 ≤ hits ≤ trials and at least one trial")
    tail = (1 - confidence) / 2
    low = beta.ppf(tail, hits, trials - hits + 1) if hits else 0.0
    high = beta.ppf(1 - tail, hits + 1, trials - hits) if hits < trials else 1.0
    return figure(hits / trials, low, high)


@dataclass(frozen=True)
class Ranking:
    """Scores of positives and negatives, sorted once; every weighting of the rows is then a cumulative sum."""

    order: np.ndarray
    positive: np.ndarray  # in sorted order
    ends: np.ndarray  # last row of each run of equal scores

    @classmethod
    def of(cls, positive: np.ndarray, scores: np.ndarray) -> "Ranking":
        order = np.argsort(-scores, kind="stable")
        ranked = scores[order]
        ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
        return cls(order, np.asarray(positive, bool)[order], ends)

    def curve(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares of positives and of negatives at or above each distinct score, one line per weighting."""
        weights = weights[:, self.order]
        hits = np.cumsum(np.where(self.positive, weights, 0.0), axis=1)[:, self.ends]
        alarms = np.cumsum(np.where(self.positive, 0.0, weights), axis=1)[:, self.ends]
        with np.errstate(invalid="ignore", divide="ignore"):
            return hits / hits[:, -1:], alarms / alarms[:, -1:]

    def auroc(self, weights: np.ndarray) -> np.ndarray:
        found, alarmed = self.curve(weights)
        before = np.concatenate([np.zeros((len(found), 1)), found[:, :-1]], axis=1)
        return np.sum(np.diff(alarmed, axis=1, prepend=0.0) * (found + before) / 2, axis=1)

    def found_at(self, false_alarms: float, weights: np.ndarray) -> np.ndarray:
        """The largest share found by a cut that raises at most this share of false alarms."""
        found, alarmed = self.curve(weights)
        allowed = np.sum(alarmed <= false_alarms + 1e-12, axis=1)
        rows = np.arange(len(found))
        return np.where(allowed > 0, found[rows, np.maximum(allowed - 1, 0)], 0.0 * found[:, -1])


def auroc(positive: np.ndarray, scores: np.ndarray) -> float:
    return float(Ranking.of(positive, scores).auroc(np.ones((1, len(scores))))[0])


def found_at(false_alarms: float, positive: np.ndarray, scores: np.ndarray) -> float:
    return float(Ranking.of(positive, scores).found_at(false_alarms, np.ones((1, len(scores))))[0])


def balanced_accuracy(positive: np.ndarray, said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean of the two shares that were called rightly, one value per weighting."""
    positive, said = np.asarray(positive, bool), np.asarray(said, bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        hits = weights[:, positive & said].sum(axis=1) / weights[:, positive].sum(axis=1)
        rejections = weights[:, ~positive & ~said].sum(axis=1) / weights[:, ~positive].sum(axis=1)
    return (hits + rejections) / 2


class GroupBootstrap:
    """Draws whole groups with replacement; a statistic maps weightings of the rows to one value each."""

    def __init__(self, groups: np.ndarray, replicates: int, seed: int):
        _, self.members = np.unique(groups, return_inverse=True)
        self.replicates = replicates
        self.seed = seed

    def weightings(self):
        """Rows of weights in portions, the same for every statistic."""
        generator = np.random.default_rng(self.seed)
        count = int(self.members.max()) + 1
        portion = max(1, CHUNK // max(len(self.members), count))
        for start in range(0, self.replicates, portion):
            size = min(portion, self.replicates - start)
            drawn = generator.multinomial(count, np.full(count, 1 / count), size=size)
            yield drawn[:, self.members].astype(float)

    def values(self, statistics: dict) -> dict[str, np.ndarray]:
        """All replicates of several statistics at once."""
        collected = {name: [] for name in statistics}
        for weights in self.weightings():
            for name, statistic in statistics.items():
                collected[name].append(statistic(weights))
        return {name: np.concatenate(parts) for name, parts in collected.items()}

    def figures(self, statistics: dict) -> dict[str, dict]:
        """Each statistic on the rows as they are, with its percentile interval."""
        once = np.ones((1, len(self.members)))
        spread = self.values(statistics)
        return {name: interval(float(statistic(once)[0]), spread[name]) for name, statistic in statistics.items()}


def interval(value: float, replicates: np.ndarray, confidence: float = CONFIDENCE) -> dict:
    """A percentile interval; replicates that lost one side altogether say nothing and are left out."""
    usable = replicates[np.isfinite(replicates)]
    if not len(usable):
        return figure(value, value, value)
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(usable, [tail, 100 - tail])
    return figure(value, min(low, value), max(high, value))
