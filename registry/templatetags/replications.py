"""Replications and leaks on the pages of other things: `{% load replications %}`."""

from django import template

from registry.core.statements import Instances
from registry.releases import dates
from registry.replications import wording
from registry.replications.models import Replication

register = template.Library()
SHOWN = 10
REPORTS = Instances(
    lambda entry: Replication.objects.visible_to(None).standing().filter(entry=entry).with_all()
    .order_by("-pk")[: SHOWN + 1],
    int,
)  # fmt: skip
DEEDS = {
    "replication.reported": "made the report",
    "replication.confirmed": "confirmed it",
    "replication.disputed": "disputed it",
    "replication.verdict_withdrawn": "took back what they had said of it",
    "replication.withdrawn": "withdrew it",
}


@register.inclusion_tag("replications/_of_entry.html")
def replications_of(entry):
    """The newest reports about an entry, and the way to make one; one query."""
    reports = REPORTS.all(entry.pk)
    subject = entry.subject
    return {
        "entry": entry,
        "reports": reports[:SHOWN],
        "more": len(reports) > SHOWN,
        # Anonymous readers are offered it too; the link leads through signing in.
        "may_report": subject.public and not subject.hidden and not subject.locked,
    }


@register.filter
def standing(report):
    return wording.standing(report)


@register.filter
def date_in_words(text):
    return dates.in_words(text) if text else "An unknown date"


@register.filter
def deed_on_report(event):
    """What an event did, on the page of the report itself."""
    return DEEDS.get(event.verb, "did something about it")
