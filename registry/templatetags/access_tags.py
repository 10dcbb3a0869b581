"""What pages show of access programmes."""

from django import template

from registry.access.fitting import GATES
from registry.access.models import Programme
from registry.access.rules import offers
from registry.releases.vocabulary import Component

register = template.Library()


@register.inclusion_tag("access/_of_entry.html", takes_context=True)
def programmes_of(context, entry):
    """The programmes of an entry of which something stands behind a gate today; any other costs no query."""
    if not any(f"gate={gate}" in entry.facets for gate in GATES):
        return {}
    user = context.get("user")
    may = user is not None and user.is_authenticated and offers(user, entry)
    rows = Programme.objects.filter(entry=entry).order_by("closed_at", "pk").defer("criteria", "criteria_html", "terms")
    return {"entry": entry, "programmes": rows, "may_offer": may}


@register.filter
def component_names(names):
    return ", ".join(Component(name).label for name in names)
