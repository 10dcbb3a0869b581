"""Sentences and findings: what the figures say, no more, and what to beware of."""

SKETCH_WANTED = 1e-4
LONG_RUN = 50


def sentence(result: dict) -> str:
    """The median of the samples, that of real text where there is some, and the longest passage."""
    samples, real = result["samples"], result["reference"]
    said = (
        f"The median sample has {percent(samples['median']['value'])} of its sequences of {result['method']['n']} "
        "words in the training text"
    )
    if real:
        said += f", the median real text {percent(real['median']['value'])}"
    if not samples["longest_run"]:
        return f"{said}. No sample has such a sequence."
    return f"{said}. The longest run has {plural(samples['longest_run'], 'word')}."


def percent(share: float) -> str:
    """A share in per cent, never rounded down to none or up to all."""
    if 0 < share < 0.0005:
        return "less than 0.1%"
    if 0.9995 <= share < 1:
        return "more than 99.9%"
    text = f"{100 * share:.1f}"
    return text.removesuffix(".0") + "%"


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def finding(code: str, severity: str, message: str) -> dict:
    return {"code": code, "severity": severity, "message": message, "span": None}


def findings(result: dict) -> list[dict]:
    """Everything a reader must know before using the figures, the gravest first."""
    found = [
        *about_comparison(result),
        *about_runs(result),
        *about_sketch(result),
        *about_boilerplate(result),
        *about_lengths(result),
        *about_corpus(result),
        *about_counts(result),
    ]
    grave = ["problem", "warning", "notice", "info"]
    return sorted(found, key=lambda one: grave.index(one["severity"]))


def about_comparison(result):
    both = result["comparison"]
    if both is None:
        yield finding(
            "no_reference",
            "warning",
            "There is no real text to compare with. How much overlap is ordinary depends on the size of the training "
            "text: give real texts of the same kind that the model was not trained on.",
        )
        return
    chance = both["p_sample_above_real"]
    interval = f"95% interval {chance['low']:.2f} to {chance['high']:.2f}"
    told = f"(probability {chance['value']:.2f}, {interval}; ties count half)"
    if chance["low"] > 0.5:
        yield finding(
            "above_real", "warning", f"A sample has more overlap than a real text more often than not {told}."
        )
    elif chance["high"] < 0.5:
        yield finding("below_real", "info", f"A sample has less overlap than a real text more often than not {told}.")
    else:
        yield finding(
            "like_real", "info", f"Samples do not have more overlap than real texts, as far as can be told {told}."
        )
    if result["reference"]["median"]["value"] > 0.5:
        yield finding(
            "reference_in_corpus",
            "warning",
            "Most of the real texts stands in the training text. They were probably not held out, so the comparison "
            "says little.",
        )


def about_runs(result):
    long = [row for row in result["documents"] if row["longest_run"] >= LONG_RUN]
    if long:
        first = max(long, key=lambda row: row["longest_run"])
        yield finding(
            "long_runs",
            "warning",
            f"{plural(len(long), 'sample')} {'has' if len(long) == 1 else 'have'} a run of {LONG_RUN} words or more "
            f"from the training text; the longest, of {first['longest_run']:,} words, is in {first['id']}.",
        )
    left_out = sum(row["passages_left_out"] for row in result["documents"])
    if left_out:
        yield finding("passages_left_out", "info", f"{plural(left_out, 'passage')} beyond the limits are not quoted.")


def about_sketch(result):
    sketch = result["corpus"]["sketch"]
    if not sketch:
        return
    rate = result["inflation"]["at_most"]
    severity = "warning" if rate > SKETCH_WANTED else "info"
    yield finding(
        "inflation",
        severity,
        f"A sketch sometimes says “occurs” of what does not: expect up to {100 * rate:.2g} percentage points too "
        "much in each overlap. Nothing was subtracted.",
    )
    yield finding(
        "sketch_trusted",
        "notice",
        "The sketch says nothing about which text it was made of, and it cannot tell in how many documents or where "
        "a sequence occurs: that rests on the word of whoever made it.",
    )
    if sketch["unicode"] != result["method"]["unicode"]:
        yield finding(
            "other_unicode",
            "notice",
            f"The sketch was made with Unicode {sketch['unicode']}, this run uses {result['method']['unicode']}: "
            "words in newly encoded scripts may be missed.",
        )


def about_boilerplate(result):
    common = result["boilerplate"]
    if common and common["samples"] and common["samples"]["found"]:
        yield finding(
            "boilerplate",
            "info",
            f"{percent(common['samples']['share_of_found'])} of what was found stands in more than "
            f"{common['more_than']} documents of the training text: notices, quotations, set phrases.",
        )


def about_lengths(result):
    n, counts = result["method"]["n"], result["counts"]
    short = [f"{one['under_n_words']} in {role}" for role, one in counts.items() if one["under_n_words"]]
    if short:
        yield finding("too_short", "notice", f"Texts under {n} words have no overlap ({', '.join(short)}).")
    apart = {role: one["documents"] for role, one in result["short"].items() if one["documents"]}
    if apart:
        named = ", ".join(f"{count} in {role}" for role, count in apart.items())
        yield finding("short_apart", "info", f"Texts under 50 words are not in the distributions ({named}).")
    if result["least_words"] < 50:
        yield finding(
            "few_long_texts",
            "notice",
            "There are fewer than ten texts of 50 words or more on a side, so the distributions are of all texts "
            f"with {n} words: short ones jump between none and much.",
        )


def about_corpus(result):
    corpus = result["corpus"]
    if corpus["broken"]:
        named = ", ".join(f"{one['file']} line {one['line']} {one['problem']}" for one in corpus["broken_lines"][:3])
        yield finding(
            "broken_corpus_lines",
            "warning",
            f"{plural(corpus['broken'], 'line')} of the training text could not be read and were left out ({named}).",
        )
    if corpus["undecodable"]:
        yield finding(
            "undecodable",
            "warning",
            f"{plural(corpus['undecodable'], 'place')} of the training text are not UTF-8 and count as blanks.",
        )


COUNTED = [
    ("broken", "broken_lines", "lines could not be read and were left out", "warning"),
    ("unread", "unread_lines", "lines beyond the first 100,000 were not read", "warning"),
    ("other_label", "other_label", "texts are labelled as the other side and were left out", "info"),
    ("prompts_removed", "prompts_removed", "texts began with their prompt, which was not looked up", "info"),
]


def about_counts(result):
    for reason, code, words, severity in COUNTED:
        parts = [f"{counts[reason]} in {role}" for role, counts in result["counts"].items() if counts[reason]]
        if parts:
            total = sum(counts[reason] for counts in result["counts"].values())
            yield finding(code, severity, f"{total} {words} ({', '.join(parts)}).")
