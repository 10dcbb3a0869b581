"""The decision ledger: what each audience may do with each component, from when until when, on what terms and why.

A stage that names a component says in full to whom it goes from then on, with three mercies. Who had access keeps it
when a broader audience gets some too (partners under agreement, then the public by form). Whoever belongs to an
audience that now gets it openly needs no line of their own any more. And what says the same again runs on since it
was first said. What nobody asserted has no cell: it is not stated, and never counts as closed.
"""

from typing import NamedTuple

from registry.releases.dates import period
from registry.releases.levels import COMPONENTS, level_of, telling_stages, variants_told_apart
from registry.releases.promises import when_of
from registry.releases.vocabulary import (
    AHEAD,
    STOPPED,
    Audience,
    Basis,
    Gate,
    Level,
    Mode,
    StageStatus,
)

NOT_SAID = ""
BREADTH = {audience.value: place for place, audience in enumerate(Audience)}
TERMS = ("mode", "gate", "licence", "terms_url", "terms_sha256", "restrictions")


class Cell(NamedTuple):
    """One assertion: `since` and `until` are texts of dates, `stage` counts from 0, `ended_by` is a stage or None."""

    component: str
    variant: str
    audience: str
    mode: str
    gate: str
    licence: str
    terms_url: str
    terms_sha256: str
    restrictions: str
    level: Level
    basis: str
    status: str
    since: str
    until: str
    stage: int
    ended_by: int | None
    reason: str
    sources: list

    @property
    def terms(self):
        return tuple(getattr(self, name) for name in TERMS)

    def stands_on(self, day):
        """Whether it holds on a day, as far as the dates tell; what is planned never does."""
        begun, ended = period(self.since), period(self.until)
        return self.status not in AHEAD and not (begun and begun[0] > day) and not (
            self.ended_by is not None and (ended is None or ended[0] <= day)
        )


def ledger(content):
    """Return every cell, by component in the order of the vocabulary, then variant, then time."""
    stages = [number for _, number in telling_stages(content)]
    leaked = [
        number for number, stage in enumerate(content["stages"])
        if stage["basis"] == Basis.UNAUTHORISED and stage["status"] not in AHEAD | {StageStatus.CANCELLED}
    ]
    said = {number: lines_of(content["stages"][number]) for number in [*stages, *leaked]}
    cells = []
    for component in COMPONENTS:
        spoken_of = {variant for lines in said.values() for variant in lines.get(component, ())}
        for variant in variants_told_apart(content, spoken_of):
            told = [(number, found) for number in stages if (found := pick(said[number], component, variant))]
            leaks = [(number, found) for number in leaked if (found := pick(said[number], component, variant))]
            cells += history(content, component, variant, told) + leaks_of(content, component, variant, leaks)
    return cells


def lines_of(stage):
    """Index the lines of a stage by component, then variant."""
    found = {}
    for item in stage["components"]:
        found.setdefault(item["component"], {}).setdefault(item["variant"], []).append(item)
    return found


def pick(lines, component, variant):
    """What a stage says of a variant by name, or else of the whole artefact."""
    by_variant = lines.get(component, {})
    return by_variant.get(variant) or by_variant.get("")


def history(content, component, variant, told):
    """The cells of one component of one variant over time, then what is planned of it."""
    past, standing, planned = [], {}, []
    for number, lines in told:
        stage = content["stages"][number]
        if stage["status"] in AHEAD:
            planned += [cell_of(stage, number, component, variant, item) for item in lines]
            continue
        if stage["status"] in STOPPED:
            lines = [stopped(lines[0])]
        fresh = {item["audience"]: cell_of(stage, number, component, variant, item) for item in lines}
        for audience, cell in list(standing.items()):
            if audience in fresh and cell.terms == fresh[audience].terms and cell.status not in STOPPED:
                fresh.pop(audience)
            elif audience in fresh or ends(cell, fresh.values()):
                past.append(standing.pop(audience)._replace(until=stage["date"], ended_by=number))
        standing |= fresh
    order = {id(cell): place for place, cell in enumerate([*past, *standing.values()])}
    cells = sorted([*past, *standing.values()], key=lambda cell: (cell.stage, order[id(cell)]))
    return cells + planned


def ends(cell, fresh):
    """Whether what a later stage says of other audiences ends what stood for this one."""
    if any(Level.CLOSED in (cell.level, other.level) for other in fresh) or cell.audience not in BREADTH:
        return True
    said = [other for other in fresh if other.audience in BREADTH]
    narrowed = all(BREADTH[other.audience] < BREADTH[cell.audience] for other in said)
    covered = any(
        BREADTH[other.audience] > BREADTH[cell.audience] and other.level == Level.OPEN for other in said
    )
    return narrowed or covered


def stopped(item):
    """What is paused or withdrawn is closed for everybody outside."""
    return item | {
        "mode": Mode.FULLY_CLOSED.value, "gate": Gate.NONE.value, "audience": Audience.INTERNAL.value, "licence": "",
    }


def leaks_of(content, component, variant, told):
    """A leak stands beside what was decided and ends nothing of it."""
    return [
        cell_of(content["stages"][number], number, component, variant, item) for number, lines in told for item in lines
    ]


def cell_of(stage, number, component, variant, item):
    return Cell(
        component, variant, item["audience"], item["mode"], item["gate"], item["licence"], item.get("terms_url", ""),
        item.get("terms_sha256", ""), item.get("restrictions", ""),
        level_of(item["mode"], item["gate"], item["audience"], component), stage["basis"], stage["status"],
        when_of(stage), "", number, None, item.get("reason") or stage.get("reason") or stage["rationale"],
        item["sources"] or stage["sources"],
    )


def audiences_of(cells):
    """The audiences that a ledger speaks of, from the narrowest to the broadest; last, what is not stated."""
    known = {cell.audience for cell in cells}
    return [audience for audience in [*Audience.values, NOT_SAID] if audience in known]


def days_of(content):
    """The dates on which a ledger changes, as texts, the latest first."""
    dated = {stage["date"] for stage in content["stages"] if period(stage["date"]) and stage["status"] not in AHEAD}
    return sorted(dated, key=lambda text: period(text)[0], reverse=True)
