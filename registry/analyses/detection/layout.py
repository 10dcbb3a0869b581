"""The format probe: do the raw files give the label away by layout alone, before a word is read?"""

import re

import numpy as np
from sklearn.linear_model import LogisticRegression

from registry.analyses.detection.figures import Scores
from registry.analyses.statistics import GroupBootstrap, Ranking, auroc, significant

LEAK = 0.6
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,6});")
CURLY, DASHES = re.compile("[\u2018\u2019\u201c\u201d]"), re.compile("[\u2010-\u2015]")
DOUBLE_BLANK, SPACED_MARK = re.compile("  "), re.compile(r" [,.!?;:]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
MARKUP = re.compile(r"<[a-zA-Z/][^<>]{0,80}>|\*\*|^#{1,6} |^[-*] ", re.MULTILINE)

FEATURES = {
    "line breaks": lambda text: min(text.strip().count("\n"), 20),
    "blank lines": lambda text: float("\n\n" in text.strip()),
    "curly quotes": lambda text: float(bool(CURLY.search(text))),
    "straight quotes": lambda text: float('"' in text or "'" in text),
    "long dashes": lambda text: float(bool(DASHES.search(text))),
    "double blanks": lambda text: float(bool(DOUBLE_BLANK.search(text.strip()))),
    "blanks before punctuation": lambda text: float(bool(SPACED_MARK.search(text))),
    "blanks at the edges": lambda text: float(text != text.strip()),
    "no-break blanks and tabs": lambda text: float(any(mark in text for mark in "\u00a0\u202f\t")),
    "invisible characters": lambda text: float(bool(INVISIBLE.search(text))),
    "a full stop at the end": lambda text: float(text.rstrip().endswith((".", "!", "?", '"', "”", "。"))),
    "a capital letter at the start": lambda text: float(text.lstrip()[:1].isupper()),
    "share of characters beyond ASCII": lambda text: sum(mark > "\x7f" for mark in text) / max(len(text), 1),
    "no capital letter": lambda text: float(text == text.lower()),
    "HTML entities": lambda text: float(bool(ENTITY.search(text))),
    "markup": lambda text: float(bool(MARKUP.search(text))),
    "number of words": lambda text: np.log1p(len(text.split())),
}


def probe(exam, raw: list[str], replicates: int, seed: int) -> dict:
    """AUROC of layout alone under the exam's own plans, and which feature of layout tells most."""
    table = np.array([[feature(text) for feature in FEATURES.values()] for text in raw], float)
    scores = Scores.of(exam, layout_scores(exam, table))
    ranking = Ranking.of(scores.generated, scores.log_odds)
    figure = GroupBootstrap(scores.groups, replicates, seed).figures({"auroc": ranking.auroc})["auroc"]
    rows = exam.scored
    return {
        "auroc": figure,
        "leaks": figure["value"] > LEAK and figure["low"] > 0.5,
        "features": alone(table[rows], exam.generated[rows]),
    }


def layout_scores(exam, table: np.ndarray) -> np.ndarray:
    scores = np.full(len(table), np.nan)
    for training, rows in exam.plans:
        middle, spread = table[training].mean(axis=0), table[training].std(axis=0)
        scaled = (table - middle) / np.where(spread > 1e-12, spread, 1)
        model = LogisticRegression(C=1.0, class_weight="balanced", solver="liblinear", random_state=0)
        scores[rows] = model.fit(scaled[training], exam.generated[training]).decision_function(scaled[rows])
    return scores


def alone(table: np.ndarray, generated: np.ndarray) -> list[dict]:
    """Each feature on its own, the most telling first; above a half points to generated texts."""
    found = [
        {
            "feature": name,
            "auroc": significant(auroc(generated, table[:, place])),
            "generated": significant(table[generated, place].mean()),
            "human": significant(table[~generated, place].mean()),
        }
        for place, name in enumerate(FEATURES)
    ]
    return sorted(found, key=lambda row: (-abs(row["auroc"] - 0.5), row["feature"]))
