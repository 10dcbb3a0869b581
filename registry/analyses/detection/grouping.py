"""Which texts belong together: those of one prompt, one group or one id prefix are never split by a fold."""

from collections import Counter

import numpy as np

from registry.analyses.detection.documents import Document

MIN_GROUPS = 10


def group_documents(documents: list[Document]) -> tuple[np.ndarray, list[str], list[str]]:
    """A group number for each document, the kinds of key used, and the kinds that were too coarse to use."""
    kinds = [
        kind for kind in ("group", "prompt", "id") if any(kind == key[0] for doc in documents for key in doc.keys)
    ]
    coarse = [kind for kind in kinds if too_coarse(documents, kind)]
    used = [kind for kind in kinds if kind not in coarse]
    groups = joined(documents, used)
    if used and lumped(documents, groups):
        coarse, used = kinds, []
        groups = joined(documents, used)
    return groups, used, coarse


def too_coarse(documents: list[Document], kind: str) -> bool:
    """Fewer than ten values on a side: a source name or one prompt for everything, no grounds for folds."""
    for generated in (True, False):
        side = [doc for doc in documents if doc.generated == generated]
        values = Counter(value for doc in side for found, value in doc.keys if found == kind)
        if values.total() >= 2 * MIN_GROUPS and len(values) < MIN_GROUPS:
            return True
    return False


def lumped(documents: list[Document], groups: np.ndarray) -> bool:
    """Whether all keys together leave a side with fewer than ten groups, or one group with half of a side."""
    for generated in (True, False):
        side = Counter(group for doc, group in zip(documents, groups, strict=True) if doc.generated == generated)
        if len(side) < MIN_GROUPS or max(side.values()) > side.total() / 2:
            return True
    return False


def joined(documents: list[Document], kinds: list[str]) -> np.ndarray:
    """Groups by union of all keys; the same text in a training and in a test file is always one group."""
    parents = list(range(len(documents)))

    def root(place):
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first = {}
    for place, doc in enumerate(documents):
        for key in [("text", doc.text), *(key for key in doc.keys if key[0] in kinds)]:
            parents[root(place)] = root(first.setdefault(key, place))
    return np.unique([root(place) for place in range(len(documents))], return_inverse=True)[1]
