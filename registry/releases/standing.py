"""How each component can be reached on a day, in words, by family."""

from typing import NamedTuple

from . import dates
from .levels import statements, tracks
from .promises import when_of
from .vocabulary import Component, Family, Level, StageStatus
from .wording import level_in_words, licence_in_words, terms_in_words


class Standing(NamedTuple):
    """How one component of one variant can be reached on a day, in words."""

    component: str
    name: str
    variant: str
    level: str
    word: str
    terms: str
    licence: str
    since: str
    stage: int
    note: str
    sources: list
    unsourced: bool
    planned: str
    mark: dict | None = None


def families(content, cite, today):
    """Every component that some stage speaks of, as it stands today, by family."""
    said = [statements(stage) for stage in content["stages"]]
    groups = {family: [] for family in Family}
    for track in tracks(content):
        groups[Component(track.component).family].append(_standing(content, said, track, cite, today))
    return [(family, rows) for family, rows in groups.items() if rows]


def _standing(content, said, track, cite, today):
    now = track.on(today)
    planned, label = _planned(content, track), Component(track.component).label
    if now is None:
        return Standing(
            track.component, label, track.variant, Level.UNSTATED, "not stated", "", "", "", 0, "", [], False, planned
        )
    item = said[now.stage][track.component].get(track.variant) or said[now.stage][track.component][""]
    level, word = level_in_words(now.mode, now.gate, now.audience, track.component)
    stage, since = content["stages"][now.stage], content["stages"][_begun(track, now).stage]
    cited = cite(item if item["sources"] else item | {"sources": stage["sources"]}, item)
    stopped = stage["status"] in (StageStatus.PAUSED, StageStatus.WITHDRAWN)
    return Standing(
        track.component, label, track.variant, level, stage["status"] if stopped else word,
        "" if stopped else terms_in_words(item), licence_in_words(item),
        dates.in_words(since["date"]) if since["date"] else "", content["stages"].index(since) + 1, item["note"],
        cited.sources, cited.unsourced, planned, cited.mark,
    )  # fmt: skip


def _begun(track, now):
    """The step since which the access has been what it is; a later step may have changed the licence alone."""
    begun = now
    for step in reversed(track.steps[: track.steps.index(now)]):
        if step.access != now.access:
            break
        begun = step
    return begun


def _planned(content, track):
    """What is planned for a component, in a few words."""
    for step in track.planned:
        stage = content["stages"][step.stage]
        word = level_in_words(step.mode, step.gate, step.audience, track.component)[1]
        planned = when_of(stage)
        when = f" for {dates.in_words(planned)}" if planned else ", on a condition"
        return f"{word} planned{when}"
    return ""


def levels_by_family(of, today):
    """The level of each family of these tracks, for lists: one word where all of it stands alike, else "mixed"."""
    found = {}
    for track in of:
        now = track.on(today)
        if now and now.level != Level.UNSTATED:
            found.setdefault(Component(track.component).family, set()).add(str(now.level))
    return {str(f): levels.pop() if len(levels) == 1 else "mixed" for f, levels in found.items()}
