"""Sentences and findings: what the figures say, no more, and what to beware of."""

BATCH = 10
SMALL_WORDS = {1: "one", 2: "two", 5: "five", 10: "ten", 25: "twenty-five"}


def sentence(result: dict) -> str:
    """The answer first: ten texts at one false alarm in 100 where that was measured, else one text."""
    if result["overall"]["auroc"]["low"] <= 0.5:
        return not_told_apart(result["overall"])
    batch = next(row for row in result["batches"] if row["texts"] == BATCH)
    found = batch["tpr_at_fpr"]["0.01"]
    if found is None:
        return alone(result)
    return (
        f"In groups of {SMALL_WORDS[BATCH]}, texts like these were told from human writing "
        f"{times(found['value'])}, at one false alarm in 100."
    )


def not_told_apart(overall: dict) -> str:
    if overall["auroc"]["high"] < 0.5:
        return (
            "The detector was upside down on these texts: it took human writing for generated more often than the "
            "other way round."
        )
    return (
        f"Texts like these could not be told from human writing: with {overall['generated']} generated and "
        f"{overall['human']} human texts the detector did no better than guessing."
    )


def alone(result: dict) -> str:
    """The same for one text at a time."""
    overall = result["overall"]
    found = overall["tpr_at_fpr"]["0.01"]
    if found is not None:
        return (
            f"One at a time, texts of about {overall['words']} words were found {times(found['value'])} "
            f"(95% interval {hundredths(found['low'])} to {hundredths(found['high'])}), at one false alarm in 100."
        )
    accuracy = overall["accuracy"]
    return (
        f"One at a time, texts of about {overall['words']} words were told from human writing "
        f"{times(accuracy['value'])} (95% interval {hundredths(accuracy['low'])} to "
        f"{hundredths(accuracy['high'])}), where guessing gives 50; {overall['human']} human texts are too few "
        "for a figure at one false alarm in 100."
    )


def times(share: float) -> str:
    """A share as times in 100, never rounded up to always or down to never."""
    if 0.995 <= share < 1:
        return "more than 99 times in 100"
    if 0 < share < 0.005:
        return "less than once in 100"
    number = round(100 * share)
    return f"{number} time{'' if number == 1 else 's'} in 100"


def hundredths(share: float) -> int:
    return round(100 * share)


def finding(code: str, severity: str, message: str) -> dict:
    return {"code": code, "severity": severity, "message": message, "span": None}


def findings(result: dict) -> list[dict]:
    """Everything a reader must know before using the figures, the gravest first."""
    found = [
        *about_layout(result),
        *about_null(result),
        *about_groups(result),
        *about_direction(result),
        *about_size(result),
        *about_held_out(result),
        *about_counts(result),
        *about_growth(result),
    ]
    grave = ["problem", "warning", "notice", "info"]
    return sorted(found, key=lambda one: grave.index(one["severity"]))


def about_layout(result):
    probe = result["format_probe"]
    if probe["leaks"]:
        telling = ", ".join(row["feature"] for row in probe["features"][:3])
        yield finding(
            "format_leak",
            "warning",
            f"The raw files give the label away by layout alone (AUROC {probe['auroc']['value']:.2f}; most by: "
            f"{telling}). The detectors see canonical text only, but check how the two files were made.",
        )


def about_null(result):
    null = result["null_run"]
    if null is None:
        yield finding("no_null_run", "notice", "There were too few groups of human texts for a null run.")
    elif not null["covers_half"]:
        figure = null["auroc"]
        told = (
            f"Human texts split at random gave AUROC {figure['value']:.2f} (95% interval {figure['low']:.2f} to "
            f"{figure['high']:.2f}), where 0.50 is expected."
        )
        if figure["low"] > 0.5:
            yield finding("null_run", "warning", f"{told} The figures may be too high; look at another seed.")
        else:
            # Folds of few texts lean below a half: what is common in training is rare in test.
            yield finding("null_run_low", "info", f"{told} The figures are rather too low than too high.")


def about_groups(result):
    method = result["method"]
    if not method["grouped_by"] and method["too_coarse_to_group_by"]:
        kinds = ", ".join(method["too_coarse_to_group_by"])
        yield finding(
            "few_groups",
            "warning",
            f"The texts fall into too few groups by {kinds} to test on groups never seen: texts of one "
            "prompt may stand in training and in test, and the figures may be too good.",
        )
    elif set(method["too_coarse_to_group_by"]) & {"prompt", "group"}:
        yield finding("few_groups", "notice", "Prompts or groups with fewer than ten values were not used for folds.")
    elif not method["grouped_by"]:
        yield finding("no_groups", "info", "No text names a prompt, a group or an id: each counts as independent.")


def about_direction(result):
    if result["overall"]["auroc"]["high"] < 0.5:
        yield finding(
            "upside_down",
            "problem",
            "The detector ranks human texts above generated ones: what it learnt does not hold for the test "
            "files. Detectors do not carry over between sources.",
        )


def about_size(result):
    if reason := result["overall"]["tpr_reason"]:
        yield finding("few_human_texts", "notice", reason)
    generated, human = result["overall"]["generated"], result["overall"]["human"]
    if max(generated, human) > 3 * min(generated, human):
        yield finding(
            "imbalance",
            "info",
            f"The sides differ in size ({generated} generated, {human} human); both were given the same weight.",
        )


def about_held_out(result):
    held_out = result["method"]["held_out"]
    if held_out["same_group"]:
        yield finding(
            "shared_with_training",
            "warning",
            f"{held_out['same_group']} test texts share a group with the training files "
            f"({held_out['same_text']} are the same text). Each was scored by a detector trained without "
            "its group.",
        )


COUNTED = [
    ("broken", "broken_lines", "lines could not be read and were left out"),
    ("unread", "unread_lines", "lines beyond the first 100,000 were not read"),
    ("too_short", "too_short", "texts under 25 words were left out"),
    ("duplicates", "duplicates", "exact copies were left out"),
    ("on_both_sides", "on_both_sides", "texts stand on both sides and were left out of both"),
    ("other_label", "other_label", "texts are labelled as the other side and were left out"),
    ("beyond_limit", "sampled", "texts beyond the limit of texts and characters were left out at random"),
]
GRAVE = {"broken", "on_both_sides"}


def about_counts(result):
    for reason, code, words in COUNTED:
        parts = [f"{counts[reason]} in {role}" for role, counts in result["counts"].items() if counts[reason]]
        if parts:
            total = sum(counts[reason] for counts in result["counts"].values())
            severity = "warning" if reason in GRAVE else "info"
            yield finding(code, severity, f"{total} {words} ({', '.join(parts)}).")


def about_growth(result):
    curve = result["learning_curve"]
    if len(curve) > 1 and curve[-1]["auroc"]["value"] - curve[-2]["auroc"]["value"] > 0.01:
        yield finding(
            "still_rising",
            "info",
            f"Detection still rose between {curve[-2]['pairs']} and {curve[-1]['pairs']} training texts a "
            "side: more texts would probably give a higher figure.",
        )
