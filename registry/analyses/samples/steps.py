"""The steps of a run, in order, with progress; each puts one part into the result."""

import numpy as np

from registry.analyses.samples import disclosure, dump, measures, wording
from registry.analyses.samples.documents import Pile, read_pile


def carry_out(inputs: dict, params: dict, seed: int, progress) -> dict:
    """Read the texts, what they disclose, what they are like, and put it into words."""
    progress(0.0, "Reading the texts.")
    piles = {
        role: read_pile(role, inputs[role], params["max_texts"] * (5 if role == "dump" else 1), seed)
        for role in ("samples", "dump", "reference")
        if inputs.get(role)
    }
    samples, reference = piles["samples"], piles.get("reference")
    progress(0.2, "Reading what is disclosed.")
    result = {
        "sentence": "",
        "selection": disclosure.disclosed(samples.texts),
        "stated": disclosure.stated_and_not(samples.texts),
    }
    result["not_stated"] = [one["what"] for one in result["stated"] if one["state"] == "not_stated"]
    progress(0.3, "Measuring repetition and length.")
    result["samples"] = measured(samples, params["bootstraps"], seed)
    result["reference"] = measured(reference, params["bootstraps"], seed) if reference else None
    progress(0.6, "Measuring diversity.")
    result["diversity"] = diversity(samples, reference, seed)
    progress(0.8, "Looking the samples up in the dump.")
    result["dump"] = dump.compared(samples, piles["dump"], seed) if "dump" in piles else None
    result["counts"] = {role: pile.counts for role, pile in piles.items()}
    result["method"] = {
        **params,
        "seed": seed,
        "numpy": np.__version__,
        "words": "lower-case, apostrophes inside kept",
    }
    result["sentence"] = wording.sentence(result)
    progress(1.0, "Done.")
    return {"result": result, "findings": wording.findings(result)}


def measured(pile: Pile, replicates: int, seed: int) -> dict:
    return {
        "repetition": measures.repetition(pile, replicates, seed),
        "duplicates": measures.duplicates(pile.documents),
        "length": measures.lengths(pile, replicates, seed),
    }


def diversity(samples: Pile, reference: Pile | None, seed: int) -> dict:
    """At the same number of texts and words on both sides, since every one of these measures depends on it."""
    piles = [samples, reference] if reference else [samples]
    count, words, texts = measures.matched(piles, seed)
    made = [measures.diversity(some) for some in texts]
    return {
        "texts": count,
        "words": words,
        "reason": "" if made else "Fewer than two texts have ten words, so diversity was not measured.",
        "samples": made[0] if made else None,
        "reference": made[1] if len(made) > 1 else None,
    }
