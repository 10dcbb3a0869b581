"""The rows of a timeline: components that share one history stand together; and the same facts as a table."""

import textwrap
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from registry.releases import dates
from registry.releases.happened import happened
from registry.releases.levels import spells, tracks
from registry.releases.promises import when_of
from registry.releases.vocabulary import (
    AHEAD,
    IN_FORCE,
    STOPPED,
    Audience,
    Basis,
    Component,
    EventKind,
    Gate,
    Level,
    Mode,
    StageStatus,
)
from registry.releases.wording import joined, size_of

LABEL_LETTERS = 23
LAST = (date.max, date.max)
WORDS_FOR = {
    EventKind.REPLICATION: "replicated", EventKind.LEAK: "leaked", EventKind.CORRECTION: "corrected",
    EventKind.LICENCE_CHANGE: "licence changed",
}


class Row(NamedTuple):
    """Tracks with one and the same history; `label` names them, shortly."""

    label: str
    full_label: str
    tracks: list
    spells: list
    planned: list


class Happening(NamedTuple):
    """A dated event that is drawn as a mark; `variant` is empty where it concerns the whole entry."""

    date: str
    kind: str
    word: str
    text: str
    variant: str


class Fact(NamedTuple):
    """One line of the table: when, what it was about, and what changed."""

    date: str
    when: str
    what: str
    change: str
    note: str
    kind: str
    stage: int | None
    sources: list


def rows_of(content, today):
    """Return the weights, the largest first, then all other components; equal histories share a row."""
    grouped = {}
    for track in in_picture_order(tracks(content)):
        weights = track.component == Component.WEIGHTS_FINAL
        history = tuple(
            (spell.start.since, spell.level, spell.start.access if weights or spell.level == Level.RESTRICTED else "")
            for spell in spells(track, today, by_access=True)
        )
        ahead = tuple((step.since, step.first, step.access) for step in track.planned)
        grouped.setdefault((weights, history, ahead), []).append(track)
    return [
        Row(short_label(group), full_label(group), group, spells(group[0], today, by_access=True), group[0].planned)
        for group in grouped.values()
    ]


def in_picture_order(found):
    weights = [track for track in found if track.component == Component.WEIGHTS_FINAL]
    if all(size_of(track.variant) for track in weights):
        weights = sorted(weights, key=lambda track: -size_of(track.variant))
    return weights + [track for track in found if track.component != Component.WEIGHTS_FINAL]


def short_label(group):
    """Name as many tracks as fit on two lines, and count the others."""
    names = labels(group)
    texts = [joined(names, most) for most in (4, 3, 2)]
    return next((text for text in texts if len(textwrap.wrap(text, LABEL_LETTERS)) < 3), texts[-1])


def full_label(group):
    names = labels(group)
    if group[0].component == Component.WEIGHTS_FINAL and group[0].variant:
        return f"Weights of {joined(names, len(names))}"
    return joined(names, len(names))


def labels(group):
    """Name weights by their variants, and other components once with the variants that share the history."""
    if group[0].component == Component.WEIGHTS_FINAL:
        return [track.variant or "Weights" for track in group]
    variants = {}
    for track in group:
        variants.setdefault(track.component, []).append(track.variant)
    names = [f"{Component(name).label} {joined(told)}".strip() for name, told in variants.items()]
    return [names[0], *(lowered(name) for name in names[1:])]


def happenings(content):
    """Return what is marked on the picture: events other than notes, and unauthorised stages."""
    found = [
        Happening(event["date"], event["kind"], WORDS_FOR[event["kind"]], event["text"], event["variant"])
        for event in happened(content) if event["kind"] in WORDS_FOR
    ]
    for stage in content["stages"]:
        if stage["basis"] == Basis.UNAUTHORISED and stage["status"] not in AHEAD | {StageStatus.CANCELLED}:
            named = {item["variant"] for item in stage["components"]}
            variant = named.pop() if len(named) == 1 else ""
            found.append(Happening(stage["date"], "leak", "leaked", stage["title"] or "It leaked.", variant))
    return sorted(found, key=lambda happening: dates.period(happening.date) or LAST)


def timeline_table(content, today=None):
    """Return all that the picture shows, and the notes that it leaves out, as facts in the order of time."""
    before = modes_before(content)
    facts = [fact for number, _ in enumerate(content["stages"]) for fact in stage_facts(content, number, before)]
    facts += [
        Fact(
            event["date"], dates.in_words(event["date"]), event["variant"] or "The entry",
            EventKind(event["kind"]).label, event["text"], "event", None, event["sources"],
        )
        for event in happened(content)
    ]
    return sorted(facts, key=lambda fact: dates.period(fact.date) or LAST)


def stage_facts(content, number, before):
    """Join the components of a stage that changed alike into one fact each."""
    stage, alike = content["stages"][number], {}
    for item in stage["components"]:
        if item["component"]:
            change = change_in_words(stage, before.get((item["component"], item["variant"], number), ""), item)
            alike.setdefault(change, []).append(item)
    date = when_of(stage)
    when, kind = dates.in_words(date), kind_of(stage)
    for change, items in alike.items():
        names = [f"{Component(item['component']).label} {item['variant']}".strip() for item in items]
        sources = list(dict.fromkeys([key for item in items for key in item["sources"]] + stage["sources"]))
        yield Fact(date, when, joined(names, len(names)), change, stage["title"], kind, number, sources)
    if not alike:
        label, note = StageStatus(stage["status"]).label, stage["title"] or stage["condition"]
        yield Fact(date, when, "The entry", label, note, kind, number, stage["sources"])


def modes_before(content):
    """Return the mode that held before each statement, by (component, variant as stated, stage)."""
    found = {}
    for track in tracks(content):
        for earlier, later in pairwise(track.steps):
            found[track.component, track.variant, later.stage] = earlier.mode
            found.setdefault((track.component, "", later.stage), earlier.mode)
        for planned in track.planned if track.steps else []:
            found[track.component, track.variant, planned.stage] = track.steps[-1].mode
            found.setdefault((track.component, "", planned.stage), track.steps[-1].mode)
    return found


def kind_of(stage):
    """Return the status of a stage, or `leak` for what nobody decided."""
    return "leak" if stage["basis"] == Basis.UNAUTHORISED else stage["status"]


def change_in_words(stage, before, item):
    """Write a change of level as people say it: fully closed → downloadable (non-commercial; CC-BY-NC-4.0)."""
    if stage["status"] in STOPPED:
        return f"{StageStatus(stage['status']).label}: access stopped"
    after = Mode(item["mode"]).label if item["mode"] else "Mode not stated"
    text = f"{Mode(before).label} → {lowered(after)}" if before and before != item["mode"] else after
    terms = [
        Gate(item["gate"]).label if item["gate"] not in ("", Gate.NONE) else "",
        Audience(item["audience"]).label if item["audience"] not in ("", Audience.PUBLIC, Audience.INTERNAL) else "",
        f"licence {item['licence']}" if item["licence"] else "",
    ]
    details = "; ".join(lowered(term) for term in terms if term)
    prefix = "" if stage["status"] in IN_FORCE else f"{StageStatus(stage['status']).label}: "
    text = f"{prefix}{lowered(text) if prefix else text}"
    return f"{text} ({details})" if details else text


def lowered(text):
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
