"""Pages of claims: all of them, one, making one, disputing it and deciding about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.errors import Conflict, Invalid
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows, require
from registry.core.typed import sign_in_first, typed_before
from registry.history.feeds import VerbFeed
from registry.releases.content import normalise
from registry.releases.diff import diff
from registry.releases.views.reading import find

from .actions import claim_entry
from .forms import ReasonForm
from .models import Claim
from .rules import keeps_draft_of

RULES = {"dispute": "claims.dispute", "refuse": "claims.decide", "uphold": "claims.decide"}
DONE = {
    "dispute": "The claim is disputed. It stays in force until a moderator has decided.",
    "refuse": "The claim is refused. The entry is curated again by whoever did so before.",
    "uphold": "The claim is upheld.",
}
feed = VerbFeed.of("release.claimed", title="Daylight: claims", link="/claims/")


@require_safe
def claims(request):
    """Every claim, the newest first."""
    found, state = Claim.objects.visible_to(request.user).with_all(), request.GET.get("state", "")
    if state:
        found = found.filter(state=state) if state in Claim.State.values else found.none()
    context = {"page": keyset(request, found), "states": Claim.State.choices, "state": state}
    return render(request, "claims/list.html", context)


@require_safe
def detail(request, pk):
    """Who claimed what, on what proof, and what was said against it; one's own draft that gave way."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).with_all(), pk=pk)
    context = {"claim": claim, "entry": claim.entry}
    if side := keeps_draft_of(request.user, claim):
        kept = claim.kept.get(side)
        context["groups"] = diff(claim.revision.content, normalise(kept)) if kept else []
    return render(request, "claims/detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, lab, slug):
    """What a claim does, and the button."""
    entry = find(request, lab, slug, current=True)
    require(request.user, "claims.make", entry)
    refusal = ""
    if request.method == "POST":
        try:
            return redirect_once(request, lambda: claim_entry(entry, by=request.user).get_absolute_url())
        except Conflict as problem:
            refusal = str(problem)
    return render(request, "claims/new.html", {"entry": entry, "refusal": refusal}, status=409 if refusal else 200)


@sign_in_first
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk, act):
    """Dispute, refuse or uphold a claim."""
    if act not in RULES:
        raise Http404
    claim = get_object_or_404(Claim.objects.visible_to(request.user).with_all(), pk=pk)
    require(request.user, RULES[act], claim)
    form = ReasonForm(request.POST or None, initial=typed_before(request))
    if form.is_bound and form.is_valid():
        try:
            done = redirect_once(request, lambda: form.save(claim, act, request.user).get_absolute_url())
        except (Conflict, Invalid) as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, DONE[act])
            return done
    context = {"claim": claim, "entry": claim.entry, "form": form, "act": act}
    return render(request, "claims/act.html", context, status=400 if form.errors else 200)


def may_act(user, claim):
    """What somebody may do with a claim as it stands."""
    if claim.state == Claim.State.REFUSED:
        return []
    acts = [act for act, rule in RULES.items() if allows(user, rule, claim)]
    return [act for act in acts if act != ("dispute" if claim.state == Claim.State.DISPUTED else "uphold")]
