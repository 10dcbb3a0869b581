"""How a concern stands, in sentences."""

from .models import Concern

State = Concern.State
WAITS_FOR = {"session": "the chairs of the workshop", "workshop": "the chairs of the workshop"}

# The events that make a concern's history, as its own page says them.
DEEDS = {
    "concern.opened": "opened the concern",
    "concern.answered": "answered it",
    "concern.accepted": "accepted the answer",
    "concern.dissent_kept": "recorded that the dissent stays",
    "concern.reopened": "said that it is not answered",
    "concern.withdrawn": "withdrew it",
    "concern.became_open_call": "made it an open call, as the last independent co-signer that it needed",
}


def in_days(number):
    """A duration as pages say it."""
    return "less than a day" if not number else "1 day" if number == 1 else f"{number} days"


def waits_for(concern):
    return concern.lab.name if concern.lab else WAITS_FOR.get(concern.about.kind, "those who keep the norms")


def standing(concern):
    """One sentence: what a reader must know first."""
    age, took = in_days(concern.days_open), in_days(concern.days_to_answer)
    return {
        State.OPEN: f"Has waited for an answer from {waits_for(concern)} for {age}.",
        State.ANSWERED: f"Answered after {took}. Its opener has not said yet whether the answer settles it.",
        State.ACCEPTED: f"Answered after {took}; its opener accepts the answer.",
        State.DISSENT_KEPT: f"Answered after {took}; the dissent stays.",
        State.WITHDRAWN: f"Withdrawn by its opener after {age}.",
    }[concern.state]
