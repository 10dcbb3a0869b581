"""What analyses put onto an entry's page."""

from django import template
from django.db.models.fields.json import KT

from registry.analyses import catalogue
from registry.analyses.actions import analysis_of
from registry.analyses.models import Run

register = template.Library()
GRAVITY = ["problem", "warning", "notice", "info"]


@register.inclusion_tag("analyses/_of_entry.html", takes_context=True)
def runs_of(context, entry):
    """The newest run of each analysis and input set that the reader may see, at most twenty."""
    user = context["request"].user
    runs = Run.objects.visible_to(user).filter(entry=entry).annotate(sentence=KT("result__sentence"))
    runs = list(runs.defer("result").order_by("-pk")[:20])
    for run in runs:
        run.title = analysis_of(run).title
        run.worst = min(run.findings, key=lambda f: GRAVITY.index(f["severity"]), default=None)
    offered = [a for a in catalogue.everything() if a.name != "model_card"]
    return {"runs": runs, "entry": entry, "offered": offered, "user": user}


@register.simple_tag(takes_context=True)
def runs_counted(context, entry):
    """How many runs of an entry the reader may see."""
    return Run.objects.visible_to(context["request"].user).filter(entry=entry).count()
