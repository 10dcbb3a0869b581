"""At scale: how well a batch of k texts from one source is told from a batch of k human texts."""

import numpy as np

from registry.analyses.detection.figures import FALSE_ALARMS, Scores, at_the_edge, printable
from registry.analyses.statistics import interval

SIZES = (1, 2, 5, 10, 25)
BATCHES = 1000
REPLICATES = 500


def batch_decisions(scores: Scores, seed: int) -> list[dict]:
    """For each batch size: AUROC of the mean log-odds, and what is found at few false alarms."""
    shares = [share for share in FALSE_ALARMS if printable(share, scores)]
    return [batch_row(scores, size, shares, seed + size) for size in SIZES]


def batch_row(scores: Scores, size: int, shares: list[float], seed: int) -> dict:
    """One size: the value from many batches of all texts, the interval from texts drawn anew by group."""
    generator = np.random.default_rng(seed)
    members = members_of(scores.groups)
    everything = np.arange(len(scores.groups))
    value = np.mean([outcomes(scores, everything, size, shares, generator) for _ in range(40)], axis=0)
    spread = np.array(
        [outcomes(scores, redrawn(members, generator), size, shares, generator) for _ in range(REPLICATES)]
    )
    figures = [interval(one, spread[:, place]) for place, one in enumerate(value)]
    found = {
        str(share): at_the_edge(figure, scores.sides["generated"])
        for share, figure in zip(shares, figures[1:], strict=True)
    }
    return {
        "texts": size,
        "auroc": figures[0],
        "tpr_at_fpr": {str(share): found.get(str(share)) for share in FALSE_ALARMS},
    }


def members_of(groups: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def redrawn(members: list[np.ndarray], generator) -> np.ndarray:
    """Rows of as many groups as there are, drawn with replacement."""
    return np.concatenate([members[place] for place in generator.integers(0, len(members), len(members))])


def outcomes(scores: Scores, rows: np.ndarray, size: int, shares: list[float], generator) -> list[float]:
    """AUROC and shares found for random batches out of these rows."""
    generated = scores.generated[rows]
    if generated.all() or not generated.any():
        return [np.nan] * (1 + len(shares))
    ours = mean_scores(scores.log_odds[rows[generated]], size, generator)
    human = np.sort(mean_scores(scores.log_odds[rows[~generated]], size, generator))
    below, upto = np.searchsorted(human, ours, "left"), np.searchsorted(human, ours, "right")
    cuts = [human[BATCHES - 1 - int(share * BATCHES)] for share in shares]
    return [float((below + upto).mean() / 2 / BATCHES), *(float((ours > cut).mean()) for cut in cuts)]


def mean_scores(log_odds: np.ndarray, size: int, generator) -> np.ndarray:
    return log_odds[generator.integers(0, len(log_odds), (BATCHES, size))].mean(axis=1)
