"""People's pages, and one's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import Conflict
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.history.feeds import SubjectFeed
from registry.history.models import Event

from . import actions
from .forms import AffiliationForm, ProfileForm, PseudonymForm, TokenForm
from .identity import identity_of
from .models import User

NEW_TOKEN = "new_token"  # noqa: S105 - the name of a place in the session


@require_safe
def person(request, handle):
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("subject"), handle=handle)
    events = Event.objects.visible_to(request.user).filter(actor=found).with_people()
    page = keyset(request, events)
    affiliations = list(found.affiliations.all())
    context = {
        "person": found, "affiliations": affiliations, "page": page, "identity": identity_of(found, affiliations)
    }  # fmt: skip
    return render(request, "accounts/person.html", context)


@require_safe
def person_feed(request, handle):
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("subject"), handle=handle)
    return PersonFeed()(request, subject=found.subject)


class PersonFeed(SubjectFeed):
    def narrowed(self, events, subject):
        return events.filter(actor__subject=subject)


@login_required
@require_http_methods(["GET", "POST"])
def me(request):
    """What one says of oneself."""
    fields = ("display_name", "about", "orcid", "time_zone")
    initial = {name: getattr(request.user, name) for name in fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(request.user)
            messages.success(request, "Saved. What you wrote before keeps the name it was written under.")
            return redirect("accounts:me")
        except ValidationError as problem:
            show_refusal(form, problem)
    return render(request, "accounts/me.html", {"form": form, "affiliations": request.user.affiliations.all()})


@login_required
@require_http_methods(["GET", "POST"])
def affiliations(request):
    form = AffiliationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(request.user)
            messages.success(request, "Stated. It is shown beside everything that you write from now on.")
            return redirect("accounts:me")
        except ValidationError as problem:
            show_refusal(form, problem)
    return render(request, "accounts/affiliations.html", {"form": form})


@login_required
@require_POST
def drop_affiliation(request, pk):
    found = get_object_or_404(request.user.affiliations.select_related("user__subject"), pk=pk)
    actions.drop_affiliation(found, by=request.user)
    messages.success(request, "Taken back. What you wrote while it stood keeps it.")
    return redirect("accounts:me")


@login_required
@require_http_methods(["GET", "POST"])
def pseudonyms(request):
    """One's own pseudonyms; nobody else is shown whose they are."""
    form = PseudonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(request.user)
            messages.success(request, "Yours. You can choose it wherever pseudonyms are allowed.")
            return redirect("accounts:me_pseudonyms")
        except (ValidationError, Conflict) as problem:
            show_refusal(form, problem)
    rows = request.user.pseudonyms.select_related("persona").order_by("pk")
    response = render(request, "accounts/pseudonyms.html", {"form": form, "pseudonyms": rows})
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request):
    """Tokens for scripts; a new one is shown once, on the page that follows the form."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_once(request, lambda: _issued(request, form))
        except ValidationError as problem:
            show_refusal(form, problem)
    rows = request.user.tokens.filter(revoked_at=None).order_by("-pk")
    # Kept by the session from the form to this page, and no longer.
    context = {"form": form, "tokens": rows, "new": request.session.pop(NEW_TOKEN, None)}
    response = render(request, "accounts/tokens.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _issued(request, form):
    _, request.session[NEW_TOKEN] = form.save(request.user)
    return reverse("accounts:me_tokens")


@login_required
@require_POST
def revoke_token(request, pk):
    actions.revoke_token(get_object_or_404(request.user.tokens.select_related("user__subject"), pk=pk), by=request.user)
    messages.success(request, "Revoked. Nothing can be done with this token any more.")
    return redirect("accounts:me_tokens")
