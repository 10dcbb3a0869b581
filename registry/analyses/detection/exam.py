"""An exam: texts, sides, groups, and plans that say which rows train a detector and which rows it then scores."""

from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from registry.analyses.detection.matching import cut, endings_differ

FOLDS = 5
MIN_TRAINING = 20  # texts a side


@dataclass
class Exam:
    """Rows are texts; `plans` are pairs of row numbers (training, scored) that share no group."""

    texts: list[str]
    generated: np.ndarray
    groups: np.ndarray
    plans: list[tuple[np.ndarray, np.ndarray]]
    built: dict = field(default_factory=dict, repr=False)  # counts of n-grams, made once for all detectors

    @property
    def scored(self) -> np.ndarray:
        return np.sort(np.concatenate([rows for _, rows in self.plans]))

    def once(self, name: str, make):
        """What `make` gives for these texts, computed at the first call."""
        if name not in self.built:
            self.built[name] = make(self.texts)
        return self.built[name]

    def only(self, rows: np.ndarray, texts: list[str]) -> "Exam":
        """The same exam on some of the rows, which now carry other texts."""
        place = np.full(len(self.texts), -1)
        place[rows] = np.arange(len(rows))
        plans = [tuple(place[part][place[part] >= 0] for part in plan) for plan in self.plans]
        generated = self.generated[rows]
        plans = [(train, test) for train, test in plans if len(test) and enough(generated[train], MIN_TRAINING)]
        return Exam(texts, generated, self.groups[rows], plans)

    def trained(self, plans: list) -> "Exam":
        """The same texts under other plans; what was counted is kept."""
        return Exam(self.texts, self.generated, self.groups, plans, self.built)


def enough(generated: np.ndarray, least: int) -> bool:
    return min(int(generated.sum()), int((~generated).sum())) >= least


def folds_of(generated: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each row; rows of one group share it."""
    fold = np.empty(len(groups), int)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for number, (_, rows) in enumerate(splitter.split(np.zeros(len(groups)), generated, groups)):
        fold[rows] = number
    return fold


def cross_plans(generated: np.ndarray, groups: np.ndarray, seed: int) -> list:
    """Each row is scored once, by a detector that saw no row of its group."""
    fold = folds_of(generated, groups, seed)
    return [(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(FOLDS)]


def test_plans(generated: np.ndarray, groups: np.ndarray, test: np.ndarray, seed: int) -> list:
    """Training files train, test files are scored; fold by fold where the two share a group."""
    training = ~test
    if not np.isin(groups[test], groups[training]).any():
        return [(np.flatnonzero(training), np.flatnonzero(test))]
    # All test rows go by folds then: scores of detectors trained on more and on fewer texts do not mix.
    fold = folds_of(generated, groups, seed)
    plans = [
        (np.flatnonzero(training & (fold != number)), np.flatnonzero(test & (fold == number)))
        for number in range(FOLDS)
    ]
    return [plan for plan in plans if len(plan[1])]


def exam_of_length(exam: Exam, bodies: list[str], counts: np.ndarray, words: int) -> Exam | None:
    """Every text that is long enough, cut to exactly `words` words; nothing where no text is left to score."""
    rows = np.flatnonzero(counts >= words)
    texts = [cut(bodies[row], words) for row in rows]
    generated = exam.generated[rows]
    if enough(generated, 1) and endings_differ(texts, generated):
        # Texts that end just there give themselves away by their last character; longer ones are cut anywhere.
        rows = np.flatnonzero(counts > words)
        texts = [cut(bodies[row], words) for row in rows]
    shorter = exam.only(rows, texts)
    return shorter if shorter.plans else None
