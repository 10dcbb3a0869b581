"""Letters on the pages of other things: `{% load letters %}`."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from discussions.letters import feeds, wording
from discussions.letters.models import LabLetter
from registry.core.statements import Statement
from registry.labs.rules import speaks_for_lab

register = template.Library()
SHOWN = 10
# Asked for every page of an entry, and nearly always there is none: the question is made and planned once.
WAITING = Statement(
    lambda subject: LabLetter.objects.announced().waiting().filter(about=subject).order_by("opens_at")
    .values_list("pk")[: SHOWN + 1],
    int,
)  # fmt: skip


@register.inclusion_tag("letters/_about.html", takes_context=True)
def letters_about(context, subject):
    """The placeholders of letters about a subject, and the way to write one to its lab."""
    keys = [key for (key,) in WAITING.rows(subject.pk)]
    letters = list(LabLetter.objects.filter(pk__in=keys).with_place().order_by("opens_at")) if keys else []
    ref = urlencode({"subject": subject.ref}, safe=":/")
    return {
        "letters": letters[:SHOWN],
        "more": len(letters) > SHOWN,
        "all": f"{reverse('letters:list')}?{ref}",
        # Anonymous readers are offered it too; the link leads through signing in.
        "may_write": subject.public and not subject.hidden and not subject.locked,
        "write": f"{reverse('letters:new')}?{ref}",
    }


@register.inclusion_tag("letters/_of_lab.html", takes_context=True)
def letters_to(context, lab):
    """The way to the letters of a lab, for those who speak for it."""
    user = context.get("user")
    return {"lab": lab, "reads": user is not None and speaks_for_lab(user, lab)}


@register.filter
def letter_standing(letter):
    return wording.standing(letter)


@register.filter
def letter_title(letter):
    return wording.title_for(letter, getattr(letter, "readable", False))


@register.filter
def letter_sender(letter):
    return feeds.sender_shown(letter)


@register.filter
def in_site_zone(moment):
    return wording.moment(moment)


@register.filter
def date_change(change):
    return wording.change_in_words(change)
