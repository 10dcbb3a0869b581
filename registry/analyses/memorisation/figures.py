"""Distributions of overlap for samples and for real texts, and the comparison between them."""

import numpy as np

from registry.analyses.statistics import GroupBootstrap, Ranking, clopper_pearson, figure, significant

LONG_ENOUGH = 50  # words; shorter texts are listed apart
ENOUGH = 10  # such texts on each side, else all texts count
GRID = [0.0, *(float(f"{value:.4g}") for value in np.geomspace(0.001, 1.0, 61))]


class Side:
    """The texts of one role that have an overlap and are long enough, as arrays."""

    def __init__(self, rows: list[dict], groups: list[str], least: int):
        kept = [place for place, row in enumerate(rows) if row["sequences"] > 0 and row["words"] >= least]
        self.rows = [rows[place] for place in kept]
        self.groups = np.array([groups[place] for place in kept])
        self.found = np.array([row["found"] for row in self.rows], float)
        self.asked = np.array([row["sequences"] for row in self.rows], float)
        self.overlap = self.found / np.maximum(self.asked, 1)

    def __len__(self):
        return len(self.rows)


def distribution(side: Side, replicates: int, seed: int) -> dict:
    """Figure 5 of the GPT-2 paper, in numbers."""
    none, under = side.overlap == 0, side.overlap < 0.01
    made = GroupBootstrap(side.groups, replicates, seed).figures(
        {
            "median": Median(side.overlap),
            "mean": lambda weights: weights @ side.overlap / weights.sum(axis=1),
            "none": lambda weights: weights @ none / weights.sum(axis=1),
            "under_1_percent": lambda weights: weights @ under / weights.sum(axis=1),
            "pooled": lambda weights: weights @ side.found / (weights @ side.asked),
        }
    )
    for name, hits in (("none", none), ("under_1_percent", under)):
        if made[name]["low"] == made[name]["high"]:
            # All or none: a bootstrap sees no spread there, the exact interval does.
            made[name] = clopper_pearson(int(hits.sum()), len(side))
    runs = sorted(row["longest_run"] for row in side.rows)
    return {
        "documents": len(side),
        **made,
        "longest_run": runs[-1],
        "median_longest_run": significant(np.median(runs)),
        "cdf": cdf(side.overlap),
    }


def cdf(overlap: np.ndarray) -> list[dict]:
    """The share of texts with at most so much overlap, at fixed points, so that runs can be compared."""
    ordered = np.sort(overlap)
    shares = np.searchsorted(ordered, np.array(GRID) + 1e-12, side="right") / len(ordered)
    return [{"overlap": at, "share": significant(share)} for at, share in zip(GRID, shares, strict=True)]


class Median:
    """The weighted median: the middle value, or the mean of the two middle ones."""

    def __init__(self, values: np.ndarray):
        self.order = np.argsort(values, kind="stable")
        self.values = values[self.order]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        reached = np.cumsum(weights[:, self.order], axis=1)
        half = reached[:, -1:] / 2
        last = len(self.values) - 1
        lower = np.minimum((reached < half - 1e-9).sum(axis=1), last)
        upper = np.minimum((reached < half + 1e-9).sum(axis=1), last)
        return (self.values[lower] + self.values[upper]) / 2


def compared(samples: Side, reference: Side, replicates: int, seed: int) -> dict:
    """How often a sample has more overlap than a real text, ties counting half (Mann-Whitney)."""
    positive = np.concatenate([np.ones(len(samples), bool), np.zeros(len(reference), bool)])
    values = np.concatenate([samples.overlap, reference.overlap])
    ranking = Ranking.of(positive, values)
    groups = np.concatenate([samples.groups, reference.groups])
    medians = Median(samples.overlap), Median(reference.overlap)

    def more(weights):
        return medians[0](weights[:, positive]) - medians[1](weights[:, ~positive])

    made = GroupBootstrap(groups, replicates, seed).figures({"p": ranking.auroc, "difference": more})
    return {
        "p_sample_above_real": at_the_edge(made["p"], len(values)),
        "ties": significant(tied_share(samples.overlap, reference.overlap)),
        "median_difference": made["difference"],
        "samples": len(samples),
        "reference": len(reference),
    }


def tied_share(some: np.ndarray, others: np.ndarray) -> float:
    """The share of pairs with the same overlap."""
    ordered = np.sort(others)
    same = np.searchsorted(ordered, some, side="right") - np.searchsorted(ordered, some, side="left")
    return float(same.mean() / len(others))


def at_the_edge(made: dict, texts: int) -> dict:
    """Where every pair says the same, the interval is that of a share with no exception among the texts."""
    if made["low"] == made["high"] and made["value"] in (0.0, 1.0):
        exact = clopper_pearson(texts if made["value"] else 0, texts)
        return figure(made["value"], exact["low"], exact["high"])
    return made


def of_length(sequences, documents: list, offsets: list[int], role: str) -> dict | None:
    """The same question for sequences of another length: how much, and in how many texts at all."""
    hits, size = sequences.hits(), sequences.size
    found, asked = [], []
    for document, offset in zip(documents, offsets, strict=True):
        count = len(document.words) - size + 1
        if document.role == role and count > 0:
            found.append(int(hits[offset : offset + count].sum()))
            asked.append(count)
    if not asked:
        return None
    return {
        "documents": len(asked),
        "with_any": clopper_pearson(sum(one > 0 for one in found), len(found)),
        "pooled": significant(sum(found) / sum(asked)),
        "median": significant(np.median(np.array(found) / np.array(asked))),
    }
