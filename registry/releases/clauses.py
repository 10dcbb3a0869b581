"""The clause that follows a summary's word: how long something waited, what can be had, what is kept back."""

from registry.releases import dates
from registry.releases.case import MODELS, longest_first, steps_taken
from registry.releases.promises import due_of, when_of
from registry.releases.vocabulary import STOPPED, Component, Family, Gate, Level
from registry.releases.wording import (
    access_in_words,
    days_in_words,
    joined,
    name_of,
    noun,
    release_in_words,
    verb,
)

LEVELS_BY_STRICTNESS = [Level.CLOSED, Level.RESTRICTED, Level.UNSTATED, Level.OPEN]


def staged(case, waiting):
    """Say how long the longest wait was, or else what is planned or in how many steps it came."""
    own = [wait for wait in case.waits if wait.component in {track.component for track in case.subject}]
    ended = longest_first(wait for wait in own if wait.level == Level.CLOSED and wait.ended_by)
    eased = longest_first(wait for wait in own if wait.level == Level.RESTRICTED and wait.ended_by == Level.OPEN)
    if ended or eased:
        clause = after_waiting(case, (ended or eased)[0])
    elif len(steps_taken(case)) > 1 and case.at(Level.OPEN, Level.RESTRICTED):
        clause = in_steps(case)
    else:
        clause = standing(case, case.subject) if case.subject else ""
    rest = case.at(Level.CLOSED) if ended or eased else []
    if rest:
        clause += f"; {phrase(case, rest)} {verb(rest[0].component, 'are', 'is')} still withheld"
    if waiting:
        clause += ("; " if clause else "") + plan(waiting[0], case.today)
    return clause


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


def plan(stage, today):
    """Say what is planned, when, and upon what."""
    named = {item["component"] for item in stage["components"] if item["component"]}
    parts = joined([f"the {name_of(component)}" for component in sorted(named)])
    what = f"a further stage for {parts}" if named else "a further stage"
    planned = when_of(stage)
    when = f" for {dates.in_words(planned)}" if planned else ""
    days = dates.period(due_of(stage))
    if days and days[1] < today:
        return f"{what} was planned{when} and is not marked as done"
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
            closed_by = now.stage if now.level == Level.CLOSED else None
            found.setdefault((track.component, now.access, closed_by), []).append(track)
    return sorted(found.values(), key=lambda group: strictness(group[0].on(case.today)))


def strictness(step):
    return LEVELS_BY_STRICTNESS.index(step.level), -Gate.values.index(step.gate) if step.gate else 0


def full(case):
    if case.content["artefact"]["kind"] in MODELS:
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
    if case.content["artefact"]["kind"] not in MODELS:
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


def after(span, what):
    low, high = span
    return f"{what} on the same day" if high == 0 else f"{what} after {days_in_words(span)}"
