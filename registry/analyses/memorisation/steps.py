"""The steps of a run, in order, with progress; each puts one part into the result."""

import numpy as np

from registry.analyses.errors import Unusable
from registry.analyses.memorisation import wording
from registry.analyses.memorisation.documents import read_documents
from registry.analyses.memorisation.figures import ENOUGH, LONG_ENOUGH, Side, compared, distribution, of_length
from registry.analyses.memorisation.looking import Answer, in_corpus, in_sketch
from registry.analyses.memorisation.passages import BOILERPLATE, describe, most_common
from registry.analyses.memorisation.queries import Queries
from registry.analyses.sketch import bloom
from registry.analyses.sketch.corpus import Corpus
from registry.analyses.sketch.words import NORMALISATION, UNICODE
from registry.analyses.statistics import significant

OTHER_LENGTHS = [13, 50]
ROLES = ["samples", "reference"]


def carry_out(inputs: dict, params: dict, seed: int, progress) -> dict:
    """Read the texts, look them up, describe each, compare the sides, put it into words."""
    n, replicates = params["n"], params["bootstraps"]
    progress(0.0, "Reading the samples.")
    sketch = read_sketch(inputs["sketch"], n) if inputs.get("sketch") else None
    documents, counts = read_documents(inputs, n)
    queries = Queries(documents)
    files = inputs.get("corpus") or []
    files = files if isinstance(files, list) else [files]
    tell = part(progress, 0.05, 0.85)
    if sketch:
        answer, corpus = in_sketch(queries, sketch, tell), of_sketch(sketch, inputs["sketch"].name)
    else:
        text = Corpus(files)
        answer = in_corpus(queries, text, n, OTHER_LENGTHS, tell)
        corpus = text.counts() | {"words": answer.words, "sketch": None}
    progress(0.85, "Measuring the overlap.")
    rows = describe(documents, queries.offsets, answer, files, n)
    progress(0.9, "Comparing the sides.")
    result = {
        "sentence": "",
        "method": method(n, sketch, params, seed),
        "corpus": corpus,
        "counts": counts,
        **distributions(rows, [one.group for one in documents], n, replicates, seed),
        "other_lengths": other_lengths(answer, documents, queries.offsets),
        "boilerplate": about_boilerplate(rows, documents, queries.offsets, answer, n),
        "documents": [row for row in rows if row["role"] == "samples"],
    }
    result["inflation"] = inflation(sketch, result["samples"])
    result["reference_documents"] = [short(row) for row in rows if row["role"] == "reference"]
    result["sentence"] = wording.sentence(result)
    progress(1.0, "Done.")
    return {"result": result, "findings": wording.findings(result)}


def part(progress, start: float, end: float):
    """Progress within one step."""
    return lambda fraction, message: progress(start + (end - start) * min(fraction, 1.0), message)


def read_sketch(file, n: int) -> bloom.Sketch:
    sketch = bloom.read(file.data, file.name)
    if sketch.n != n:
        raise Unusable(f"{file.name} holds sequences of {sketch.n} words, not of {n}: set n to {sketch.n}.")
    return sketch


def of_sketch(sketch: bloom.Sketch, name: str) -> dict:
    header = sketch.header() | {"name": name}
    return {
        "files": 1,
        "bytes": len(sketch.bits),
        "documents": sketch.documents,
        "broken": 0,
        "broken_lines": [],
        "undecodable": 0,
        "words": sketch.words,
        "sketch": header,
    }


def method(n: int, sketch, params: dict, seed: int) -> dict:
    """What somebody needs who wants to repeat the figures or doubts them."""
    return {
        "mode": "sketch" if sketch else "exact",
        "n": n,
        "words": "maximal runs of Unicode letters and digits of the lower-cased text",
        "normalisation": NORMALISATION,
        "unicode": UNICODE,
        "bootstraps": params["bootstraps"],
        "seed": seed,
        "numpy": np.__version__,
    }


def distributions(rows: list[dict], groups: list[str], n: int, replicates: int, seed: int) -> dict:
    """Both sides and their comparison, of texts of 50 words or more where there are enough of them."""
    roles = [role for role in ROLES if any(row["role"] == role for row in rows)]

    def sides(least):
        return {
            role: Side(
                [row for row in rows if row["role"] == role],
                [group for row, group in zip(rows, groups, strict=True) if row["role"] == role],
                least,
            )
            for role in roles
        }

    long = sides(LONG_ENOUGH)
    least = LONG_ENOUGH if all(len(side) >= ENOUGH for side in long.values()) else n
    used = long if least == LONG_ENOUGH else sides(n)
    found = {role: distribution(used[role], replicates, seed) if role in used else None for role in ROLES}
    both = compared(used["samples"], used["reference"], replicates, seed) if "reference" in used else None
    apart = {role: short_texts(rows, role, n, least) for role in roles}
    return {"least_words": least, **found, "comparison": both, "short": apart}


def short_texts(rows: list[dict], role: str, n: int, least: int) -> dict:
    """Texts too short for the distribution: how many, and their overlap together."""
    some = [row for row in rows if row["role"] == role and n <= row["words"] < least]
    asked = sum(row["sequences"] for row in some)
    return {
        "documents": len(some),
        "pooled": significant(sum(row["found"] for row in some) / asked) if asked else None,
    }


def other_lengths(answer: Answer, documents: list, offsets: list[int]) -> list[dict]:
    """For 13 and for 50 words in a row; a sketch knows one length only."""
    return [
        {"n": one.size, **{role: of_length(one, documents, offsets, role) for role in ROLES}} for one in answer.others
    ]


def about_boilerplate(rows, documents, offsets, answer: Answer, n: int) -> dict | None:
    """Sequences found in more than ten documents of the training text, and the overlap without them."""
    if answer.documents is None:
        return None
    shares = {}
    for role in ROLES:
        some = [row for row in rows if row["role"] == role and row["sequences"]]
        asked = sum(row["sequences"] for row in some)
        common = sum(row["boilerplate"] for row in some)
        found = sum(row["found"] for row in some)
        shares[role] = (
            {
                "found": common,
                "share_of_found": significant(common / found) if found else 0.0,
                "pooled_without": significant((found - common) / asked),
            }
            if asked
            else None
        )
    return {"more_than": BOILERPLATE, **shares, "sequences": most_common(documents, offsets, answer, n)}


def inflation(sketch, samples: dict) -> dict | None:
    """What the sketch's wrong answers are expected to add to an overlap; nothing is subtracted."""
    if sketch is None:
        return None
    rate = sketch.false_positive
    return {
        "false_positive": significant(rate),
        "at_median": significant(rate * (1 - samples["median"]["value"])),
        "at_most": significant(rate),
    }


def short(row: dict) -> dict:
    """Real texts may not be the lab's to show, so of them only figures are given."""
    return {key: row[key] for key in ("id", "words", "overlap", "longest_run")}
