"""What keeps a figure honest: would more texts raise it, and what comes out where nothing can be found?"""

import numpy as np
from scipy.stats import t as student

from registry.analyses.detection.detectors import Detector
from registry.analyses.detection.exam import MIN_TRAINING, Exam, cross_plans, enough
from registry.analyses.detection.figures import Scores
from registry.analyses.statistics import GroupBootstrap, Ranking, auroc, figure, significant

PAIRS = (50, 100, 200, 400, 800, 1600)
SPLITS = 5


def auroc_figure(exam: Exam, log_odds: np.ndarray, replicates: int, seed: int) -> dict:
    scores = Scores.of(exam, log_odds)
    ranking = Ranking.of(scores.generated, scores.log_odds)
    return GroupBootstrap(scores.groups, replicates, seed).figures({"auroc": ranking.auroc})["auroc"]


def learning_curve(exam: Exam, detector: Detector, whole: np.ndarray, replicates: int, seed: int, tell) -> list[dict]:
    """AUROC after training on so many texts a side, the scored rows staying the same."""
    most = int(np.median([min(sides_of(exam, training)) for training, _ in exam.plans]))
    sizes = [size for size in PAIRS if size < 0.9 * most]
    curve = []
    for place, size in enumerate(sizes):
        tell(place / len(sizes), f"Learning from {size} texts a side.")
        fewer = exam.trained(
            [
                (some(exam, training, size, [seed, size, number]), rows)
                for number, (training, rows) in enumerate(exam.plans)
            ]
        )
        curve.append({"pairs": size, "auroc": auroc_figure(fewer, detector.scores(fewer), replicates, seed)})
    return [*curve, {"pairs": most, "auroc": auroc_figure(exam, whole, replicates, seed)}]


def sides_of(exam: Exam, rows: np.ndarray) -> tuple[int, int]:
    generated = int(exam.generated[rows].sum())
    return generated, len(rows) - generated


def some(exam: Exam, training: np.ndarray, size: int, seed: list[int]) -> np.ndarray:
    """So many training rows of each side, taken in a random order of groups."""
    order = np.random.default_rng(seed).permutation(int(exam.groups.max()) + 1)
    ranked = training[np.argsort(order[exam.groups[training]], kind="stable")]
    generated = exam.generated[ranked]
    return np.sort(np.concatenate([ranked[generated][:size], ranked[~generated][:size]]))


def null_run(exam: Exam, training: np.ndarray, detector: Detector, seed: int) -> dict | None:
    """Human texts against human texts, split at random by group: an honest method finds nothing, 0.5.

    One split scatters more than a bootstrap of its scores shows, so several are drawn. Their labels are
    independent coin throws, which makes Student's interval of their mean the right one.
    """
    rows = training[~exam.generated[training]]
    groups = np.unique(exam.groups[rows], return_inverse=True)[1]
    mock = Exam([exam.texts[row] for row in rows], np.zeros(len(rows), bool), groups, [])
    found = [value for number in range(SPLITS) if (value := null_auroc(mock, detector, [seed, number])) is not None]
    if len(found) < SPLITS:
        return None
    reach = student.ppf(0.975, SPLITS - 1) * np.std(found, ddof=1) / np.sqrt(SPLITS)
    middle = float(np.mean(found))
    return {
        "n": len(rows),
        "splits": [significant(value) for value in found],
        "auroc": figure(middle, max(middle - reach, 0), min(middle + reach, 1)),
        "covers_half": bool(abs(middle - 0.5) <= reach),
    }


def null_auroc(mock: Exam, detector: Detector, seed: list[int]) -> float | None:
    """AUROC of one random split; nothing where a half would be too small to learn from."""
    order = np.random.default_rng(seed).permutation(int(mock.groups.max()) + 1)
    halves = order[mock.groups] % 2 == 0
    if not enough(halves, MIN_TRAINING):
        return None
    plans = cross_plans(halves, mock.groups, seed=sum(seed) % 2**32)
    split = Exam(mock.texts, halves, mock.groups, plans, mock.built)
    return auroc(halves, detector.scores(split))
