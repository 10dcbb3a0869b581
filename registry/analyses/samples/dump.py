"""The shown texts among everything the model wrote: are they there, and are they like the rest?"""

import numpy as np

from registry.analyses.samples.documents import Document, Pile
from registry.analyses.samples.measures import LIKENESS, likest, seq_rep, sequences
from registry.analyses.statistics import clopper_pearson, significant

PERMUTATIONS = 5000
MEASURES = {
    "words": lambda one: float(len(one.words)),
    "seq_rep_4": lambda one: seq_rep(one.words),
    "different_words": lambda one: len(set(one.words)) / len(one.words),
}


def compared(samples: Pile, dump: Pile, seed: int) -> dict:
    """Where the shown texts stand in the dump, and whether they look like a random draw from it."""
    found = places(samples.documents, dump.documents)
    shown = sorted({place for place, _ in found.values()})
    return {
        "texts": len(dump.documents),
        "complete": dump.counts["not_drawn"] == 0 and dump.counts["unread"] == 0,
        "found": len(found),
        "not_found": [one.source.id for one in samples.documents if one.source.id not in found][:50],
        "exact": sum(share == 1.0 for _, share in found.values()),
        "ratio": clopper_pearson(len(shown), len(dump.documents)) if shown else None,
        "measures": [
            measured(name, [measure(one) for one in dump.documents], shown, seed)
            for name, measure in MEASURES.items()
        ]
        if shown and len(shown) < len(dump.documents)
        else [],
    }


def places(samples: list[Document], dump: list[Document]) -> dict:
    """For each sample that is in the dump its place there, by the same text or by half of its sequences."""
    whole, first_of, found = {}, {}, {}
    for place, one in enumerate(dump):
        whole.setdefault(one.text.casefold(), place)
        for gram in sequences(one.words):
            first_of.setdefault(gram, place)
    for one in samples:
        if (place := whole.get(one.text.casefold())) is not None:
            found[one.source.id] = (place, 1.0)
            continue
        place, share = likest(sequences(one.words), first_of)
        if place is not None and share >= LIKENESS:
            found[one.source.id] = (place, significant(min(share, 0.999999)))
    return found


def measured(name: str, values: list[float], shown: list[int], seed: int) -> dict:
    """The mean percentile of the shown texts, and how often a random draw would lie as far from the middle."""
    values = np.array(values)
    ranks = np.searchsorted(np.sort(values), values, side="left") + np.searchsorted(
        np.sort(values), values, side="right"
    )
    percentile = ranks / (2 * len(values))
    seen = float(percentile[shown].mean())
    generator = np.random.default_rng([seed, 3])
    middle = float(percentile.mean())
    draws = np.array(
        [percentile[generator.choice(len(values), len(shown), replace=False)].mean() for _ in range(PERMUTATIONS)]
    )
    as_far = int(np.count_nonzero(np.abs(draws - middle) >= abs(seen - middle) - 1e-12))
    return {
        "measure": name,
        "shown": significant(values[shown].mean()),
        "dump": significant(values.mean()),
        "mean_percentile": significant(seen),
        "p": significant((as_far + 1) / (PERMUTATIONS + 1)),
    }
