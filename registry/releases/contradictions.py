"""Dates and numbers that cannot both be true. Each is refused with a sentence that names both.

Only what is certain is refused: a date known by its month may be any day of it.
"""

from registry.releases import dates
from registry.releases.shape import Problem
from registry.releases.vocabulary import AHEAD, IN_FORCE, STOPPED, Basis, EventKind


def contradictions(content):
    """Yield what contradicts itself in a content, by JSON pointer."""
    for number, stage in enumerate(content["stages"]):
        yield from within_stage(stage, f"/stages/{number}")
    yield from promises_kept_too_early(content["stages"])
    yield from stopped_before_begun(content["stages"])
    yield from before_the_beginning(content)
    for number, sample_set in enumerate(content.get("samples", [])):
        yield from within_samples(sample_set, f"/samples/{number}")


def is_before(one, other):
    """Whether one date certainly lies before another."""
    first, second = dates.period(one), dates.period(other)
    return bool(first and second) and first[1] < second[0]


def within_stage(stage, place):
    announced, due = stage.get("announced", ""), stage.get("due", "")
    if is_before(stage["date"], announced):
        when, told = dates.in_words(stage["date"]), dates.in_words(announced)
        ahead = stage["status"] in AHEAD
        detail = (
            f"The stage is planned for {when}, but it was announced later, on {told}." if ahead
            else f"The stage took effect on {when}, but it was announced later, on {told}."
        )
        yield Problem(f"{place}/announced", "contradiction", f"{detail} One of the two dates must be wrong.")
    if is_before(due, announced):
        detail = f"This falls due on {dates.in_words(due)}, before it was promised on {dates.in_words(announced)}."
        yield Problem(f"{place}/due", "contradiction", detail)
    if stage["status"] in AHEAD and is_before(due, stage["date"]):
        detail = f"This is planned for {dates.in_words(stage['date'])}, after it falls due on {dates.in_words(due)}."
        yield Problem(f"{place}/date", "contradiction", detail)


def promises_kept_too_early(stages):
    """Nobody keeps a promise before it is given."""
    keys = {stage["key"]: stage for stage in stages if stage.get("key")}
    for number, stage in enumerate(stages):
        for index, key in enumerate(stage.get("keeps", [])):
            announced = keys.get(key, {}).get("announced", "")
            if is_before(stage["date"], announced):
                detail = (
                    f"This stage of {dates.in_words(stage['date'])} cannot keep the promise “{key}”, which was given "
                    f"later, on {dates.in_words(announced)}."
                )
                yield Problem(f"/stages/{number}/keeps/{index}", "contradiction", detail)


def stopped_before_begun(stages):
    """What is paused or withdrawn must have been there: no stage that offers it may begin only afterwards."""
    offers = {}
    for stage in stages:
        if stage["status"] in IN_FORCE - STOPPED and stage["basis"] == Basis.AUTHORISED:
            for item in stage["components"]:
                offers.setdefault(item["component"], []).append(stage["date"])
    for number, stage in enumerate(stages):
        if stage["status"] not in STOPPED:
            continue
        for index, item in enumerate(stage["components"]):
            found = offers.get(item["component"], []) if item["component"] else []
            if found and all(is_before(stage["date"], date) for date in found):
                first = min(found, key=lambda date: dates.period(date)[0])
                detail = (
                    f"This was {stage['status']} on {dates.in_words(stage['date'])}, but the first stage that offers "
                    f"it is of {dates.in_words(first)}."
                )
                yield Problem(f"/stages/{number}/components/{index}/component", "contradiction", detail)


def before_the_beginning(content):
    """Nothing can be corrected, licensed anew or reached by others before there is anything.

    A leak can: what was never announced may come out. So can a note on what went before.
    """
    beginning = first_date(content["stages"])
    if not beginning:
        return
    # Events of other kinds tell in their own words what they are about, which may be older than the entry.
    checked = [
        ("corrections", None, "The correction"), ("licence_changes", None, "The change of the licence"),
        ("events", EventKind.REPLICATION, "The replication"),
    ]
    for section, kind, name in checked:
        for number, item in enumerate(content.get(section, [])):
            if (kind is None or item["kind"] == kind) and is_before(item["date"], beginning):
                detail = (
                    f"{name} is dated {dates.in_words(item['date'])}, before the first stage of "
                    f"{dates.in_words(beginning)}: there was nothing yet."
                )
                yield Problem(f"/{section}/{number}/date", "contradiction", detail)


def first_date(stages):
    """Return the earliest date of what happened or was announced, or "" where any such stage has no known date."""
    found = []
    for stage in stages:
        told = [stage["date"]] if stage["status"] in IN_FORCE else []
        told = [date for date in [*told, stage.get("announced", "")] if date]
        if stage["status"] in IN_FORCE and not stage["date"]:
            return ""
        found += [date for date in told if dates.period(date)]
    return min(found, key=lambda date: dates.period(date)[0], default="")


def within_samples(said, place):
    """More cannot be shown than was tried."""
    tried, shown = said["prompts_tried"], said["prompts_shown"]
    if tried is not None and shown is not None and shown > tried:
        detail = f"{shown:,} prompts are shown, but only {tried:,} were tried."
        yield Problem(f"{place}/prompts_shown", "contradiction", detail)
    prompts, each, texts = tried if tried is not None else shown, said["samples_per_prompt"], said["samples_shown"]
    if None not in (prompts, each, texts) and texts > prompts * each:
        detail = (
            f"{texts:,} samples are shown, but {prompts:,} prompts with {each:,} samples each give only "
            f"{prompts * each:,}."
        )
        yield Problem(f"{place}/samples_shown", "contradiction", detail)
