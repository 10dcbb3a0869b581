"""How a report stands, in sentences."""

from registry.releases import dates
from registry.releases.wording import sentence

from .models import Replication

State = Replication.State


def standing(report):
    """Two sentences: when and by whom, and what others say of it."""
    when = f"On {dates.in_words(report.date)}" if len(report.date) == 10 else f"In {dates.in_words(report.date)}"
    when = when if report.date else "On an unknown date"
    return f"{sentence(f'{when}: {report.who}' if report.who else when)} {_state(report)}"


def _state(report):
    disputed = f"disputed by {report.disputes}"
    confirmed = f"confirmed by {report.confirmations} independent {_people(report.confirmations)}"
    if report.state == State.WITHDRAWN:
        return "Withdrawn by whoever reported it."
    if report.state == State.DISPUTED and report.confirmations:
        return f"{disputed.capitalize()} and {confirmed}."
    if report.state == State.REPORTED:
        return "Reported; nobody independent has confirmed it so far."
    return f"{(disputed if report.state == State.DISPUTED else confirmed).capitalize()}."


def _people(number):
    return "person" if number == 1 else "people"
