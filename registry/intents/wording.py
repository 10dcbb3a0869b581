"""How an intent stands, in sentences."""

from datetime import UTC

from registry.releases import dates
from registry.releases.vocabulary import Audience, Component, Gate, Mode
from registry.releases.wording import sentence

from .models import Intent
from .querysets import today
from .validators import in_words

State, Outcome = Intent.State, Intent.Outcome
FIELDS = {
    "artefact": "What it is about", "title": "In one line", "components": "Components", "what": "What is planned",
    "why": "Why", "planned_on": "Planned for", "closes_on": "Open for comment until", "look_back_on": "Look-back",
}  # fmt: skip
DEEDS = {
    "intent.announced": "announced it",
    "intent.changed": "changed it",
    "intent.put_off": "put it off",
    "intent.window_closed": "closed the comment window on its day",
    "intent.finalised": "made it final",
    "intent.withdrawn": "withdrew it",
    "intent.look_back_due": "asked whether the reasons still hold",
    "intent.looked_back": "looked back on it",
}


def standing(intent):
    """What a reader must know first."""
    if intent.state == State.WITHDRAWN:
        return f"Withdrawn on {_day(intent.withdrawn_at)}."
    if intent.state == State.FINAL:
        return f"{_outcome(intent)} {_look_back(intent)}"
    return f"{_window(intent)} {_concerns(intent.subject.open_concerns)}{_late(intent)}".strip()


def closing(intent):
    """The end of the comment window, by the lab's clock and in UTC."""
    there = f"the end of {in_words(intent.closes_on)} in {intent.time_zone.replace('_', ' ')}"
    utc = intent.closes_at.astimezone(UTC)
    return there if intent.time_zone == "UTC" else f"{there} ({in_words(utc.date())}, {utc:%H:%M} UTC)"


def line(item):
    """One line of what is planned, as: Weights of 7B: downloadable, no gate, public."""
    of = f" of {item['variant']}" if item.get("variant") else ""
    words = [_label(Mode, item.get("mode"), "mode"), _label(Gate, item.get("gate"), "gate"),
             _label(Audience, item.get("audience"), "audience")]  # fmt: skip
    return f"{Component(item['component']).label}{of}: {'; '.join(words)}"


def changes_in_words(change):
    """Each changed field as (label, old, new)."""
    for name, (old, new) in change.values.items():
        yield FIELDS.get(name, name), _value(name, old), _value(name, new)


def _label(words, value, what):
    if not value:
        return f"{what} not stated"
    label = words(value).label
    return label if label.isupper() else label[0].lower() + label[1:]


def _value(name, value):
    if name == "components":
        return "\n".join(map(line, value)) or "None"
    if not value:
        return "Not stated"
    return dates.in_words(value) if name.endswith("_on") else value


def _window(intent):
    return f"Open for comment until {closing(intent)}." if intent.is_open else "The comment window has closed."


def _concerns(count):
    if not count:
        return ""
    waits = "1 open concern waits" if count == 1 else f"{count} open concerns wait"
    return f"{waits} for an answer; until then it cannot be made final."


def _late(intent):
    days = (today() - intent.planned_on).days
    if days <= 0:
        return ""
    passed = "1 day ago" if days == 1 else f"{days} days ago"
    return f" The day that was planned passed {passed}, and nobody has said what was decided."


def _outcome(intent):
    on = _day(intent.finalised_at)
    if intent.outcome == Outcome.CHANGED:
        return f"Decided otherwise than announced, on {on}."
    return f"Final since {on}: carried out by revision {intent.revision.number}."


def _look_back(intent):
    if intent.looked_back_at:
        return sentence(f"{intent.get_verdict_display()}, as the lab said on {_day(intent.looked_back_at)}")
    day = in_words(intent.look_back_on)
    if intent.look_back_is_overdue:
        return f"The look-back is overdue: it was announced for {day}, and the lab has not written it."
    if intent.look_back_is_due:
        return f"The look-back is due since {day}, and not written yet."
    return f"The lab is asked on {day} whether its reasons still hold."


def _day(moment):
    return in_words(moment.date())
