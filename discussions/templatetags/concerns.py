"""Concerns on the pages of other things: `{% load concerns %}`."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from discussions.concerns import wording
from discussions.concerns.models import AnswerTimes, Concern

register = template.Library()
SHOWN = 10


@register.inclusion_tag("concerns/_about.html", takes_context=True)
def concerns_about(context, subject):
    """The open concerns about a subject, the longest wait first, and the way to open one."""
    visible = Concern.objects.visible_to(context.get("user")).filter(about=subject)
    concerns = list(visible.waiting().briefly().order_by("pk")[: SHOWN + 1])
    ref = urlencode({"subject": subject.ref}, safe=":/")
    return {
        "concerns": concerns[:SHOWN],
        "more": len(concerns) > SHOWN,
        "all": f"{reverse('concerns:list')}?{ref}",
        # Anonymous readers are offered it too; the link leads through signing in.
        "may_open": subject.public and not subject.hidden and not subject.locked,
        "open": f"{reverse('concerns:new')}?{ref}",
    }


@register.inclusion_tag("concerns/_of_lab.html", takes_context=True)
def concerns_of(context, lab):
    """How long a lab takes to answer, and the open calls that it has not answered."""
    calls = Concern.objects.visible_to(context.get("user")).filter(lab=lab).waiting().open_calls()
    return {
        "lab": lab,
        "times": AnswerTimes.objects.filter(lab=lab).first(),
        "calls": list(calls.briefly().order_by("pk")[:SHOWN]),
        "all": f"{reverse('concerns:list')}?{urlencode({'lab': lab.slug, 'state': 'all'})}",
    }


@register.filter
def standing(concern):
    return wording.standing(concern)


@register.filter
def deed(event):
    """What an event did, on the page of the concern itself."""
    return wording.DEEDS[event.verb]


@register.filter
def days(number):
    return wording.in_days(number)


@register.filter
def days_as_call(concern):
    return wording.in_days((timezone.now() - concern.open_call_at).days)


@register.filter
def median_days(number):
    """A median as pages say it, to one decimal; "" where there is none."""
    if number is None:
        return ""
    return "less than a day" if number < 1 else f"{number:.1f} days"
