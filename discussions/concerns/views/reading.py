"""The board, and one concern."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from registry.core.pages import keyset
from registry.core.rules import allows
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.labs.models import Lab

from ..actions import RESOLUTIONS, TRANSITIONS
from ..feeds import OneConcernFeed
from ..forms import BoardForm
from ..models import AnswerTimes, Concern
from ..wording import DEEDS, waits_for

MOST_LABS = 200
SIGNERS = 50


@require_safe
def board(request):
    """Concerns by the filters of the address; at first what waits for an answer, the longest wait on top."""
    visible = Concern.objects.visible_to(request.user)
    labs = Lab.objects.filter(pk__in=visible.exclude(lab=None).values("lab")).order_by("name")[:MOST_LABS]
    form = BoardForm(request.GET, labs=labs)
    subject = None
    if ref := request.GET.get("subject"):
        subject = get_object_or_404(Subject.objects.visible_to(request.user).filter(hidden=False), ref=ref)
    page = keyset(request, form.narrow(visible.briefly()), form.ordering)
    times = AnswerTimes.objects.select_related("lab").order_by("-unanswered", "-answered", "pk")[: MOST_LABS + 1]
    context = {
        "page": page, "form": form, "subject": subject,
        "overall": next((row for row in times if row.lab is None), None),
        "times": [row for row in times if row.lab is not None],
    }  # fmt: skip
    return render(request, "concerns/list.html", context)


@require_safe
def detail(request, pk):
    """A concern with its opener, answer, history and co-signers; it is discussed in its thread."""
    concern = get_object_or_404(Concern.objects.visible_to(request.user).with_comments(), pk=pk)
    signatures = keyset(request, concern.signatures.select_related("user"), "pk", size=SIGNERS)
    events = Event.objects.visible_to(request.user).about(concern.subject).filter(verb__in=DEEDS)
    context = {
        "concern": concern,
        "whom": waits_for(concern),
        "unheard": concern.lab is not None and not concern.lab.memberships.speakers().exists(),
        "signatures": signatures,
        "events": events.with_people().order_by("pk"),
        "taken_up_by": Concern.objects.visible_to(request.user).filter(follows=concern).briefly(),
        **_acts(request.user, concern),
    }
    return render(request, "concerns/detail.html", context)


def _acts(user, concern):
    """What this reader may do now: answer, resolve in so many ways, sign, take their name back."""
    if not user.is_authenticated:
        return {}
    State = Concern.State
    reached = [r for r in RESOLUTIONS if concern.state in TRANSITIONS[r][0]]
    signs = not concern.is_resolved and allows(user, "concerns.sign", concern)
    return {
        "can_answer": concern.state == State.OPEN and allows(user, "concerns.answer", concern),
        "possible": [r for r in reached if allows(user, TRANSITIONS[r][1], concern)],
        "can_sign": signs,
        "has_signed": signs and concern.signatures.filter(user=user).exists(),
    }


@require_safe
def feed(request, pk):
    concern = get_object_or_404(Concern.objects.visible_to(request.user).select_related("subject"), pk=pk)
    return OneConcernFeed()(request, subject=concern.subject)
