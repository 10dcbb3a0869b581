"""Plain phrases for components, variants, levels and lengths of time, shared by summaries and pictures."""

import re

from registry.releases.levels import level_of
from registry.releases.vocabulary import Audience, Component, Gate, Level, Mode

PLURAL = {
    Component.WEIGHTS_FINAL, Component.WEIGHTS_INTERMEDIATE, Component.TRAINING_DATA, Component.EVALUATION_DATA,
    Component.EVALUATION_RESULTS, Component.SAMPLE_OUTPUTS, Component.SUPPORTING_TOOLS,
}
CAPITALS = {Component.API}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s?([KMBT])\b", re.IGNORECASE)
POWERS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
THROUGH_GATE = {
    Gate.CLICKTHROUGH: "once terms are accepted",
    Gate.REGISTRATION: "after registration",
    Gate.APPLICATION_AUTO: "on application, granted automatically",
    Gate.APPLICATION_MANUAL: "on application",
    Gate.INVITATION: "by invitation",
    Gate.PARTNERS_UNDER_AGREEMENT: "under an agreement with partners",
    Gate.QUERY_ONLY: "for queries only",
    Gate.SCRAPING_SCRIPT: "as a script that gathers them anew",
}
TO_WHOM = {
    Audience.NAMED_PARTNERS: "named partners", Audience.VERIFIED_RESEARCHERS: "verified researchers",
    Audience.NON_COMMERCIAL: "anyone for non-commercial use", Audience.REGISTERED_PUBLIC: "anyone with an account",
    Audience.PUBLIC: "anyone",
}
SHORT_GATES = {
    Gate.REGISTRATION: "registration", Gate.APPLICATION_AUTO: "application", Gate.APPLICATION_MANUAL: "application",
    Gate.INVITATION: "invitation", Gate.PARTNERS_UNDER_AGREEMENT: "agreement", Gate.QUERY_ONLY: "queries only",
    Gate.SCRAPING_SCRIPT: "script",
}
SHORT_AUDIENCES = {
    Audience.NAMED_PARTNERS: "partners", Audience.VERIFIED_RESEARCHERS: "researchers",
    Audience.NON_COMMERCIAL: "non-commercial",
}
SHORT_MODES = {Mode.HOSTED: "hosted", Mode.API: "API only"}
BOUND = {"D": "data", "A": "application", "M": "model", "S": "source"}
MARKS = re.compile(r"[*_`#>]+|\[\^[^\]]*\]")
FIRST_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|$)", re.S)
USED = {Mode.HOSTED: "used on the lab's machines", Mode.API: "used through an API"}


def name_of(component):
    """Return the name of a component as it stands inside a sentence."""
    label = Component(component).label
    return label if component in CAPITALS else label[0].lower() + label[1:]


def noun(component, variants=(), known=()):
    """Name a component of some variants: the weights, the largest weights, the weights of 355M and 774M."""
    name = name_of(component)
    if not any(variants) or set(variants) == set(known):
        return f"the {name}"
    if len(variants) == 1 and variants[0] == largest(known):
        return f"the largest {name}"
    return f"the {name} of {joined(variants)}"


def verb(component, plural, singular):
    return plural if component in PLURAL else singular


def largest(names):
    """Return the variant whose name states the greatest size, where every name states one."""
    sizes = {name: size_of(name) for name in names}
    if len(sizes) < 2 or None in sizes.values() or list(sizes.values()).count(max(sizes.values())) > 1:
        return None
    return max(sizes, key=sizes.get)


def size_of(name):
    found = SIZE.search(name)
    return float(found[1]) * POWERS[found[2].upper()] if found else None


def joined(words, most=3):
    """Join words as a sentence does; name only the first where there are many."""
    words = [word for word in words if word]
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} others"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def days_in_words(span):
    """Write a number of days, or its bounds where the dates are coarse."""
    low, high = span
    if low == high:
        return "1 day" if low == 1 else f"{low:,} days"
    return f"{low:,} to {high:,} days"


def access_in_words(component, step):
    """Say how a component can be reached in one step: can be downloaded by anyone after registration."""
    if step.level == Level.CLOSED:
        return f"{verb(component, 'are', 'is')} withheld"
    if not step.mode:
        return f"{verb(component, 'have', 'has')} no stated mode"
    how = USED.get(step.mode, "downloaded")
    whom = to_whom(step)
    parts = [f"can be {how}", whom and f"by {whom}", THROUGH_GATE.get(step.gate, "")]
    return " ".join(part for part in parts if part)


def release_in_words(step):
    """Say what a release amounted to: released to verified researchers on application."""
    whom, how = to_whom(step), {Mode.HOSTED: "hosted", Mode.API: "offered through an API"}.get(step.mode, "released")
    if whom == TO_WHOM[Audience.NON_COMMERCIAL]:
        whom = "for non-commercial use"
    elif whom:
        whom = "" if whom == "anyone" and step.gate in THROUGH_GATE else f"to {whom}"
    return " ".join(part for part in [how, whom, THROUGH_GATE.get(step.gate, "")] if part)


def to_whom(step):
    """Name the audience; an account is not mentioned twice where registration is the gate."""
    if step.gate == Gate.REGISTRATION and step.audience == Audience.REGISTERED_PUBLIC:
        return "anyone"
    if step.gate == Gate.PARTNERS_UNDER_AGREEMENT and step.audience == Audience.NAMED_PARTNERS:
        return ""
    return TO_WHOM.get(step.audience, "")


def condition_in_words(step):
    """Name in a word or two what restricts access: application, non-commercial, API."""
    words = [SHORT_GATES.get(step.gate, ""), SHORT_AUDIENCES.get(step.audience, "")]
    if not any(words):
        words = [SHORT_MODES.get(step.mode, "")]
    return ", ".join(word for word in words if word)


def sentence(text):
    """Make a sentence of a clause: a capital first, a full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def name_in_words(component, variant):
    """A component, and which variant's: final weights, 1.5B."""
    label = Component(component).label
    return f"{label}, {variant}" if variant else label


def level_in_words(mode, gate, audience, component):
    """How open a way of access is, as its level and a word for it."""
    level = level_of(mode, gate, audience, component)
    if level == Level.CLOSED:
        return level, "closed"
    return level, Mode(mode).label.lower().replace("api", "through an API") if mode else "not stated"


def terms_in_words(item):
    """To whom and through which gate, where either says more than that anyone may come."""
    parts = []
    if item["audience"] and item["audience"] not in (Audience.PUBLIC, Audience.INTERNAL):
        parts.append(Audience(item["audience"]).label)
    if item["gate"] and item["gate"] != Gate.NONE:
        parts.append(Gate(item["gate"]).label)
    if not parts and item["audience"] == Audience.PUBLIC:
        parts.append("Anyone")
    return ", ".join([parts[0], *(part[0].lower() + part[1:] for part in parts[1:])]) if parts else ""


def licence_in_words(item):
    """A licence as it is named on pages."""
    return {"custom": "custom licence", "none": "no licence"}.get(item["licence"], item["licence"])


def shortened(text, most):
    """A text of at most so many characters, cut between words."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def first_sentence(text):
    """The first sentence of a Markdown text without its marks, for a narrow place."""
    found = FIRST_SENTENCE.match(" ".join(MARKS.sub("", text).split()))
    return found[0] if found else ""
