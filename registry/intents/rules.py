"""Who may announce an intent and go on with it: those who speak for the lab, and nobody for them."""

from registry.core.rules import rule
from registry.labs.rules import speaks_for_lab


@rule(
    "intents.announce",
    refusal="Only those who speak for the lab (its owners and editors) announce what it intends, about entries of the "
    "lab's own or published ones.",
)
def may_announce(user, entry):
    shown = not entry.subject.hidden and (entry.published_at is not None or not entry.is_curated)
    return shown and speaks_for_lab(user, entry.lab)


@rule("intents.conduct", refusal="Only those who speak for the lab (its owners and editors) may do this.")
def may_conduct(user, intent):
    return not intent.subject.hidden and speaks_for_lab(user, intent.lab)
