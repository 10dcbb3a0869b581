"""What norms put onto an entry's page."""

from django import template

from registry.core.statements import Instances
from registry.norms.matrix import cell
from registry.norms.models import Declaration, Norm, Wording

register = template.Library()
MOST = 20
NORMS = Instances(lambda: Norm.objects.visible_to(None).with_current().order_by("number")[:MOST])
WORDINGS = Instances(
    lambda: Wording.objects.filter(
        version__in=Norm.objects.visible_to(None).order_by("number").values("current")[:MOST]
    ).select_related("clause__norm").order_by("position")
)  # fmt: skip
DECLARATIONS = Instances(
    lambda entry: Declaration.objects.filter(entry=entry).current().with_clause().select_related(
        "clause__norm", "version", "made_by"
    ),
    int,
)  # fmt: skip


@register.inclusion_tag("norms/_of_entry.html", takes_context=True)
def norms_of(context, entry):
    """Each norm with what the lab declares about its clauses; three queries, whatever their number."""
    stated = {d.clause_id: d for d in DECLARATIONS.all(entry.pk)}
    wordings = {}
    for wording in WORDINGS.all():
        wordings.setdefault(wording.version_id, []).append(wording)
    groups = []
    for norm in NORMS.all():
        rows = [(w, cell(stated.get(w.clause_id), entry)) for w in wordings.get(norm.current_id, [])]
        groups.append((norm, sum(c.declaration is not None for _, c in rows), len(rows), rows))
    return {"entry": entry, "groups": groups, "user": context["request"].user}


@register.simple_tag
def clauses_stated(entry):
    """How many clauses the lab has stated something about."""
    return entry.declarations.current().exclude(stance=Declaration.Stance.NO_ASSERTION).count()
