"""The derived word for an entry (full, staged, gated, withheld), one sentence that says it, and the reasons."""

from typing import NamedTuple

from registry.releases import dates
from registry.releases.clock import clock, leaks, subject_tracks
from registry.releases.levels import tracks
from registry.releases.vocabulary import (
    AHEAD,
    COPIES,
    STOPPED,
    WEAK_GATES,
    ArtefactKind,
    Basis,
    Component,
    Family,
    Gate,
    Level,
    SummaryWord,
)
from registry.releases.wording import (
    access_in_words,
    days_in_words,
    joined,
    name_of,
    noun,
    release_in_words,
    sentence,
    verb,
)

MEANING = {
    SummaryWord.FULL: "“Full” means that what the entry is about (for a model: weights, inference code and paper) "
                      "can be downloaded by the public, with no gate stronger than a click.",
    SummaryWord.STAGED: "“Staged” means two or more effective stages of the same kind of component, or a planned one.",
    SummaryWord.GATED: "“Gated” means downloadable or hosted behind registration or a stronger gate.",
    SummaryWord.WITHHELD: "“Withheld” means that what the entry is about is fully closed.",
    SummaryWord.PARTIAL: "None of the words full, staged, gated and withheld applies.",
    SummaryWord.UNSTATED: "What is not stated never counts as closed.",
}
LEVELS_BY_STRICTNESS = [Level.CLOSED, Level.RESTRICTED, Level.UNSTATED, Level.OPEN]
SUBSTANCE = {Family.WEIGHTS, Family.CODE, Family.DATA}


class Summary(NamedTuple):
    label: SummaryWord
    sentence: str
    because: list[str]


class Case(NamedTuple):
    """What the words are decided from: everything as it stands on one day."""

    content: dict
    today: object
    tracks: list
    subject: list
    family: Family
    waits: list

    @property
    def known(self):
        return [variant["name"] for variant in self.content["artefact"]["variants"]]

    def at(self, *levels, among=None):
        """Return the tracks that stand at one of these levels today."""
        return [
            track for track in (self.subject if among is None else among)
            if (now := track.on(self.today)) and now.level in levels
        ]

    def of(self, component):
        return [track for track in self.tracks if track.component == component]


def summarise(content, today=None):
    """Derive the word, the sentence and the reasons from the content as of a day."""
    today = today or dates.latest_today()
    case = Case(content, today, tracks(content), *subject_tracks(content), clock(content, today))
    label, clause = decide(case)
    return Summary(label, sentence(f"{label.label}: {clause}"), [*reasons(case), MEANING[label]])


def decide(case):
    """Return the word and its clause; steps outweigh what they arrived at, if anything was ever held back."""
    waiting = planned_stages(case)
    shut = case.at(Level.CLOSED)
    if not waiting and is_full(case) and not held_back(case):
        return SummaryWord.FULL, full(case)
    if waiting or (len(steps_taken(case)) > 1 and case.at(Level.OPEN, Level.RESTRICTED)):
        return SummaryWord.STAGED, staged(case, waiting)
    if shut:
        return SummaryWord.WITHHELD, withheld(case, shut)
    behind_gate = gated_tracks(case)
    if behind_gate:
        return SummaryWord.GATED, standing(case, case.subject) + leaked(case)
    if late_parts(case):
        return SummaryWord.STAGED, after_waiting(case, late_parts(case)[0])
    if is_full(case):
        return SummaryWord.FULL, full(case)
    if case.subject and case.at(Level.OPEN, Level.RESTRICTED):
        return SummaryWord.PARTIAL, in_part(case)
    return SummaryWord.UNSTATED, unstated(case)


