"""The figures of one detector on one exam: accuracy, AUROC and what is found at 1% and 5% false alarms."""

from dataclasses import dataclass

import numpy as np

from registry.analyses.statistics import (
    GroupBootstrap,
    Ranking,
    balanced_accuracy,
    clopper_pearson,
    significant,
)

FALSE_ALARMS = (0.01, 0.05)
HUMAN_FOR_ONE_PERCENT = 300
BINS = 10


@dataclass(frozen=True)
class Scores:
    """Scored rows of an exam, without the others."""

    generated: np.ndarray
    groups: np.ndarray
    log_odds: np.ndarray

    @classmethod
    def of(cls, exam, log_odds: np.ndarray) -> "Scores":
        rows = exam.scored
        return cls(exam.generated[rows], exam.groups[rows], log_odds[rows])

    @property
    def sides(self) -> dict[str, int]:
        return {"generated": int(self.generated.sum()), "human": int((~self.generated).sum())}


def measure(scores: Scores, words: int, replicates: int, seed: int, *, cut: bool = False) -> dict:
    """One row of the result: how many texts, of how many words, and every figure with its interval.

    `cut` says that every text was cut to just so many words, and that shorter ones were left out.
    """
    ranking = Ranking.of(scores.generated, scores.log_odds)
    said = scores.log_odds > 0
    statistics = {
        "accuracy": lambda weights: balanced_accuracy(scores.generated, said, weights),
        "auroc": ranking.auroc,
    }
    shares = [share for share in FALSE_ALARMS if printable(share, scores)]
    statistics |= {str(share): found(ranking, share) for share in shares}
    made = GroupBootstrap(scores.groups, replicates, seed).figures(statistics)
    sides = scores.sides
    made |= {str(share): at_the_edge(made[str(share)], sides["generated"]) for share in shares}
    made["accuracy"] = at_the_edge(made["accuracy"], min(sides.values()))
    return {
        "words": words,
        "n": len(said),
        **sides,
        "accuracy": made["accuracy"],
        "auroc": made["auroc"],
        "tpr_at_fpr": {str(share): made.get(str(share)) for share in FALSE_ALARMS},
        "tpr_reason": one_percent_reason(scores, words if cut else 0),
    }


def found(ranking: Ranking, share: float):
    return lambda weights: ranking.found_at(share, weights)


def printable(share: float, scores: Scores) -> bool:
    """One false alarm in a hundred cannot be measured on fewer than 300 human texts."""
    return share > 0.01 or scores.sides["human"] >= HUMAN_FOR_ONE_PERCENT


def one_percent_reason(scores: Scores, least_words: int = 0) -> str:
    human = scores.sides["human"]
    if human >= HUMAN_FOR_ONE_PERCENT:
        return ""
    return (
        f"One false alarm in 100 is not measured: that takes at least {HUMAN_FOR_ONE_PERCENT} human texts, "
        + (f"and {human} have {least_words} words or more." if least_words else f"and {human} can be used.")
    )


def at_the_edge(share: dict, trials: int) -> dict:
    """All or none of the texts: a bootstrap sees no spread there, the exact interval does."""
    if share["value"] in (0.0, 1.0) and share["low"] == share["high"]:
        return clopper_pearson(round(share["value"] * trials), trials)
    return share


def calibration(scores: Scores, replicates: int, seed: int) -> dict:
    """Brier score and expected calibration error, both sides weighing the same."""
    chance = 1 / (1 + np.exp(-np.clip(scores.log_odds, -500, 500)))
    size = np.where(scores.generated, 0.5 / scores.sides["generated"], 0.5 / scores.sides["human"])
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    bins = np.eye(BINS)[place]
    missed = chance - scores.generated

    def brier(weights):
        weights = weights * size
        return weights @ missed**2 / weights.sum(axis=1)

    def error(weights):
        weights = weights * size
        return np.abs((weights * missed) @ bins).sum(axis=1) / weights.sum(axis=1)

    made = GroupBootstrap(scores.groups, replicates, seed).figures({"brier": brier, "ece": error})
    return made | {"bins": reliability(chance, scores.generated, size, place)}


def reliability(chance, generated, size, place) -> list[dict]:
    """In each tenth of the scale: what was said on average, and what was so."""
    rows = []
    for number in range(BINS):
        inside = place == number
        if inside.any():
            weight = size[inside] / size[inside].sum()
            rows.append(
                {
                    "n": int(inside.sum()),
                    "said": significant(weight @ chance[inside]),
                    "was": significant(weight @ generated[inside].astype(float)),
                }
            )
    return rows


def words_to_detect(by_length: list[dict]) -> tuple[dict | None, str]:
    """Words needed for 95% found at 1% false alarms, between the lengths measured; or None and the reason."""
    rows = [row for row in by_length if row["tpr_at_fpr"]["0.01"]]
    if not rows:
        return None, reason_without_rows(by_length)
    value = first_reach(rows, "value")
    last = rows[-1]
    if value is None:
        share = last["tpr_at_fpr"]["0.01"]
        return None, (
            f"At {last['words']} words, the longest length with enough texts, {hundredths(share['value'])} "
            f"(95% interval {hundredths(share['low'])} to {hundredths(share['high'])}) in 100 generated "
            "texts were found at one false alarm in 100; 95 are needed."
        )
    high = first_reach(rows, "low")
    figure = {"value": value, "low": first_reach(rows, "high"), "high": high or last["words"], "open": high is None}
    notes = [
        f"The lower limit of the interval stays below 95 in 100 up to {last['words']} words, the longest length "
        "measured: the true number may be larger."
    ] * (high is None)
    notes += [f"{rows[0]['words']} words is the shortest length measured: fewer may do."] * (
        value == rows[0]["words"]
    )
    return figure, " ".join(notes)


def reason_without_rows(by_length: list[dict]) -> str:
    if not by_length:
        return "No length has at least 100 texts on each side."
    # The shortest length has the most texts, and so comes nearest.
    return by_length[0]["tpr_reason"]


def first_reach(rows: list[dict], part: str, share: float = 0.95):
    """The smallest number of words at which a share is reached, on a logarithmic line between two lengths."""
    before = None
    for row in rows:
        here = row["tpr_at_fpr"]["0.01"][part]
        if here >= share:
            if before is None or here == before[1]:
                return row["words"]
            part_way = (share - before[1]) / (here - before[1])
            return round(before[0] * (row["words"] / before[0]) ** part_way)
        before = row["words"], here
    return None


def hundredths(share: float) -> int:
    return round(100 * share)
