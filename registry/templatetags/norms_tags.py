"""What norms put onto an entry's page."""

from django import template

from registry.norms.matrix import cell
from registry.norms.models import Declaration, Norm, Wording

register = template.Library()


@register.inclusion_tag("norms/_of_entry.html", takes_context=True)
def norms_of(context, entry):
    """Each norm with what the lab declares about its clauses; four queries, whatever their number."""
    user = context["request"].user
    norms = list(Norm.objects.visible_to(user).with_current().order_by("number")[:20])
    stated = {d.clause_id: d for d in _declarations(entry)}
    wordings = {}
    current = Wording.objects.filter(version__in=[n.current_id for n in norms]).select_related("clause__norm")
    for wording in current.order_by("position"):
        wordings.setdefault(wording.version_id, []).append(wording)
    groups = []
    for norm in norms:
        rows = [(w, cell(stated.get(w.clause_id), entry)) for w in wordings.get(norm.current_id, [])]
        groups.append((norm, sum(c.declaration is not None for _, c in rows), len(rows), rows))
    return {"entry": entry, "groups": groups, "user": user}


@register.simple_tag
def clauses_stated(entry):
    """How many clauses the lab has stated something about."""
    return entry.declarations.current().exclude(stance=Declaration.Stance.NO_ASSERTION).count()


def _declarations(entry):
    rows = entry.declarations.current().with_clause().select_related(
        "clause__norm", "version", "made_by", "entry__lab", "entry__current"
    )  # fmt: skip
    return rows
