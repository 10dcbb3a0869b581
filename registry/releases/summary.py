"""The derived word for an entry (full, staged, gated, withheld), one sentence that says it, and its reasons."""

from typing import NamedTuple

from registry.releases import dates
from registry.releases.case import (
    case_of,
    gated_tracks,
    held_back,
    is_full,
    late_parts,
    planned_stages,
    steps_taken,
)
from registry.releases.clauses import (
    after,
    after_waiting,
    full,
    in_part,
    leaked,
    staged,
    standing,
    unstated,
    withheld,
)
from registry.releases.clock import leaks
from registry.releases.explanation import explained
from registry.releases.vocabulary import Level, SummaryWord
from registry.releases.wording import days_in_words, noun, sentence, verb

MEANING = {
    SummaryWord.FULL: "“Full” means that what the entry is about (of a model: weights, inference code, paper) can "
                      "be downloaded by the public, with no gate stronger than a click.",
    SummaryWord.STAGED: "“Staged” means two or more effective stages of one kind of component, or a planned one.",
    SummaryWord.GATED: "“Gated” means downloadable or hosted behind registration or a stronger gate.",
    SummaryWord.WITHHELD: "“Withheld” means that what the entry is about is fully closed.",
    SummaryWord.PARTIAL: "None of the words full, staged, gated and withheld applies.",
    SummaryWord.UNSTATED: "What is not stated never counts as closed.",
}


class Summary(NamedTuple):
    label: SummaryWord
    sentence: str
    because: list[str]


def summarise(content, today=None, found=None):
    """Derive the word, the sentence and the reasons from the content as of a day; `found` are its tracks."""
    today = today or dates.latest_today()
    case = case_of(content, today, found)
    label, clause = decide(case)
    because = [explained(case, label), *reasons(case), MEANING[label]]
    return Summary(label, sentence(f"{label.label}: {clause}"), because)


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
