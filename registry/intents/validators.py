"""Whether what a lab announces is well formed, and whether its dates fit together."""

from datetime import date, timedelta

from registry.core.days import check_day
from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines
from registry.core.text import looks_empty
from registry.core.time_zones import time_zones
from registry.releases import dates
from registry.releases.content import normalise
from registry.releases.vocabulary import AHEAD

from .models import LEAST_AFTER_CHANGE, LEAST_DAYS

LENGTHS = {
    "artefact": 200, "title": 200, "what": 6000, "why": 6000, "reason": 2000, "decision": 6000, "withdrawal": 2000,
    "look_back": 6000,
}  # fmt: skip
SEVERAL_LINES = {"what", "why", "reason", "decision", "withdrawal", "look_back"}
REQUIRED = {
    "artefact": "Name what the decision is about, as you want it announced.",
    "title": "Say in one line what is planned.",
    "why": "Say why it is planned, so that others can weigh it.",
    "reason": "Say why this changes, so that others can follow it.",
    "withdrawal": "Say why you withdraw it.",
    "look_back": "Say what became of the reasons, and how you know.",
}
LINE = ("component", "variant", "mode", "gate", "audience")
LONGEST = timedelta(days=2 * 366)  # from now to any date of an intent, the look-back's apart
MOST_LATER = timedelta(days=10 * 366)


def fit(given, name, like=""):
    """A text as its field, or the one it is `like`, may be."""
    kind = like or name
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise Invalid("This must be text.", name)
    value = fit_lines(value, name) if kind in SEVERAL_LINES else fit_line(value, name)
    if len(value) > LENGTHS[kind]:
        said = f"This may be {LENGTHS[kind]:,} characters long at most; it is {len(value):,}."
        raise Invalid(said, name, "too_long")
    if kind in REQUIRED and looks_empty(value):
        raise Invalid(REQUIRED[kind], name, "required")
    return value


def check_plan(title_and_more, components):
    """Title, name, words and reasons, tidied; what is planned is said in words or by the lines of a stage."""
    said = {name: fit(title_and_more, name) for name in ("artefact", "title", "what", "why")}
    if looks_empty(said["what"]) and not components:
        raise Invalid("Say what is planned: in your own words, or by the lines of a planned stage.", "what", "required")
    return said | {"components": components}


def stages_to_come(entry):
    """Number → the lines of each stage that can be announced: those ahead, or of what was never published all.

    Read off the draft, which those who announce may read; of an entry that others curate, off what is published.
    """
    content = entry.current.content if entry.is_curated else normalise(entry.draft)
    return {
        number: [{name: item[name] for name in LINE} for item in stage["components"] if item["component"]]
        for number, stage in enumerate(content["stages"], 1)
        if stage["components"] and (entry.published_at is None or stage["status"] in AHEAD)
    }


def lines_of(entry, stage):
    """The lines of a stage by its number, as they stand now."""
    found = stages_to_come(entry)
    if stage not in found:
        known = ", ".join(map(str, found))
        said = f"There are planned stages with these numbers: {known}." if known else "The entry has no planned stage."
        raise Invalid(f"{said} Choose one, or say in words what is planned.", "stage", "unknown_stage")
    return found[stage]


def check_zone(name):
    if name not in time_zones():
        raise Invalid("Choose a time zone by its name, such as Europe/Berlin.", "time_zone", "choice")
    return name


def check_days(said, today, *, before=None):
    """Refuse dates that cannot be: `said` has planned_on, closes_on, look_back_on; `before` the same as they were."""
    for name, words in (
        ("closes_on", "The last day for comments"), ("planned_on", "The day of the decision"),
        ("look_back_on", "The day of the look-back"),
    ):  # fmt: skip
        _check_one(said[name], name, words, today, kept=before is not None and before[name] == said[name])
    planned, closes, look_back = said["planned_on"], said["closes_on"], said["look_back_on"]
    if before is None and closes < today + timedelta(days=LEAST_DAYS):
        first = in_words(today + timedelta(days=LEAST_DAYS))
        refused = f"Comments are open for {LEAST_DAYS} days at least: until {first} or later, not {in_words(closes)}."
        raise Invalid(refused, "closes_on", "too_short")
    if before and closes < before["closes_on"]:
        last = in_words(before["closes_on"])
        refused = f"Comments stay open until {last}, as was said; {in_words(closes)} is sooner."
        raise Invalid(refused, "closes_on", "too_short")
    if planned <= closes:
        refused = (
            f"The decision is planned for {in_words(planned)}, but comments are open until the end of "
            f"{in_words(closes)}. Plan it for a later day, so that it can be decided by what was said."
        )
        raise Invalid(refused, "planned_on", "before_the_end")
    if look_back and look_back <= planned:
        refused = (
            f"The look-back on {in_words(look_back)} would come before the decision, planned for {in_words(planned)}."
        )
        raise Invalid(refused, "look_back_on", "before_the_decision")


def lengthened(closes_on, today):
    """The last day for comments after a change of substance today."""
    return max(closes_on, today + timedelta(days=LEAST_AFTER_CHANGE))


def _check_one(day, name, words, today, *, kept):
    if day is None and name == "look_back_on":
        return
    if not isinstance(day, date):
        raise Invalid("Choose a day.", name, "required")
    check_day(day, name, words)
    if day < today and not kept:
        raise Invalid(f"{words}, {in_words(day)}, has passed. Choose one to come.", name, "past")
    most = MOST_LATER if name == "look_back_on" else LONGEST
    if day > today + most:
        raise Invalid(f"{words} may lie {most.days // 366} years ahead at most.", name, "range")


def in_words(day):
    return dates.in_words(day.isoformat())
