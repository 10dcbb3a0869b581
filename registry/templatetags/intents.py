"""Intents to release on the pages of entries and labs: `{% load intents %}`."""

from django import template

from registry.core.rules import allows
from registry.core.statements import Statement
from registry.intents import wording
from registry.intents.models import Intent

register = template.Library()
SHOWN = 5
# Asked for every page of an entry, and nearly always there is none: the question is made and planned once.
ANY = Statement(lambda entry: Intent.objects.visible_to(None).filter(entry=entry).values_list("pk")[:1], int)


@register.inclusion_tag("intents/_of_entry.html", takes_context=True)
def intents_of(context, entry):
    """What is announced about an entry and which look-backs are due; on a draft its lab sees it, too."""
    user, found = context.get("user"), []
    if ANY.first(entry.pk):
        found = Intent.objects.visible_to(user).filter(entry=entry).current().with_all().order_by("-pk")[:SHOWN]
    return {
        "entry": entry,
        "intents": list(found),
        "may_announce": user is not None and user.is_authenticated and allows(user, "intents.announce", entry),
    }


@register.inclusion_tag("intents/_of_lab.html", takes_context=True)
def intents_of_lab(context, lab):
    """What a lab has announced, and the look-backs that it owes."""
    found = Intent.objects.visible_to(context.get("user")).filter(lab=lab).current().with_all()
    rows = list(found.order_by("-pk")[: SHOWN + 1])
    return {"lab": lab, "intents": rows[:SHOWN], "any": bool(rows)}


@register.filter
def stands(intent):
    return wording.standing(intent)


@register.filter
def closing(intent):
    return wording.closing(intent)


@register.filter
def planned_line(item):
    return wording.line(item)


@register.filter
def day_in_words(day):
    return wording.in_words(day) if day else "Not stated"


@register.filter
def changed_values(change):
    return wording.changes_in_words(change)


@register.filter
def deed_on_intent(event):
    """What an event did, on the page of the intent itself."""
    return wording.DEEDS.get(event.verb, "did something about it")
