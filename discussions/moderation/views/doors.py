"""What the pages of moderation have in common: who is let in, and how a form comes to its act."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.views.decorators.http import require_http_methods

from registry.core.errors import Conflict, Refused, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import allows

REFUSALS = (ValidationError, Conflict, Refused, TooMany)
form_page = require_http_methods(["GET", "HEAD", "POST"])


def moderators_only(view):
    """Whoever is no moderator is not told that the page exists."""

    @login_required
    def inside(request, *args, **kwargs):
        if not allows(request.user, "moderation.see"):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return inside


def done(request, form, act):
    """Where to go once a valid form's act is done, or None where the form has to be shown (again)."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return redirect_once(request, act)
    except REFUSALS as problem:
        show_refusal(form, problem)
        return None
