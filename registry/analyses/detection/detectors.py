"""The detectors: what each looks at, and how it scores the rows an exam asks about.

A score is the log-odds that a text is generated, at equal numbers of both sides.
"""

import warnings
from abc import ABC, abstractmethod

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from registry.analyses.detection.exam import Exam, cross_plans, enough
from registry.analyses.detection.habits import NAMES, habits, tokens_of
from registry.analyses.detection.ngrams import Grams, most_widespread, tf_idf
from registry.analyses.statistics import significant

STRENGTH = 8.0
LOPSIDED = 1.25
WORDS_WEIGHT, HABITS_WEIGHT = 0.6, 0.03
GRID = [2.0**power for power in range(-6, 7)]
ACROSS, INSIDE = Grams(1, 4), Grams(2, 4, inside_words=True)


def fitted(features, generated: np.ndarray, strength: float = STRENGTH) -> LogisticRegression:
    """L2 logistic regression, both sides weighing the same; the dual solver is fast for few long rows."""
    model = LogisticRegression(
        C=strength, solver="liblinear", dual=True, class_weight="balanced", random_state=0, max_iter=200
    )
    with warnings.catch_warnings():
        # At the largest strengths of the grid the last digits are not worth the wait.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(features, generated)


class Detector(ABC):
    """Turns texts into features fitted on training rows; `scores` does the rest for every kind."""

    name = title = about = ""

    @abstractmethod
    def features(self, exam: Exam, training: np.ndarray) -> sparse.csr_matrix:
        """One row of features for every text, fitted on the training rows alone."""

    def strength(self, exam: Exam, features, training: np.ndarray) -> float:
        return STRENGTH

    def scores(self, exam: Exam) -> np.ndarray:
        """Log-odds of the scored rows; the others are not a number."""
        scores = np.full(len(exam.texts), np.nan)
        for training, rows in exam.plans:
            features = self.features(exam, training)
            strength = self.strength(exam, features, training)
            model = fitted(features[training], exam.generated[training], strength)
            scores[rows] = model.decision_function(features[rows]) - lean(exam, features, training, strength)
        return scores


def lean(exam: Exam, features, training: np.ndarray, strength: float) -> float:
    """How far scores of unseen texts lean to the larger side: the middle between both sides' means.

    With more features than texts, weights of the sides alone do not centre the scores; two inner folds do.
    """
    sides = np.bincount(exam.generated[training], minlength=2)
    if sides.max() <= LOPSIDED * sides.min():
        return 0.0
    held_scores, held_sides = [], []
    for fit, held in cross_plans(exam.generated[training], exam.groups[training], seed=1)[:2]:
        fit, held = training[fit], training[held]
        model = fitted(features[fit], exam.generated[fit], strength)
        held_scores.append(model.decision_function(features[held]))
        held_sides.append(exam.generated[held])
    found, generated = np.concatenate(held_scores), np.concatenate(held_sides)
    return float(found[generated].mean() + found[~generated].mean()) / 2 if enough(generated, 1) else 0.0


class Combined(Detector):
    """The one whose figures stand first."""

    name = "combined"
    title = "Characters, words and habits together"
    about = (
        "Character n-grams of 1 to 4 across word borders, single words and pairs of words (TF-IDF, sublinear), "
        "and 30 habits such as variety, rhythm and how common the words are; L2 logistic regression, C = 8."
    )

    def features(self, exam, training):
        tokens = exam.once("tokens", tokens_of)
        parts = [
            tf_idf(exam.once("across", ACROSS.counts).matrix, training),
            tf_idf(exam.once("token counts", lambda _: word_counts(tokens)), training) * WORDS_WEIGHT,
            sparse.csr_matrix(habits(tokens, training) * HABITS_WEIGHT),
        ]
        return sparse.hstack(parts, format="csr")


class Characters(Detector):
    name = "characters"
    title = "Characters inside words"
    about = "Character n-grams of 2 to 4 inside word borders (TF-IDF, 2^17, sublinear); L2 logistic regression, C = 8."

    def features(self, exam, training):
        return tf_idf(exam.once("inside", INSIDE.counts).matrix, training)


