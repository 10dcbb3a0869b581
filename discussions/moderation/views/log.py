"""What everybody can read: the rules, the log of decisions, and the figures made from it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.core.pages import keyset

from ..figures import by_quarter
from ..models import Decision
from ..rulebook import BY_KEY, CHOICES, RULES
from ..targets import name_of, path_of

KINDS = [choice for choice in Decision.Kind.choices]


@require_safe
def rules(request):
    return render(request, "moderation/rules.html", {"rules": RULES})


@require_safe
def log(request):
    """Every decision, the newest first, without a word of what was taken from view."""
    decisions = Decision.objects.decided().with_places()
    kind, rule = request.GET.get("kind", ""), request.GET.get("rule", "")
    if kind in Decision.Kind.values:
        decisions = decisions.filter(kind=kind)
    if rule in BY_KEY:
        decisions = decisions.filter(rule=rule)
    page = keyset(request, decisions)
    for decision in page:
        decision.name, decision.path = name_of(decision.target), path_of(decision.target)
    context = {"page": page, "kinds": KINDS, "rules": CHOICES, "kind": kind, "rule": rule}
    return render(request, "moderation/log.html", context)


@require_safe
def figures(request):
    """Quarter by quarter, counted from the log itself."""
    return render(request, "moderation/figures.html", {"quarters": by_quarter()})
