"""What the page of a memorisation run needs beyond its result: the picture, and small shares in words."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from registry.analyses.memorisation.picture import overlap_chart

register = template.Library()
# The interval does not break across lines.
INTERVAL = '{} <span class="num">({}–{})</span>'


@register.simple_tag
def memorisation_chart(result):
    """The distributions of overlap; it holds numbers and fixed words only."""
    return mark_safe(overlap_chart(result))  # noqa: S308


@register.filter
def small_percent(share):
    """A share, or a figure with its interval, with as many decimals as small shares need: “2.0% (1.6–2.0)”."""
    if share is None or share == "":
        return "–"
    if isinstance(share, dict):
        return format_html(INTERVAL, f"{_number(share['value'])}%", _number(share["low"]), _number(share["high"]))
    return f"{_number(share)}%"


@register.filter
def most_overlap(documents):
    """The twenty texts with the longest runs, the longest first."""
    with_run = [row for row in documents if row["longest_run"]]
    return sorted(with_run, key=lambda row: (-row["longest_run"], row["id"]))[:20]


@register.filter
def longest_passage(row):
    """The longest quoted passage of a text."""
    return max((one["quote"] for one in row["passages"]), key=len, default="")


def _number(share):
    percent = 100 * share
    if 0 < percent < 0.1:
        return f"{percent:.2g}"
    return f"{percent:.1f}"
