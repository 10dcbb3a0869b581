"""What waits for moderators: appeals, proposals, reports grouped by thing, and what new accounts wrote."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from discussions.threads.models import HeldPost

from ..models import Appeal, Decision, Report
from ..rules import Standpoint
from ..targets import case_path, name_of
from .doors import moderators_only

MOST = 100


@moderators_only
@require_safe
def queue(request):
    stand = Standpoint(request.user)
    context = {
        "reported": _reported(stand),
        "appeals": _appeals(stand),
        "proposals": _proposals(stand),
        "held": HeldPost.objects.waiting().with_place().order_by("pk")[:MOST],
        "most": MOST,
    }
    return render(request, "moderation/queue.html", context)


def _reported(stand):
    """Things with open reports, those that wait longest first."""
    things = {}
    for report in Report.objects.waiting().with_places().order_by("pk")[: MOST * 3]:
        target = report.target
        thing = things.setdefault((type(target), target.pk), {"target": target, "reports": [], "rules": []})
        thing["reports"].append(report)
        if report.rule not in thing["rules"]:
            thing["rules"].append(report.rule)
    for thing in things.values():
        target = thing["target"]
        thing |= {"name": name_of(target), "case": case_path(target), "barred": stand.why_not(target)}
    return list(things.values())[:MOST]


def _appeals(stand):
    appeals = list(Appeal.objects.waiting().with_places().order_by("pk")[:MOST])
    for appeal in appeals:
        decision = appeal.decision
        had_part = stand.user.pk in {decision.by_id, decision.second_id}
        appeal.barred = "Not yours: you had part in the decision." if had_part else stand.why_not(decision.target)
        appeal.name = name_of(decision.target)
    return appeals


def _proposals(stand):
    proposals = list(Decision.objects.proposed().with_places().order_by("pk")[:MOST])
    for decision in proposals:
        own = "You proposed it; another moderator has to confirm it."
        decision.barred = own if decision.by_id == stand.user.pk else stand.why_not(decision.target)
        decision.name = name_of(decision.target)
    return proposals
