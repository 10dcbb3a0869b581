"""State over time: which component of which variant stood at which level from when on."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from registry.releases import dates
from registry.releases.promises import settled, when_of
from registry.releases.vocabulary import (
    AHEAD,
    COPIES,
    IN_FORCE,
    STOPPED,
    WEAK_GATES,
    Audience,
    Basis,
    Component,
    Gate,
    Level,
    Mode,
)

LEAST_OPEN_FIRST = [Level.CLOSED, Level.UNSTATED, Level.RESTRICTED, Level.OPEN]
COMPONENTS, AUDIENCES = tuple(Component.values), ("", *Audience.values)
SERVED = {Component.DEMO, Component.API, Component.DETECTOR}


class Step(NamedTuple):
    """One statement of a level; `first` and `last` bound its date and are None where that is unknown."""

    first: date | None
    last: date | None
    since: date
    level: Level
    stage: int
    mode: str
    gate: str
    audience: str
    licence: str

    @property
    def access(self):
        return self.mode, self.gate, self.audience


class Track(NamedTuple):
    """The steps of one component of one variant, in order; `planned` holds those that have not happened."""

    component: str
    variant: str
    steps: list[Step]
    planned: list[Step]

    def on(self, day):
        """Return the step in force on a day, or None; an undated step counts from the one before it."""
        past = [step for step in self.steps if step.since <= day]
        return past[-1] if past else None


class Spell(NamedTuple):
    """A time at one level: from `start` until `end`, which is None while it lasts."""

    component: str
    variant: str
    level: Level
    start: Step
    end: Step | None
    again: bool

    def days(self, today):
        """Return the fewest and most days it lasted, or None where its dates do not tell."""
        if self.start.first is None or (self.end and self.end.first is None):
            return None
        first, last = (self.end.first, self.end.last) if self.end else (today, today)
        return max(0, (first - self.start.last).days), max(0, (last - self.start.first).days)


def level_of(mode, gate, audience, component=""):
    """Reduce mode, gate and audience to one level; what is used on the lab's machines is not had."""
    if mode == Mode.FULLY_CLOSED or audience == Audience.INTERNAL:
        return Level.CLOSED
    if not mode:
        return Level.UNSTATED
    if (gate and gate not in WEAK_GATES) or (audience and audience != Audience.PUBLIC):
        return Level.RESTRICTED
    if mode not in COPIES and component not in SERVED:
        return Level.RESTRICTED
    return Level.OPEN if gate and audience else Level.UNSTATED


def tracks(content):
    """Return one track for each component and variant that any stage speaks of, in the order of vocabulary."""
    stages = [(when, number, statements(content["stages"][number])) for when, number in telling_stages(content)]
    found = []
    for component in COMPONENTS:
        spoken_of = {variant for _, _, said in stages for variant in said.get(component, ())}
        for variant in variants_told_apart(content, spoken_of):
            found.append(track(content, stages, component, variant))
    return found


def telling_stages(content):
    """Return (date, number) of the stages that tell how things stand or will stand, by date."""
    over = settled(content)
    return [
        (when, number) for when, number in in_order(content["stages"])
        if counts(content["stages"][number]) and number not in over
    ]


def counts(stage):
    """A leak changes what exists, not what was decided; a cancelled stage changes nothing."""
    return stage["basis"] != Basis.UNAUTHORISED and stage["status"] in IN_FORCE | AHEAD


def variants_told_apart(content, spoken_of):
    """A level stated for the whole artefact holds for each variant, as soon as any variant is told apart."""
    if not spoken_of:
        return []
    if not set(spoken_of) - {""}:
        return [""]
    named = [variant["name"] for variant in content["artefact"]["variants"]]
    return [name for name in named if name in spoken_of or "" in spoken_of]


def statements(stage):
    """Index what a stage says by component, then variant: of several audiences, the one that gets the most."""
    said = defaultdict(dict)
    for item in stage["components"]:
        known = said[item["component"]].get(item["variant"])
        if known is None or openness(item) > openness(known):
            said[item["component"]][item["variant"]] = item
    return said


def openness(item):
    """Order statements by how much they give to how many."""
    level = level_of(item["mode"], item["gate"], item["audience"], item["component"])
    audience = item["audience"]
    return LEAST_OPEN_FIRST.index(level), AUDIENCES.index(audience) if audience in AUDIENCES else 0


def track(content, stages, component, variant):
    """Collect what was stated of a variant by name, or else of the whole artefact."""
    happened, planned = [], []
    for when, number, said in stages:
        item = said.get(component, {}).get(variant) or said.get(component, {}).get("")
        if item:
            stage = content["stages"][number]
            (planned if stage["status"] in AHEAD else happened).append(step(stage, when, number, item))
    return Track(component, variant, happened, planned)


def step(stage, when, number, item):
    """Turn a statement into a step; whatever stops in a paused or withdrawn stage is closed from then on."""
    first, last = dates.period(when_of(stage)) or (None, None)
    mode, gate, audience = item["mode"], item["gate"], item["audience"]
    if stage["status"] in STOPPED:
        mode, gate, audience = Mode.FULLY_CLOSED.value, Gate.NONE.value, Audience.INTERNAL.value
    level = level_of(mode, gate, audience, item["component"])
    return Step(first, last, when, level, number, mode, gate, audience, item["licence"])


def in_order(stages):
    """Return (date, number) of stages by date; an undated stage stays behind the one that it follows."""
    keys, latest = [], date.min
    for number, stage in enumerate(stages):
        days = dates.period(when_of(stage))
        latest = days[0] if days else latest
        keys.append((latest, number))
    return sorted(keys)


def spells(track, today, by_access=False):
    """Return the times a track spent at each level until today; `by_access` parts ways of being restricted."""
    found = []
    for taken in (step for step in track.steps if step.since <= today):
        alike = found and found[-1].level == taken.level
        if alike and not (by_access and taken.level == Level.RESTRICTED and taken.access != found[-1].start.access):
            continue
        if found:
            found[-1] = found[-1]._replace(end=taken)
        again = any(spell.level in (Level.OPEN, Level.RESTRICTED) for spell in found)
        found.append(Spell(track.component, track.variant, taken.level, taken, None, again))
    return found
