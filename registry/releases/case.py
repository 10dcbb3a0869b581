"""The case for a summary: how things stand on a day, and the plain questions that the words are decided by."""

from datetime import date
from typing import NamedTuple

from registry.releases.clock import clock, subject_tracks
from registry.releases.levels import tracks
from registry.releases.promises import settled
from registry.releases.vocabulary import (
    AHEAD,
    COPIES,
    STOPPED,
    WEAK_GATES,
    ArtefactKind,
    Basis,
    Component,
    Family,
    Level,
)

MODELS = {ArtefactKind.MODEL, ArtefactKind.SYSTEM}
SUBSTANCE = {Family.WEIGHTS, Family.CODE, Family.DATA}


class Case(NamedTuple):
    """What the words are decided from: everything as it stands on one day."""

    content: dict
    today: date
    tracks: list
    subject: list
    family: Family
    waits: list

    def at(self, *levels, among=None):
        """Return the tracks that stand at one of these levels today."""
        return [
            track for track in (self.subject if among is None else among)
            if (now := track.on(self.today)) and now.level in levels
        ]

    def of(self, component):
        return [track for track in self.tracks if track.component == component]


def case_of(content, today, found=None):
    """Gather the case of a content on a day; `found` are its tracks where they are known."""
    found = found or tracks(content)
    return Case(content, today, found, *subject_tracks(content, found), clock(content, today, found))


def planned_stages(case):
    """Return the planned stages that concern the substance of the entry, or name no component at all."""
    over = settled(case.content)
    return [
        stage for number, stage in enumerate(case.content["stages"])
        if number not in over and stage["status"] in AHEAD and stage["basis"] == Basis.AUTHORISED
        and concerns_substance(case, stage)
    ]


def concerns_substance(case, stage):
    families = {Component(item["component"]).family for item in stage["components"] if item["component"]}
    return not families or families & (SUBSTANCE | {case.family})


def steps_taken(case):
    """Return the numbers of the effective stages that said something new of the subject's family."""
    stages, numbers = case.content["stages"], set()
    for track in case.tracks:
        if Component(track.component).family != case.family:
            continue
        before = None
        for step in track.steps:
            new = before is None or step.access != before.access
            if new and step.since <= case.today and stages[step.stage]["status"] not in STOPPED:
                numbers.add(step.stage)
            before = step
    return numbers


def held_back(case):
    """Say whether anything of the subject's family was ever stated as closed or restricted."""
    return any(Component(wait.component).family == case.family for wait in case.waits)


def gated_tracks(case):
    return [
        track for track in case.at(Level.RESTRICTED, Level.UNSTATED)
        if (gate := track.on(case.today).gate) and gate not in WEAK_GATES
    ]


def late_parts(case):
    """Return the waits of code or data that were withheld and then released, longest first."""
    return longest_first(
        wait for wait in case.waits
        if wait.level == Level.CLOSED and wait.ended_by and not wait.again
        and Component(wait.component).family in SUBSTANCE
    )


def is_full(case):
    if case.content["artefact"]["kind"] not in MODELS:
        return bool(case.subject) and all_to_be_had(case, case.subject)
    papers = case.of(Component.PAPER) + case.of(Component.TECHNICAL_REPORT)
    return (
        all_to_be_had(case, case.of(Component.WEIGHTS_FINAL))
        and all_to_be_had(case, case.of(Component.INFERENCE_CODE))
        and any(all_to_be_had(case, [paper]) for paper in papers)
    )


def all_to_be_had(case, chosen):
    """Say whether there are tracks and each can be downloaded by the public without a strong gate."""
    open_now = case.at(Level.OPEN, among=chosen)
    return bool(chosen) and len(open_now) == len(chosen) and all(t.on(case.today).mode in COPIES for t in open_now)


def longest_first(waits):
    return sorted((wait for wait in waits if wait.days), key=lambda wait: (-wait.days[1], -wait.days[0]))
