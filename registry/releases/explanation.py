"""Why the word is what it is, in one sentence: “Gated, because the weights need a manual application.”"""

from registry.releases import dates
from registry.releases.case import gated_tracks, late_parts, planned_stages, steps_taken
from registry.releases.promises import when_of
from registry.releases.vocabulary import Component, Gate, Level, SummaryWord
from registry.releases.wording import joined, noun, verb

NEEDED = {
    Gate.REGISTRATION: "need an account", Gate.APPLICATION_AUTO: "need an application, which is granted automatically",
    Gate.APPLICATION_MANUAL: "need a manual application", Gate.INVITATION: "need an invitation",
    Gate.PARTNERS_UNDER_AGREEMENT: "need a signed agreement", Gate.QUERY_ONLY: "can only be queried",
    Gate.SCRAPING_SCRIPT: "must be gathered anew by a script",
}


def explained(case, label):
    """Return the sentence for a word that was decided for a case."""
    return f"{label.label}, because {BECAUSE[label](case)}."


def full(case):
    parts = [Component.WEIGHTS_FINAL, Component.INFERENCE_CODE, Component.PAPER, Component.TECHNICAL_REPORT]
    told = [noun(part) for part in parts if case.of(part) and case.at(Level.OPEN, among=case.of(part))]
    if case.subject and case.subject[0].component not in parts:
        told = [noun(case.subject[0].component)]
    return f"anyone can download {joined(told, len(told)) or 'what the entry is about'}"


def staged(case):
    waiting, steps = planned_stages(case), sorted(steps_taken(case))
    if waiting:
        due = when_of(waiting[0])
        when = f" for {dates.in_words(due)}" if due else " on a condition" if waiting[0]["condition"] else ""
        return f"a further stage is planned{when}"
    if len(steps) > 1:
        stages = case.content["stages"]
        days = [dates.in_words(stages[n]["date"]) for n in (steps[0], steps[-1])]
        what = "the " + case.family.label.lower()
        return f"{what} came out in {len(steps)} stages, the first of {days[0]}, the last of {days[1]}"
    late = late_parts(case)
    what = noun(late[0].component) if late else "a part"
    return f"{what} came out later than the rest"


def gated(case):
    found = gated_tracks(case)
    track = found[0]
    alike = [t for t in found if t.component == track.component and gate_of(case, t) == gate_of(case, track)]
    what = noun(track.component, [t.variant for t in alike], [t.variant for t in case.of(track.component)])
    need = NEEDED[gate_of(case, track)]
    if verb(track.component, "many", "one") == "one":
        need = need.replace("need ", "needs ", 1)
    return f"{what} {need}"


def gate_of(case, track):
    return Gate(track.on(case.today).gate)


def withheld(case):
    shut = case.at(Level.CLOSED)
    track = shut[0]
    what = noun(track.component, [t.variant for t in shut], [t.variant for t in case.of(track.component)])
    since = case.content["stages"][track.on(case.today).stage]["date"]
    if since:
        return f"{what} {verb(track.component, 'have', 'has')} been fully closed since {dates.in_words(since)}"
    return f"{what} {verb(track.component, 'are', 'is')} fully closed"


def partial(case):
    what = noun(case.subject[0].component)
    return f"some of {what} can be had or used, and none of full, staged, gated and withheld fits"


def unstated(case):
    what = noun(case.subject[0].component) if case.subject else f"the {case.family.label.lower()}"
    return f"too little is stated of {what}, and what is not stated never counts as closed"


BECAUSE = {
    SummaryWord.FULL: full, SummaryWord.STAGED: staged, SummaryWord.GATED: gated, SummaryWord.WITHHELD: withheld,
    SummaryWord.PARTIAL: partial, SummaryWord.UNSTATED: unstated,
}
