"""The decision clock on the page of an entry, and how its own page writes figures."""

from django import template

from registry.clock.of_entry import times_of
from registry.releases.wording import days_in_words

register = template.Library()


@register.inclusion_tag("clock/_of_entry.html")
def decision_clock(entry):
    """How long each component of a published entry was withheld; one query for the reports."""
    return {"times": times_of(entry)}


@register.filter
def days_span(span):
    return days_in_words(span)


@register.filter
def share(value):
    """A share in per cent, as tables have it."""
    return f"{value * 100:.0f}%"
