"""What later slices put onto a lab's page, and labs onto a person's."""

from django import template

from registry.labs.models import Membership
from registry.releases.models import Entry

register = template.Library()


@register.inclusion_tag("labs/_entries.html", takes_context=True)
def entries_of(context, lab):
    """A lab's entries: what is published, and drafts that the reader may see."""
    user = context["request"].user
    entries = Entry.objects.visible_to(user).filter(lab=lab).as_rows().newest_decision_first()[:100]
    return {"entries": entries, "lab": lab, "user": user}


@register.simple_tag
def memberships_of(person):
    """The labs that a person belongs to, as each lab's page says too."""
    return Membership.objects.filter(user=person).select_related("lab").order_by("lab__name")