def planned_stages(case):
    """Return the planned stages that concern the substance of the entry, or name no component at all."""
    return [
        stage for stage in case.content["stages"]
        if stage["status"] in AHEAD and stage["basis"] == Basis.AUTHORISED and concerns_substance(case, stage)
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
    kind = case.content["artefact"]["kind"]
    if kind not in (ArtefactKind.MODEL, ArtefactKind.SYSTEM):
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


def staged(case, waiting):
    """Say how long the longest wait was, or else what is planned or in how many steps it came."""
    own = [wait for wait in case.waits if wait.component in {track.component for track in case.subject}]
    ended = longest_first(wait for wait in own if wait.level == Level.CLOSED and wait.ended_by)
    eased = longest_first(wait for wait in own if wait.level == Level.RESTRICTED and wait.ended_by == Level.OPEN)
    if ended or eased:
        clause = after_waiting(case, (ended or eased)[0])
    elif len(steps_taken(case)) > 1:
        clause = in_steps(case)
    else:
        clause = standing(case, case.subject) if case.subject else ""
    rest = case.at(Level.CLOSED) if ended or eased else []
    if rest:
        clause += f"; {phrase(case, rest)} {verb(rest[0].component, 'are', 'is')} still withheld"
    if waiting:
        clause += ("; " if clause else "") + plan(waiting[0])
    return clause


def longest_first(waits):
    return sorted((wait for wait in waits if wait.days), key=lambda wait: (-wait.days[1], -wait.days[0]))


def after_waiting(case, longest):
    """Say how long something was withheld and what came then."""
    alike = [
        wait for wait in case.waits
        if (wait.component, wait.level, wait.days, wait.until, wait.again) ==
        (longest.component, longest.level, longest.days, longest.until, longest.again)
    ]
    told_apart = [track.variant for track in case.of(longest.component)]
    what = noun(longest.component, [wait.variant for wait in alike], told_apart)
    were = verb(longest.component, "were", "was")
    then = ending(longest)
    state = {Level.CLOSED: "withdrawn" if longest.again else "withheld"}.get(longest.level, "restricted")
    return f"{what} {were} {state} for {days_in_words(longest.days)}, then {then}"


def ending(wait):
    """Say what ended a wait, and that it was not the first time."""
    again = " again" if wait.again else ""
    if wait.end.level == Level.OPEN:
        return f"released{again}" if wait.level == Level.CLOSED else "released to everyone"
    if wait.end.level == Level.RESTRICTED:
        return release_in_words(wait.end) + again
    return f"changed in a way that is not stated in full{again}"


def in_steps(case):
    """Say in how many steps it came, over which time, and which variants are still kept back more than others."""
    stages = case.content["stages"]
    numbers = steps_taken(case)
    days = sorted((dates.period(stages[n]["date"]), stages[n]["date"]) for n in numbers if stages[n]["date"])
    clause = f"{noun(case.subject[0].component)} came out in {len(numbers)} steps"
    if len(days) == len(numbers):
        clause += f" from {dates.in_words(days[0][1])} to {dates.in_words(days[-1][1])}"
    kept = groups(case, case.subject)
    return clause + (f"; {current(case, kept[0])}" if len(kept) > 1 else "")


def plan(stage):
    """Say what is planned, when, and upon what."""
    named = {item["component"] for item in stage["components"] if item["component"]}
    what = f"a further stage for {joined(['the ' + name_of(c) for c in sorted(named)])}" if named else "a further stage"
    when = f" for {dates.in_words(stage['date'])}" if stage["date"] else ""
    return f"{what} is planned{when}{' on a condition' if stage['condition'] else ''}"


def withheld(case, shut):
    """Say what is closed, when it was withdrawn, and what can be had."""
    clause = current(case, shut)
    others = [track for track in case.subject if track not in shut]
    return clause + (f"; {standing(case, others)}" if others else released_besides(case))


def current(case, group):
    """Say how tracks that stand alike can be reached today, and since when they cannot."""
    component, now = group[0].component, group[0].on(case.today)
    if now.level != Level.CLOSED:
        return f"{phrase(case, group)} {access_in_words(component, now)}"
    stage = case.content["stages"][now.stage]
    if stage["status"] not in STOPPED:
        return f"{phrase(case, group)} {verb(component, 'have', 'has')} not been released"
    when = f" {'on' if len(stage['date']) == 10 else 'in'} {dates.in_words(stage['date'])}" if stage["date"] else ""
    return f"{phrase(case, group)} {verb(component, 'were', 'was')} {stage['status']}{when}"


def released_besides(case):
    """Name the other components that can be had or used."""
    others = [track for track in case.tracks if track.component not in {own.component for own in case.subject}]
    names = list(dict.fromkeys(name_of(t.component) for t in case.at(Level.OPEN, Level.RESTRICTED, among=others)))
    return f"; what can be had or used: {joined(names)}" if names else ""


def standing(case, chosen):
    """Say how each group of tracks with the same access can be reached today, the most restricted first."""
    return "; ".join(current(case, group) for group in groups(case, chosen)[:3])


def groups(case, chosen):
    """Group tracks by what holds for them today; the hardest to reach come first."""
    found = {}
    for track in chosen:
        now = track.on(case.today)
        if now:
            found.setdefault((track.component, now.access, now.stage if now.level == Level.CLOSED else 0), []).append(track)
    return sorted(found.values(), key=lambda group: strictness(group[0].on(case.today)))


def strictness(step):
    return LEVELS_BY_STRICTNESS.index(step.level), -Gate.values.index(step.gate) if step.gate else 0


def full(case):
    if case.content["artefact"]["kind"] in (ArtefactKind.MODEL, ArtefactKind.SYSTEM):
        return "weights, inference code and paper can be downloaded by anyone"
    return standing(case, case.subject)


def in_part(case):
    """Say how the subject can be reached, and what else of substance is withheld, stopped or not stated."""
    clause = standing(case, case.subject)
    others = [t for t in case.tracks if Component(t.component).family != case.family]
    shut = [t for t in case.at(Level.CLOSED, among=others) if status_of(case, t) not in STOPPED]
    if shut:
        names = list(dict.fromkeys(t.component for t in shut))
        are = verb(names[0], "are", "is") if len(names) == 1 else "are"
        clause += f"; the {joined([name_of(name) for name in names])} {are} withheld"
    for track in [t for t in case.at(Level.CLOSED, among=others) if t not in shut][:2]:
        clause += f"; {current(case, [track])}"
    return clause + (silence(case) if not shut else "")


def silence(case):
    """Name what a model needs to count as full and nothing is said of."""
    if case.content["artefact"]["kind"] not in (ArtefactKind.MODEL, ArtefactKind.SYSTEM):
        return ""
    parts = {"inference code": [Component.INFERENCE_CODE], "paper": [Component.PAPER, Component.TECHNICAL_REPORT]}
    missing = [name for name, names in parts.items() if not any(case.of(component) for component in names)]
    return f"; nothing is said of {joined([f'the {name}' for name in missing])}" if missing else ""


def unstated(case):
    names = list(dict.fromkeys(name_of(track.component) for track in case.at(Level.OPEN, among=case.tracks)))
    known = f"; released: {joined(names)}" if names else ""
    about = {Family.WEIGHTS: "the weights", Family.DATA: "the data", Family.CODE: "the code"}
    return f"nothing is said in full of {about.get(case.family, 'what the entry is about')}{known}"


def status_of(case, track):
    return case.content["stages"][track.on(case.today).stage]["status"]


def phrase(case, chosen):
    """Name tracks of one component, by variant where its variants differ."""
    told_apart = [track.variant for track in case.of(chosen[0].component)]
    return noun(chosen[0].component, [track.variant for track in chosen], told_apart)


def leaked(case):
    """Say that what is gated leaked, and after how many days."""
    own = {track.component for track in case.subject}
    spans = [wait.days_to_leak for wait in case.waits if wait.component in own and wait.days_to_leak]
    return f"; {after(min(spans), 'a leak followed')}" if spans else ""


def reasons(case):
    """Return the dated facts behind the word, as sentences."""
    own = {track.component for track in case.subject}
    waits = [wait for wait in case.waits if wait.component in own]
    found = [text for wait in alike(waits) for text in wait_in_words(case, *wait)]
    if not any(wait.days_to_leak for wait in waits) and leaks(case.content):
        found.append("It leaked; a leak changes what exists, not what was decided.")
    steps = steps_taken(case)
    if len(steps) > 1:
        days = [dates.in_words(case.content["stages"][number]["date"]) for number in sorted(steps)]
        found.append(f"Stages that changed it: {', '.join(days)}.")
    return found[:12]


def alike(waits):
    """Join waits that differ in nothing but the variant."""
    found = {}
    for wait in waits:
        found.setdefault(wait._replace(variant="", start=None, end=None), []).append(wait)
    return [(same[0], [wait.variant for wait in same]) for same in found.values()]


def wait_in_words(case, wait, variants):
    what = noun(wait.component, variants, [track.variant for track in case.of(wait.component)])
    state = "closed" if wait.level == Level.CLOSED else "restricted"
    since = dates.in_words(wait.since)
    if wait.ended_by:
        span = f" ({days_in_words(wait.days)})" if wait.days else ""
        were = verb(wait.component, "were", "was")
        yield sentence(f"{what} {were} {state} from {since} until {dates.in_words(wait.until)}{span}")
    else:
        yield sentence(f"{what} {verb(wait.component, 'have', 'has')} been {state} since {since}")
    if wait.days_to_replication:
        yield sentence(after(wait.days_to_replication, "others reached the same result"))
    if wait.days_to_leak:
        yield sentence(after(wait.days_to_leak, "a leak followed"))


def after(span, what):
    low, high = span
    return f"{what} on the same day" if high == 0 else f"{what} after {days_in_words(span)}"
