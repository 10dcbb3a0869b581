"""Pages beside publishing: approving a draft, the moderators' list of curated drafts, cancelling, withdrawing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import require

from ..checking import problems_for_publication, validate
from ..content import normalise
from ..controls import approvals_of, approve, ask_for_review, return_draft
from ..diff import diff
from ..forms import WithdrawalForm
from ..models import Entry
from ..planning import cancel_plan
from .editing import editable
from .reading import draft_of, find, find_revision


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request, lab, slug):
    """The draft as it would be published, what it changes, and the button that says so; or gives it back."""
    entry = find(request, lab, slug, current=True)
    require(request.user, "releases.approve", entry)
    said, status = "", 200
    if request.method == "POST":
        try:
            return redirect_once(request, lambda: _done(request, entry))
        except (Conflict, Stale, Invalid) as problem:
            said = " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)
            status = 412 if isinstance(problem, Stale) else 409 if isinstance(problem, Conflict) else 400
        entry = find(request, lab, slug, current=True)
    content = normalise(entry.draft)
    context = {
        **draft_of(entry),
        "entry": entry, "said": said, "reason": request.POST.get("reason", ""),
        "ready": not validate(content) and not problems_for_publication(content),
        "approvals": approvals_of(entry, digest(content)),
        "groups": diff(entry.current.content, content) if entry.current and not validate(content) else [],
    }  # fmt: skip
    return render(request, "releases/approve.html", context, status=status)


def _done(request, entry):
    if "return" in request.POST:
        return_draft(entry, request.POST.get("reason", ""), by=request.user)
        messages.success(request, "The draft is its curator's again, with your reason.")
        return reverse("releases:reviews")
    version = request.POST.get("version", "")
    approve(entry, by=request.user, version=int(version) if version.isdigit() and len(version) < 9 else 0)
    messages.success(request, "You approved exactly this draft. It can be published now.")
    return reverse("releases:approve", args=[entry.lab.slug, entry.slug])


@login_required
@require_safe
def reviews(request):
    """Curated drafts that wait for a moderator."""
    if not request.user.is_moderator:
        raise Http404("There is no such page.")
    waiting = Entry.objects.visible_to(request.user).awaiting_review().as_rows()
    page = keyset(request, waiting, "pk")
    return render(request, "releases/reviews.html", {"page": page})


@login_required
@require_POST
def ask(request, lab, slug):
    """Show a curated draft to the moderators."""
    entry = editable(request, lab, slug)
    try:
        ask_for_review(entry, by=request.user)
        messages.success(request, "Moderators can read the draft now. You get a letter when one has decided.")
    except Conflict as problem:
        messages.error(request, str(problem))
    return redirect("releases:publish", lab, slug)


@login_required
@require_POST
def cancel(request, lab, slug):
    """Take a planned publication back."""
    entry = editable(request, lab, slug)
    try:
        cancel_plan(entry, by=request.user)
        messages.success(request, "Nothing will be published. The draft is as it was.")
    except Conflict as problem:
        messages.error(request, str(problem))
    return redirect("releases:publish", lab, slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, lab, slug):
    """Withdraw the entry, or with `?revision=` one of its revisions: what stays, what is shown, and why."""
    entry = editable(request, lab, slug)
    if entry.published_at is None:
        raise Http404("A draft has not been published, so there is nothing to withdraw.")
    number = (request.POST if request.method == "POST" else request.GET).get("revision", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404("There is no such revision.")
    revision = find_revision(entry, int(number)) if number else None
    form = WithdrawalForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(entry, revision, request.user))
        except (Conflict, Invalid) as problem:
            show_refusal(form, problem)
    context = {"entry": entry, "revision": revision, "form": form}
    return render(request, "releases/withdraw.html", context, status=400 if form.errors else 200)