class Words(Detector):
    """The detector published with GPT-2's outputs, for comparison with the figures of its time."""

    name = "words"
    title = "Words and pairs of words (the 2019 baseline)"
    about = (
        "TF-IDF of single words and pairs in at least 5 texts, logistic regression; C from 1/64 to 64 chosen on "
        "a part of the training texts: the detector published with GPT-2's outputs in 2019."
    )

    def features(self, exam, training):
        return tf_idf(exam.once("historical", historical_counts), training, sublinear=False, least=5)

    def strength(self, exam, features, training):
        """The best of the grid on a fifth of the training groups."""
        fit, held = cross_plans(exam.generated[training], exam.groups[training], seed=0)[0]
        fit, held = training[fit], training[held]
        right = [
            balanced(fitted(features[fit], exam.generated[fit], strength), features[held], exam.generated[held])
            for strength in GRID
        ]
        return GRID[int(np.argmax(right))]


def balanced(model, features, generated: np.ndarray) -> float:
    said = model.predict(features)
    if not enough(generated, 1):
        return float((said == generated).mean())
    return float((said[generated].mean() + (~said[~generated]).mean()) / 2)


def historical_counts(texts: list[str]) -> sparse.csr_matrix:
    try:
        return CountVectorizer(ngram_range=(1, 2), max_features=2**21).fit_transform(texts).astype(float).tocsr()
    except ValueError:  # no word of two letters in any text
        return sparse.csr_matrix((len(texts), 1))


def word_counts(tokens) -> sparse.csr_matrix:
    """Words and pairs that stand in two texts or more; the columns keep their order, so that they can be named."""
    both = sparse.hstack([tokens.words, tokens.pairs], format="csr")
    return both[:, word_columns(both)]


def word_columns(both: sparse.csr_matrix) -> np.ndarray:
    return most_widespread(np.bincount(both.indices, minlength=both.shape[1]), both.shape[0])


def top_features(exam: Exam, rows: np.ndarray, habits_shown: int = 6, grams_shown: int = 12) -> dict[str, list[dict]]:
    """What moves the combined detector most when trained on these rows: weight × spread of the feature, by sign."""
    features = Combined().features(exam, rows)[rows]
    weights = fitted(features, exam.generated[rows]).coef_.ravel()
    mean = np.asarray(features.mean(axis=0)).ravel()
    square = np.asarray(features.multiply(features).mean(axis=0)).ravel()
    effect = weights * np.sqrt(np.maximum(square - mean**2, 0))
    first_habit = len(effect) - len(NAMES)
    chosen = {}
    for side, sign in (("generated", 1), ("human", -1)):
        ranked = np.argsort(-sign * effect, kind="stable")
        ranked = ranked[sign * effect[ranked] > 0]
        habitual = ranked >= first_habit
        chosen[side] = [*ranked[habitual][:habits_shown].tolist(), *ranked[~habitual][:grams_shown].tolist()]
    named = feature_names(exam, chosen["generated"] + chosen["human"])
    return {
        side: [named[column] | {"effect": significant(effect[column])} for column in columns]
        for side, columns in chosen.items()
    }


def feature_names(exam: Exam, columns: list[int]) -> dict[int, dict]:
    """What the columns of the combined detector stand for."""
    across, tokens = exam.once("across", ACROSS.counts), exam.once("tokens", tokens_of)
    width = across.matrix.shape[1]
    both = sparse.hstack([tokens.words, tokens.pairs], format="csr")
    words = word_columns(both)
    buckets = {column: int(across.columns[column]) for column in columns if column < width}
    grams = ACROSS.names(sorted(set(buckets.values())), exam.texts) if buckets else {}
    named = {}
    for column in columns:
        if column < width:
            named[column] = {"kind": "characters", "feature": grams.get(buckets[column], "?")}
        elif column < width + len(words):
            named[column] = {"kind": "words", "feature": tokens.name(int(words[column - width]))}
        else:
            named[column] = {"kind": "habit", "feature": NAMES[column - width - len(words)]}
    return named
