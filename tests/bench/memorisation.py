"""Memorisation on the development data: the figures on record, a plain set as peer, and the cost per gigabyte.

Run alone with `python -m tests.bench.memorisation`; about half a minute of one core.
"""

import json
import re
import tempfile
import time
from pathlib import Path

from registry.analyses.inputs import Input, LocalFile
from registry.analyses.memorisation import ANALYSIS
from registry.analyses.sketch.building import build
from registry.analyses.sketch.corpus import Corpus
from registry.analyses.sketch.words import words_of
from tests.shared import DATA

FOLDER = DATA / "detection" / "memorisation"
CORPUS, REAL = FOLDER / "train.jsonl", FOLDER / "real_heldout.jsonl"
# shared/analyses.md, section 7
MEDIANS = {"real": 0.0, "order3": 0.02, "order8": 1.0}
PLANTED = 149
EXACT_PER_GB, SKETCH_PER_GB = 81, 215
COPIES = 20


def quiet(fraction, message):
    pass


def rows():
    """One row per figure: ours, a plain Python set of the same run where it can be asked, the figure on record."""
    if not CORPUS.exists():
        return []
    results = {name: overlap(f"samples_{name}.jsonl") for name in ("order3", "order8", "planted")}
    peer = PlainSet(CORPUS)
    found = [
        row(
            "median, real text", results["order3"]["reference"]["median"]["value"], peer.median(REAL), MEDIANS["real"]
        )
    ]
    for name in ("order3", "order8"):
        ours = results[name]["samples"]["median"]["value"]
        found.append(row(f"median, {name} model", ours, peer.median(FOLDER / f"samples_{name}.jsonl"), MEDIANS[name]))
    found.append(row("planted passages found", planted(results["planted"]["documents"]), None, PLANTED))
    return found + costs(peer)


def row(name, ours, peer, recorded):
    best = recorded if peer is None else peer
    return {
        "figure": name,
        "ours": ours,
        "peer": peer,
        "recorded": recorded,
        "ratio": 1.0 if ours == best else ours / best if best else None,
    }


def overlap(name, file=None, **more):
    inputs = {
        "samples": Input("samples", name, (FOLDER / name).read_bytes()),
        "reference": Input("reference", REAL.name, REAL.read_bytes()),
        "corpus": [LocalFile("corpus", (file or CORPUS).name, file or CORPUS)],
    }
    return ANALYSIS.run(inputs, more, 0, quiet)["result"]


def planted(documents):
    """How many planted passages lie wholly inside a passage that was found."""
    lines = [json.loads(line) for line in (FOLDER / "samples_planted.jsonl").read_text("utf-8").splitlines()]
    return sum(
        holds(found["passages"], *place)
        for line, found in zip(lines, documents, strict=True)
        for place in places_of(line)
    )


def places_of(line):
    """Where the planted passages of a line begin and end, in characters."""
    _, starts, ends = words_of(line["text"])
    for one in line.get("planted", []):
        yield starts[one["start_word"]], ends[one["start_word"] + one["n_words"] - 1]


def holds(passages, start, end):
    return any(one["start"] <= start and end <= one["end"] for one in passages)


def costs(peer):
    """CPU seconds for a gigabyte of training text, from the same novels several times over."""
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.jsonl"
        long.write_bytes(CORPUS.read_bytes() * COPIES)
        gigabytes = long.stat().st_size / 1e9
        began = time.process_time()
        overlap("samples_order3.jsonl")
        short = time.process_time()
        overlap("samples_order3.jsonl", long)
        # Less what one copy takes with all that does not depend on the training text.
        exact = ((time.process_time() - short) - (short - began)) / (gigabytes * (COPIES - 1) / COPIES)
        began = time.process_time()
        build(Corpus([LocalFile("corpus", long.name, long)]), 8, 1e-6, 450_000, quiet)
        sketched = (time.process_time() - began) / gigabytes
    return [
        row("CPU s per GB, exact", round(exact, 1), round(peer.per_gb, 1), EXACT_PER_GB),
        row("CPU s per GB, sketch", round(sketched, 1), None, SKETCH_PER_GB),
    ]


class PlainSet:
    """The same question in a dozen lines of Python: a set of tuples of the training text."""

    def __init__(self, path):
        began = time.process_time()
        self.known = set()
        for text in texts_of(path):
            self.known.update(sequences(text))
        self.per_gb = (time.process_time() - began) / (path.stat().st_size / 1e9)

    def median(self, path):
        shares = sorted(
            sum(one in self.known for one in asked) / len(asked)
            for asked in (list(sequences(text)) for text in texts_of(path))
        )
        return round((shares[(len(shares) - 1) // 2] + shares[len(shares) // 2]) / 2, 7)


def texts_of(path):
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]


def sequences(text):
    words = re.findall(r"[^\W_]+", text.lower())
    return zip(*(words[start:] for start in range(8)), strict=False)


def main():
    print(f"{'figure':28} {'ours':>10} {'plain set':>10} {'on record':>10} {'ratio':>6}")
    for one in rows():
        peer = "" if one["peer"] is None else f"{one['peer']:.4g}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        print(f"{one['figure']:28} {one['ours']:10.4g} {peer:>10} {one['recorded']:10.4g} {ratio:>6}")


if __name__ == "__main__":
    main()
