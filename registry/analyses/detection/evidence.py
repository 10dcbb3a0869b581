"""The evidence: documents in groups, within the limits, refused when too few, and the exam they make."""

from dataclasses import dataclass

import numpy as np

from registry.analyses.detection.documents import MIN_WORDS, Shelf, count_used, shelve
from registry.analyses.detection.exam import Exam, cross_plans, test_plans
from registry.analyses.detection.grouping import group_documents
from registry.analyses.detection.matching import matched_texts
from registry.analyses.errors import Unusable

MIN_TEXTS = 100
MIN_TEST_TEXTS = 30
CHARACTERS = 6_000_000  # of all texts together: about two minutes of work and 1 GB


@dataclass
class Evidence:
    """Everything later steps need: the exam at matched lengths, and the texts before they were cut."""

    shelf: Shelf
    exam: Exam
    words: np.ndarray
    test: np.ndarray
    kinds: list[str]
    coarse: list[str]
    shared: dict[str, int]

    @property
    def bodies(self) -> list[str]:
        return [doc.text for doc in self.shelf.documents]

    @property
    def training(self) -> np.ndarray:
        """Rows detectors may learn from: the training files, or all rows when these are split."""
        return np.flatnonzero(~self.test)

    @property
    def tested_apart(self) -> bool:
        return bool(self.test.any())


def gather(inputs: dict, max_texts: int, seed: int) -> Evidence:
    """Read, refuse, sample, group, match lengths and plan."""
    shelf = shelve(inputs)
    refuse_too_few(shelf)
    groups, _, _ = group_documents(shelf.documents)
    sample(shelf, groups, max_texts, seed)
    refuse_too_few(shelf)
    groups, kinds, coarse = group_documents(shelf.documents)
    count_used(shelf)
    words = np.array([doc.words for doc in shelf.documents])
    generated = np.array([doc.generated for doc in shelf.documents])
    test = np.array([doc.test for doc in shelf.documents])
    plans = test_plans(generated, groups, test, seed) if test.any() else cross_plans(generated, groups, seed)
    exam = Exam(matched(shelf, words, generated, groups, test), generated, groups, plans)
    return Evidence(shelf, exam, words, test, kinds, coarse, shared_with_training(shelf, groups, test))


def refuse_too_few(shelf: Shelf) -> None:
    for test, least in ((False, MIN_TEXTS), (True, MIN_TEST_TEXTS)):
        if test and not any(role.startswith("test_") for role in shelf.counts):
            continue
        for generated in (True, False):
            there = len(shelf.of(generated=generated, test=test))
            if there < least:
                raise Unusable(too_few_sentence(shelf, generated, test, there, least))


def too_few_sentence(shelf: Shelf, generated: bool, test: bool, there: int, least: int) -> str:
    """What is missing, what became of the rest, and what would be enough."""
    role = f"{'test_' if test else ''}{'generated' if generated else 'human'}"
    counts = shelf.counts[role]
    lost = [
        f"{counts[reason]} {words}"
        for reason, words in (
            ("too_short", f"under {MIN_WORDS} words"),
            ("duplicates", "doubled"),
            ("on_both_sides", "on both sides"),
            ("broken", "in broken lines"),
            ("other_label", "labelled as the other side"),
        )
        if counts[reason]
    ]
    more = " (and 300 human texts for a figure at one false alarm in 100)" if not test else ""
    return (
        f"Only {there} text{'' if there == 1 else 's'} of the role “{role}” can be used"
        + (f" ({', '.join(lost)})" if lost else "")
        + f": give at least {least} different ones of {MIN_WORDS} words or more{more}."
    )


def sample(shelf: Shelf, groups: np.ndarray, max_texts: int, seed: int) -> None:
    """At most so many texts a file and so many characters in all, whole groups in random order."""
    budget = CHARACTERS / len(shelf.counts)
    order = np.random.default_rng([seed, 1]).permutation(int(groups.max()) + 1)
    left = {role: [max_texts, budget] for role in shelf.counts}
    kept = []
    for place in np.argsort(order[groups], kind="stable"):
        doc = shelf.documents[place]
        if left[doc.role][0] >= 1 and left[doc.role][1] >= len(doc.text):
            left[doc.role][0] -= 1
            left[doc.role][1] -= len(doc.text)
            kept.append(doc)
    shelf.keep(kept, "beyond_limit")


def matched(shelf: Shelf, words, generated, groups, test) -> list[str]:
    """Texts cut so that within the training files, and within the test files, length tells nothing."""
    texts = [doc.text for doc in shelf.documents]
    for part in (np.flatnonzero(test), np.flatnonzero(~test)):
        if len(part):
            cuts = matched_texts([texts[row] for row in part], words[part], generated[part], groups[part])
            for row, text in zip(part, cuts, strict=True):
                texts[row] = text
    return texts


def shared_with_training(shelf: Shelf, groups: np.ndarray, test: np.ndarray) -> dict[str, int]:
    """How many test texts, and how many of their groups' texts, also stand in the training files."""
    seen = {doc.text for doc in shelf.documents if not doc.test}
    same = sum(doc.test and doc.text in seen for doc in shelf.documents)
    return {"same_text": same, "same_group": int((test & np.isin(groups, groups[~test])).sum())}
