"""Sentences and findings: what was disclosed and measured, no more, and what to beware of."""

ENOUGH = 30


def sentence(result: dict) -> str:
    """How they were chosen first, since everything else depends on it."""
    selection, repeated = result["selection"], result["samples"]["repetition"]["seq_rep_4"]
    texts = selection["texts"]
    if selection["ratio"]:
        some = "" if selection["state"] == "stated" else f" (stated for {selection['texts_stated']} of {texts} texts)"
        said = f"{selection['shown']:,} of {selection['tries']:,} tries {are(selection['shown'])} shown{some}"
    elif named := [one["value"] for one in selection["how"] if one["value"] != "not stated"]:
        said = f"The texts are said to be chosen so: {', '.join(named[:3])}; out of how many tries is not stated"
    else:
        said = f"How {plural(texts, 'text')}{of_lines(result['counts']['samples'])} {are(texts)} chosen is not stated"
    if repeated is None:
        return f"{said}."
    return f"{said}. {percent(repeated['value'])} of the four-word sequences within a text are repeats."


def of_lines(counts: dict) -> str:
    """What the texts are a part of, where the file has more lines than were read."""
    return f" of {counts['lines']:,} lines" if counts["unread"] else ""


def are(count: int) -> str:
    return "is" if count == 1 else "are"


def percent(share: float) -> str:
    """A share in per cent, never rounded down to none or up to all."""
    if 0 < share < 0.0005:
        return "Less than 0.1%"
    if 0.9995 <= share < 1:
        return "More than 99.9%"
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def finding(code: str, severity: str, message: str) -> dict:
    return {"code": code, "severity": severity, "message": message, "span": None}


def findings(result: dict) -> list[dict]:
    """Everything a reader must know before concluding from the samples, the gravest first."""
    found = [
        *about_selection(result["selection"]),
        *about_stated(result),
        *about_repetition(result),
        *about_duplicates(result["samples"]["duplicates"]),
        *about_length(result["samples"]["length"]),
        *about_diversity(result),
        *about_dump(result["dump"]),
        *about_counts(result["counts"]),
    ]
    grave = ["problem", "warning", "notice", "info"]
    return sorted(found, key=lambda one: grave.index(one["severity"]))


def about_selection(selection):
    if selection["state"] == "not_stated":
        yield finding(
            "selection_not_stated",
            "warning",
            "Out of how many tries the texts were chosen is not stated, so they say nothing about a usual text.",
        )
    elif selection["state"] == "partly":
        missing = selection["texts"] - selection["texts_stated"]
        yield finding(
            "selection_partly", "warning", f"For {plural(missing, 'text')} the number of tries is not stated."
        )
    if selection["unusable"]:
        yield finding(
            "selection_unusable",
            "warning",
            f"{plural(selection['unusable'], 'line')} give tries or shown that cannot be: a whole number from 1 is "
            "needed, and no more shown than tried.",
        )
    if selection["prompts_conflict"]:
        yield finding(
            "prompts_conflict", "warning", "The lines contradict one another, or themselves, about the prompts tried."
        )
    lift = selection["lift"]
    if lift and lift["chosen"] and lift["value"] > 0:
        yield finding(
            "lift",
            "notice",
            f"If the best were chosen, the shown texts lie {lift['value']:.2f} standard deviations above the usual "
            "one in whatever they were judged by.",
        )


def about_stated(result):
    if missing := [what for what in result["not_stated"] if what != "tries"]:
        yield finding("not_stated", "notice", f"Not stated: {', '.join(missing)}.")


def about_repetition(result):
    own = result["samples"]["repetition"]
    if own["loops"] and own["loops"]["value"] > 0:
        share = percent(own["loops"]["value"]).lower()
        yield finding(
            "loops",
            "warning" if own["loops"]["low"] > 0.01 else "notice",
            f"{share.capitalize()} of the texts end in a phrase said twice in a row (such as {own['looping'][0]}).",
        )
    real = result["reference"] and result["reference"]["repetition"]["seq_rep_4"]
    if real and own["seq_rep_4"] and own["seq_rep_4"]["low"] > real["high"]:
        yield finding(
            "more_repetition",
            "notice",
            f"The samples repeat themselves more than the reference ({percent(own['seq_rep_4']['value']).lower()} "
            f"against {percent(real['value']).lower()} of four-word sequences).",
        )


def about_duplicates(found):
    if found["exact"] or found["near"]:
        yield finding(
            "duplicates",
            "warning" if found["share"]["value"] > 0.05 else "notice",
            f"{plural(found['exact'], 'text')} {are(found['exact'])} the same as an earlier one, and {found['near']} "
            f"share{'s' if found['near'] == 1 else ''} half of the text or more with one.",
        )


def about_length(length):
    if length["texts"] < ENOUGH:
        yield finding("few_texts", "notice", f"There {are(length['texts'])} only {plural(length['texts'], 'text')}.")
    if length["texts"] >= 10 and length["unfinished"]["value"] > 0.5:
        share = percent(length["unfinished"]["value"]).lower()
        yield finding("unfinished", "info", f"{share.capitalize()} of the texts stop inside a sentence.")


def about_diversity(result):
    measured = result["diversity"]
    if measured["reason"]:
        yield finding("no_diversity", "notice", measured["reason"])
        return
    if measured["reference"] is None:
        yield finding(
            "no_reference",
            "info",
            f"Diversity is that of {plural(measured['texts'], 'text')} of {measured['words']} words: compare it only "
            "with texts of the same number and length.",
        )
    elif measured["samples"]["distinct_2"]["high"] < measured["reference"]["distinct_2"]["low"]:
        yield finding("less_diverse", "notice", "The samples use fewer different word pairs than the reference.")


def about_dump(dump):
    if dump is None:
        return
    if dump["not_found"]:
        severity = "warning" if dump["complete"] else "notice"
        named = ", ".join(dump["not_found"][:5])
        yield finding("not_in_dump", severity, f"Some samples are not among everything the model wrote ({named}).")
    # Three measures are tested, so each must pass a third of the usual bound.
    told = [one["measure"] for one in dump["measures"] if one["p"] < 0.05 / len(dump["measures"])]
    if told:
        yield finding(
            "no_random_draw", "warning", f"The shown texts are no random draw from the dump ({', '.join(told)})."
        )
    elif dump["measures"]:
        yield finding(
            "like_random_draw",
            "info",
            "By length, repetition and variety of words the shown texts could be a random draw from the dump. "
            "Choosing by anything else would not be seen.",
        )


COUNTED = [
    ("broken", "broken_lines", "lines could not be read and were left out", "warning"),
    ("unread", "unread_lines", "lines beyond the first 100,000 were not read", "warning"),
    ("other_label", "other_label", "texts are labelled as the other side and were left out", "info"),
    ("not_drawn", "sampled", "texts beyond the limit were left out of the measures at random", "info"),
    ("without_words", "without_words", "texts have no word and were not measured", "notice"),
]


def about_counts(counts):
    for reason, code, words, severity in COUNTED:
        parts = [f"{one[reason]} in {role}" for role, one in counts.items() if one[reason]]
        if parts:
            yield finding(
                code, severity, f"{sum(one[reason] for one in counts.values())} {words} ({', '.join(parts)})."
            )
