"""What the page of a detection run needs beyond its result: the picture, and figures in words."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from registry.analyses.detection.picture import by_length_chart

register = template.Library()
# The interval does not break across lines.
INTERVAL = '{} <span class="num">({}–{})</span>'


@register.simple_tag
def detection_chart(by_length):
    """The chart of detection by length; it holds numbers and fixed words only."""
    return mark_safe(by_length_chart(by_length))  # noqa: S308


@register.filter
def percent(figure):
    """A share with its interval: “27% (18–35)”."""
    if not figure:
        return "not measured"
    value, low, high = (f"{100 * figure[part]:.0f}" for part in ("value", "low", "high"))
    return format_html(INTERVAL, f"{value}%", low, high)


@register.filter
def decimals(figure):
    """A figure with its interval: “0.83 (0.82–0.85)”."""
    if not figure:
        return "not measured"
    return format_html(INTERVAL, *(f"{figure[part]:.2f}" for part in ("value", "low", "high")))


@register.filter
def at_false_alarms(row, percents):
    """What a row found at so many false alarms in 100."""
    return row["tpr_at_fpr"]["0.01" if str(percents) == "1" else "0.05"]


@register.filter
def visible_blanks(feature):
    """An n-gram whose blanks can be seen."""
    return feature.replace(" ", "␣")
