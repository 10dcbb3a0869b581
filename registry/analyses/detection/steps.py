"""The steps of a run, in order, with progress; each puts one part into the result."""

import numpy as np
import scipy
import sklearn

from registry.analyses.canonical_text import word_ends
from registry.analyses.detection import wording
from registry.analyses.detection.batches import batch_decisions
from registry.analyses.detection.controls import learning_curve, null_run
from registry.analyses.detection.detectors import Characters, Combined, Detector, Words, top_features
from registry.analyses.detection.evidence import MIN_TEST_TEXTS, MIN_TEXTS, Evidence, gather
from registry.analyses.detection.exam import FOLDS, Exam, enough, exam_of_length
from registry.analyses.detection.figures import Scores, calibration, measure, words_to_detect
from registry.analyses.detection.layout import probe

NO_LANGUAGE_MODEL = {
    "name": "language_model",
    "title": "Scores of a language model",
    "kind": "language_model",
    "configured": False,
    "about": "Likelihood, ranks and curvature under a local language model.",
    "reason": "No local language model is configured on this server, so nothing was scored this way.",
}


def carry_out(inputs: dict, params: dict, seed: int, progress) -> dict:
    """Gather the evidence, examine the detectors by length, add the controls, put it into words."""
    progress(0.0, "Reading the texts.")
    evidence = gather(inputs, params["max_texts"], seed)
    replicates = params["bootstraps"]
    detectors = [Combined(), Characters(), Words()]
    progress(0.08, "Training and testing on whole texts.")
    scores = [detector.scores(evidence.exam) for detector in detectors]
    overall = [
        measure(Scores.of(evidence.exam, one), median_words(evidence.exam), replicates, seed) for one in scores
    ]
    progress(0.3, "Training and testing on cut texts.")
    by_length = lengths(evidence, detectors, params["lengths"], replicates, seed, part(progress, 0.3, 0.65))
    first = Scores.of(evidence.exam, scores[0])
    needed, reason = words_to_detect(by_length[0])
    result = {
        "sentence": "",
        "alone": "",
        "overall": overall[0],
        "by_length": by_length[0],
        "words_to_detect": needed,
        "words_to_detect_reason": reason,
        "detectors": [block(*parts) for parts in zip(detectors, overall, by_length, strict=True)]
        + [NO_LANGUAGE_MODEL],
        "batches": batch_decisions(first, seed),
        "learning_curve": learning_curve(
            evidence.exam, detectors[0], scores[0], replicates, seed, part(progress, 0.65, 0.85)
        ),
        "calibration": calibration(first, replicates, seed),
    }
    progress(0.85, "Checking human texts against human texts.")
    result["null_run"] = null_run(evidence.exam, evidence.training, detectors[0], seed)
    progress(0.92, "Checking layout and naming what tells.")
    raw = [doc.source.text for doc in evidence.shelf.documents]
    result["format_probe"] = probe(evidence.exam, raw, replicates, seed)
    result["top_features"] = top_features(evidence.exam, evidence.training)
    result["counts"] = evidence.shelf.counts
    result["method"] = method(evidence, params, seed)
    result["sentence"], result["alone"] = wording.sentence(result), wording.alone(result)
    progress(1.0, "Done.")
    return {"result": result, "findings": wording.findings(result)}


def part(progress, start: float, end: float):
    """Progress within one step."""
    return lambda fraction, message: progress(start + (end - start) * fraction, message)


def median_words(exam: Exam) -> int:
    return int(np.median([len(word_ends(exam.texts[row])) for row in exam.scored]))


def lengths(evidence: Evidence, detectors: list[Detector], wanted: list[int], replicates, seed, tell) -> list[list]:
    """For each detector one row of figures per length at which enough texts remain."""
    rows = [[] for _ in detectors]
    for place, words in enumerate(sorted(wanted)):
        tell(place / len(wanted), f"Training and testing on the first {words} words.")
        exam = exam_of_length(evidence.exam, evidence.bodies, evidence.words, words)
        if exam is None or not enough_at_length(exam, evidence.tested_apart):
            continue
        for detector, found in zip(detectors, rows, strict=True):
            found.append(measure(Scores.of(exam, detector.scores(exam)), words, replicates, seed, cut=True))
    return rows


def enough_at_length(exam: Exam, tested_apart: bool) -> bool:
    """A hundred texts a side to learn from, and to test on a hundred, or thirty of other files."""
    trained = np.unique(np.concatenate([rows for rows, _ in exam.plans]))
    return enough(exam.generated[trained], MIN_TEXTS) and enough(
        exam.generated[exam.scored], MIN_TEST_TEXTS if tested_apart else MIN_TEXTS
    )


def block(detector: Detector, overall: dict, by_length: list[dict]) -> dict:
    return {
        "name": detector.name,
        "title": detector.title,
        "kind": "supervised",
        "configured": True,
        "about": detector.about,
        "reason": "",
        "overall": overall,
        "by_length": by_length,
    }


def method(evidence: Evidence, params: dict, seed: int) -> dict:
    """What somebody needs who wants to repeat the figures or doubts them."""
    return {
        "tested_on": "test files" if evidence.tested_apart else f"{FOLDS} folds of the files, by group",
        "groups": len(np.unique(evidence.exam.groups)),
        "grouped_by": evidence.kinds,
        "too_coarse_to_group_by": evidence.coarse,
        "held_out": evidence.shared,
        "seed": seed,
        "bootstraps": params["bootstraps"],
        "headline": Combined.name,
        "software": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    }
