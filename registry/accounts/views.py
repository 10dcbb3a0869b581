"""People's pages, and one's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.forms import show_refusal
from registry.core.pages import keyset
from registry.core.typed import sign_in_first, typed_before
from registry.history.feeds import SubjectFeed
from registry.history.models import Event

from . import actions
from .forms import AffiliationForm, ProfileForm, TokenForm
from .models import User


@require_safe
def person(request, handle):
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("subject"), handle=handle)
    events = Event.objects.visible_to(request.user).filter(actor=found).with_people()
    page = keyset(request, events)
    context = {"person": found, "affiliations": found.affiliations.all(), "page": page}
    return render(request, "accounts/person.html", context)


@require_safe
def person_feed(request, handle):
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("subject"), handle=handle)
    return PersonFeed()(request, subject=found.subject)


class PersonFeed(SubjectFeed):
    def narrowed(self, events, subject):
        return events.filter(actor__subject=subject)


@sign_in_first
@require_http_methods(["GET", "POST"])
def me(request):
    """What one says of oneself."""
    fields = ("display_name", "about", "orcid", "time_zone")
    initial = {name: getattr(request.user, name) for name in fields}
    form = ProfileForm(request.POST or None, initial=typed_before(request, initial))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(request.user)
            messages.success(request, "Saved. What you wrote before keeps the name it was written under.")
            return redirect("accounts:me")
        except ValidationError as problem:
            show_refusal(form, problem)
    return render(request, "accounts/me.html", {"form": form, "affiliations": request.user.affiliations.all()})


@sign_in_first
@require_http_methods(["GET", "POST"])
def affiliations(request):
    form = AffiliationForm(request.POST or None, initial=typed_before(request))
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
def tokens(request):
    """Tokens for scripts; a new one is shown once, on the answer to the form that made it."""
    form, new = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            _, new = form.save(request.user)
            form = TokenForm()
        except ValidationError as problem:
            show_refusal(form, problem)
    rows = request.user.tokens.filter(revoked_at=None).order_by("-pk")
    response = render(request, "accounts/tokens.html", {"form": form, "tokens": rows, "new": new})
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def revoke_token(request, pk):
    actions.revoke_token(get_object_or_404(request.user.tokens.select_related("user__subject"), pk=pk), by=request.user)
    messages.success(request, "Revoked. Nothing can be done with this token any more.")
    return redirect("accounts:me_tokens")
