"""The decision clock: how long each component was withheld or restricted, and until others reached it."""

from typing import NamedTuple

from registry.releases import dates
from registry.releases.levels import Step, spells, tracks
from registry.releases.vocabulary import (
    AHEAD,
    FAMILIES,
    ArtefactKind,
    Basis,
    Component,
    EventKind,
    Family,
    Level,
    StageStatus,
)

SUBJECT = {
    ArtefactKind.MODEL: Family.WEIGHTS, ArtefactKind.SYSTEM: Family.WEIGHTS, ArtefactKind.DATASET: Family.DATA,
    ArtefactKind.CODE: Family.CODE, ArtefactKind.PAPER: Family.DOCUMENTS,
}


class Wait(NamedTuple):
    """One time of withholding (closed) or restriction; days are (fewest, most), or None where unknown."""

    component: str
    variant: str
    level: Level
    since: str
    until: str
    days: tuple | None
    ended_by: Level | None
    again: bool
    replicated: str
    days_to_replication: tuple | None
    leaked: str
    days_to_leak: tuple | None
    start: Step
    end: Step | None


def clock(content, today=None, found=None):
    """Return every time that a component spent closed or restricted, in the order of the vocabulary.

    `found` are the content's tracks where they are known.
    """
    today = today or dates.latest_today()
    return [
        wait(content, spell, today)
        for track in found or tracks(content) for spell in spells(track, today)
        if spell.level in (Level.CLOSED, Level.RESTRICTED)
    ]


def wait(content, spell, today):
    stages = content["stages"]
    subject = Component(spell.component).family == SUBJECT[content["artefact"]["kind"]]
    replicated = first_after(spell, replications(content) if subject else [])
    leaked = first_after(spell, leaks(content, spell.component))
    return Wait(
        spell.component, spell.variant, spell.level, stages[spell.start.stage]["date"],
        stages[spell.end.stage]["date"] if spell.end else "", spell.days(today),
        spell.end.level if spell.end else None, spell.again,
        replicated, days_between(stages[spell.start.stage]["date"], replicated),
        leaked, days_between(stages[spell.start.stage]["date"], leaked),
        spell.start, spell.end,
    )


def replications(content):
    return [(e["date"], e["variant"]) for e in content["events"] if e["kind"] == EventKind.REPLICATION]


def leaks(content, component=None):
    """Return (date, variant) of every leak of a component: unauthorised stages, and events about the subject."""
    subject = component is None or Component(component).family == SUBJECT[content["artefact"]["kind"]]
    events = [event for event in content["events"] if event["kind"] == EventKind.LEAK]
    found = [(event["date"], event["variant"]) for event in events if subject]
    for stage in content["stages"]:
        if stage["basis"] == Basis.UNAUTHORISED and stage["status"] not in AHEAD | {StageStatus.CANCELLED}:
            said = [item for item in stage["components"] if component in (None, item["component"])]
            found += [(stage["date"], item["variant"]) for item in said]
    return found


def first_after(spell, happenings):
    """Return the earliest date of what happened to this variant during a spell, as text."""
    begun = spell.start.first
    ended = spell.end.last if spell.end else None
    fitting = [
        (days[0], text) for text, variant in happenings
        if variant in ("", spell.variant) and (days := dates.period(text)) and begun
        and days[1] >= begun and (ended is None or days[0] <= ended)
    ]
    return min(fitting)[1] if fitting else ""


def days_between(since, until):
    start, end = dates.period(since), dates.period(until)
    return (max(0, (end[0] - start[1]).days), max(0, (end[1] - start[0]).days)) if start and end else None


def subject_tracks(content, all_tracks):
    """Return those of its tracks that are of the component which the entry is about, and the family they belong to."""
    chosen = SUBJECT[content["artefact"]["kind"]]
    # Where nothing is said of weights, what can be said of an entry is how the thing is reached.
    order = [chosen] + ([Family.ACCESS] if chosen == Family.WEIGHTS else [])
    for family in order:
        for component in FAMILIES[family]:
            found = [track for track in all_tracks if track.component == component]
            if any(step.level != Level.UNSTATED for track in found for step in track.steps + track.planned):
                return found, family
    return [], chosen
