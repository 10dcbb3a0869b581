"""Promises in words, the same for page, feed and mail."""

from registry.releases import dates

from .querysets import NO_DAY


def standing(promise, today):
    """How a promise stands on a day, in one sentence."""
    if promise.state == "open":
        return due_in_words(promise, today)
    when = f" on {dates.in_words(promise.kept_on)}" if promise.kept_on else ""
    if promise.state == "kept":
        return f"Kept{when}{'' if promise.days_late is None else ', in time'}."
    if promise.state == "kept_late":
        return f"Kept{when}, {days(promise.days_late)} late."
    why = f" {promise.reason}" if promise.reason else ""
    return f"{promise.get_state_display()}.{why}"


def due_in_words(promise, today):
    if promise.day == NO_DAY:
        return "Promised on a condition, without a date." if promise.condition else "Promised without a date."
    due = dates.in_words(promise.due)
    if promise.day < today:
        return f"Overdue for {days((today - promise.day).days)}: it was due {due}, and was neither kept nor called off."
    return f"Due {due}, in {days((promise.day - today).days)} at the latest."


def days(count):
    return "1 day" if count == 1 else f"{count:,} days"
