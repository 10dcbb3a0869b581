"""What later slices put onto a lab's page."""

from django import template

from registry.releases.models import Entry

register = template.Library()


@register.inclusion_tag("labs/_entries.html", takes_context=True)
def entries_of(context, lab):
    """A lab's entries: what is published, and drafts that the reader may see."""
    user = context["request"].user
    entries = Entry.objects.visible_to(user).filter(lab=lab).as_rows().newest_decision_first()[:100]
    return {"entries": entries, "lab": lab, "user": user}
