"""What analyses put onto an entry's page and onto its draft."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from registry.analyses import catalogue
from registry.analyses.actions import analysis_of
from registry.analyses.models import Run, RunInput
from registry.core.statements import Instances
from registry.core.text import plain_excerpt

register = template.Library()
GRAVITY = ["problem", "warning", "notice", "info"]
MOST_RUNS = 100
# Whether a run read a card that is neither on the revision in force nor on the draft any more.
OF_ANOTHER_CARD = Exists(
    RunInput.objects.filter(run=OuterRef("pk"), role="card").exclude(
        sha256__in=[Coalesce(OuterRef(f"entry__{card}__sha256"), Value("")) for card in ("card", "current__card")]
    )
)


@register.inclusion_tag("analyses/_of_entry.html", takes_context=True)
def runs_of(context, entry):
    """Of each analysis the newest run that says something; what came before, and what failed, folded under it."""
    user = context["request"].user
    by_analysis = {}
    for run in _runs(entry.pk, user) if user.is_authenticated else FOR_VISITORS.all(entry.pk):
        run.title = analysis_of(run).title
        run.worst = min(run.findings, key=lambda f: GRAVITY.index(f["severity"]), default=None)
        by_analysis.setdefault(run.analysis, []).append(run)
    offered = [a for a in catalogue.everything() if a.name != "model_card"]
    return {"groups": [sorted_out(some) for some in by_analysis.values()], "entry": entry, "offered": offered,
            "user": user}  # fmt: skip


def _runs(entry, user):
    runs = Run.objects.visible_to(user).filter(entry=entry).annotate(
        sentence=KT("result__sentence"), of_another_card=OF_ANOTHER_CARD
    )  # fmt: skip
    return runs.defer("result").order_by("-pk")[:MOST_RUNS]


FOR_VISITORS = Instances(lambda entry: _runs(entry, AnonymousUser()), int)


def sorted_out(runs):
    """The runs of one analysis, the newest first, as those to show, those to fold, and the fold's name."""
    shown, over = [], False
    for run in runs:
        # A failure stands until there is a newer answer, or the card that it read is another one.
        failed = run.status == Run.Status.FAILED and not over and not run.of_another_card
        if not run.is_final or failed or run.status == Run.Status.SUCCEEDED:
            shown.append(run)
        over = over or run.status in (Run.Status.SUCCEEDED, Run.Status.FAILED)
        if run.status == Run.Status.SUCCEEDED:
            break
    folded = [run for run in runs if run not in shown]
    return shown, folded, fold_in_words(folded)


def fold_in_words(runs):
    """Such as "2 earlier runs, 1 failed"."""
    failed = sum(run.status == Run.Status.FAILED for run in runs)
    return f"{len(runs)} earlier run{'' if len(runs) == 1 else 's'}" + (f", {failed} failed" if failed else "")


@register.simple_tag
def last_run_on(card, entry):
    """The newest analysis of a draft's card, or None."""
    if card is None:
        return None
    return entry.runs.filter(analysis="model_card", inputs__sha256=card.sha256).defer("result").order_by("-pk").first()


@register.filter
def missing_first(items):
    """The items of a card, those that want work first."""
    return sorted(items or (), key=lambda item: ["absent", "thin", "content"].index(item["status"]))


@register.filter
def unmarked(quote, length):
    """A quoted passage without the marks of Markdown."""
    return plain_excerpt(quote, length)
