"""Detection on the development data, against the 2019 word baseline run beside it and the figures on record.

Run alone with `python -m tests.bench.detection`; about a minute of one core.
"""

import resource
import time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from registry.analyses.detection import ANALYSIS
from registry.analyses.detection.evidence import gather
from registry.analyses.inputs import Input
from registry.analyses.statistics import auroc, balanced_accuracy, found_at
from tests.shared import DATA

FILE = DATA / "detection" / "fdg_gpt2-xl.jsonl"
RECORDED = {  # shared/analyses.md, section 7: character n-grams, the best cheap method measured there
    "AUROC": 0.833,
    "balanced accuracy": 0.745,
    "found at 1% false alarms": 0.162,
    "found at 5% false alarms": 0.434,
    "AUROC, 25 words": 0.665,
    "AUROC, 50 words": 0.734,
    "AUROC, 100 words": 0.803,
    "ten texts, found at 1%": 0.98,
}
GRID = [2.0**power for power in range(-6, 7)]


def rows():
    """One row per figure: ours, the word baseline of the same run, the figure on record, our ratio to the better."""
    if not FILE.exists():
        return []
    data = FILE.read_bytes()
    inputs = {role: Input(role, FILE.name, data) for role in ("generated", "human")}
    with threadpool_limits(1):
        began = time.process_time()
        result = ANALYSIS.run(inputs, {}, 0, lambda fraction, message: None)["result"]
        spent = time.process_time() - began
        peer = baseline(inputs)
    found = [row(name, value, peer.get(name), RECORDED[name]) for name, value in ours(result).items()]
    null = result["null_run"]["auroc"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found + [
        {
            "figure": "AUROC, human against human",
            "ours": null["value"],
            "interval": [null["low"], null["high"]],
            "peer": None,
            "recorded": 0.487,
            "ratio": null["value"] / 0.5,
        },
        {
            "figure": "CPU seconds (limit 60)",
            "ours": round(spent, 1),
            "peer": None,
            "recorded": 60,
            "ratio": spent / 60,
        },
        {
            "figure": "peak memory, MB (limit 1500)",
            "ours": round(memory),
            "peer": None,
            "recorded": 1500,
            "ratio": memory / 1500,
        },
    ]


def row(name, value, peer, recorded):
    figure = value["value"]
    return {
        "figure": name,
        "ours": figure,
        "interval": [value["low"], value["high"]],
        "peer": peer,
        "recorded": recorded,
        "ratio": figure / max(peer or 0, recorded),
    }


def ours(result):
    overall, ten = result["overall"], next(one for one in result["batches"] if one["texts"] == 10)
    lengths = {f"AUROC, {one['words']} words": one["auroc"] for one in result["by_length"]}
    return {
        "AUROC": overall["auroc"],
        "balanced accuracy": overall["accuracy"],
        "found at 1% false alarms": overall["tpr_at_fpr"]["0.01"],
        "found at 5% false alarms": overall["tpr_at_fpr"]["0.05"],
        **lengths,
        "ten texts, found at 1%": ten["tpr_at_fpr"]["0.01"],
    }


def baseline(inputs):
    """The recipe published with GPT-2's outputs, written with scikit-learn alone, on the same folds."""
    exam = gather(inputs, 3000, 0).exam
    texts, scores = np.array(exam.texts, dtype=object), np.zeros(len(exam.texts))
    for training, scored in exam.plans:
        vectors = TfidfVectorizer(ngram_range=(1, 2), max_features=2**21, min_df=5)
        learnt, asked = vectors.fit_transform(texts[training]), vectors.transform(texts[scored])
        held = np.isin(exam.groups[training], np.unique(exam.groups[training])[::5])
        labels = exam.generated[training]
        trials = [
            LogisticRegression(C=strength, solver="liblinear").fit(learnt[~held], labels[~held]) for strength in GRID
        ]
        strength = GRID[int(np.argmax([trial.score(learnt[held], labels[held]) for trial in trials]))]
        scores[scored] = (
            LogisticRegression(C=strength, solver="liblinear").fit(learnt, labels).decision_function(asked)
        )
    once = np.ones((1, len(scores)))
    return {
        "AUROC": auroc(exam.generated, scores),
        "balanced accuracy": float(balanced_accuracy(exam.generated, scores > 0, once)[0]),
        "found at 1% false alarms": found_at(0.01, exam.generated, scores),
        "found at 5% false alarms": found_at(0.05, exam.generated, scores),
    }


def main():
    print(f"{'figure':32} {'ours':>7} {'95% interval':>16} {'words, 2019':>12} {'on record':>10} {'ratio':>6}")
    for one in rows():
        interval = "–".join(f"{edge:.3f}" for edge in one.get("interval", []))
        peer = "" if one["peer"] is None else f"{one['peer']:.3f}"
        print(
            f"{one['figure']:32} {one['ours']:7.3f} {interval:>16} {peer:>12} {one['recorded']:10.3f} "
            f"{one['ratio']:6.2f}"
        )


if __name__ == "__main__":
    main()
