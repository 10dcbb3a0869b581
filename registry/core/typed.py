"""Forms for people who are signed in: what somebody sends whose session has ended waits until they are back.

Discussions keep drafts of their own (`discussions.threads.drafts`), which last longer.
"""

import functools

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login

from .limits import client_block, take

MOST = 60_000  # characters of all fields together
IN_SESSION = "typed_form"
NOT_TYPED = {"csrfmiddlewaretoken", "once", "seen"}
BACK = "You are signed in again. What you had typed stands in the form; it is not stored yet."


def sign_in_first(view):
    """Open a view to people who are signed in; whoever is not is sent to sign in and back, with what they typed."""

    @functools.wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return guarded


def _keep(request):
    fields = {name: value.replace("\0", "") for name, value in request.POST.items() if name not in NOT_TYPED}
    if any(value.strip() for value in fields.values()) and sum(map(len, fields.values())) <= MOST:
        take("typed", client_block(request), size=20, per_seconds=60)
        request.session[IN_SESSION] = {"path": request.path, "fields": fields}


def typed_before(request, initial=None):
    """What a form shows at first: what it would, or what was typed into it before signing in."""
    initial, kept = initial or {}, request.session.get(IN_SESSION)
    if request.method == "POST" or not kept or kept["path"] != request.path:
        return initial
    del request.session[IN_SESSION]
    messages.info(request, BACK)
    return initial | kept["fields"]


def words_of(request):
    """The texts of a form that was not taken, shown on the page that says so; never a password."""
    try:
        fields = [(name, value) for name, value in request.POST.items() if name not in NOT_TYPED]
    except Exception:  # noqa: BLE001 - a body that cannot be read has nothing to show
        return []
    return [text for name, text in fields if "password" not in name and (" " in text.strip() or len(text) > 40)]
