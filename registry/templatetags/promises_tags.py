"""Promises on the pages of labs and on the board."""

from django import template

from registry.promises.models import Promise
from registry.promises.wording import standing
from registry.releases import dates

register = template.Library()
MOST = 10


@register.inclusion_tag("promises/_of_lab.html")
def promises_of(lab):
    """What a lab has promised and not kept yet, the longest overdue first."""
    found = Promise.objects.visible_to(None).filter(lab=lab, state="open").with_entry().order_by("day", "pk")
    rows = list(found[: MOST + 1])
    any_other = bool(rows) or Promise.objects.visible_to(None).filter(lab=lab).exists()
    return {"promises": rows[:MOST], "any": any_other, "lab": lab, "today": dates.latest_today()}


@register.filter
def stands(promise, today):
    """How a promise stands, in a sentence."""
    return standing(promise, today)
