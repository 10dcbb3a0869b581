"""Texts that were typed and not yet posted: kept per person and place, and through an expired login."""

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone

from registry.core.errors import Invalid
from registry.core.limits import client_block, take
from registry.core.statements import Row, ask_along

from .models import CommentDraft

MOST = 60_000  # characters: more than can be posted, so that a text to be shortened is kept as well
MOST_PASSAGE = 2_000
IN_SESSION = "typed"
TYPED = ("body", "title", "passage")
FORGET = """
WITH gone AS (DELETE FROM discussions_commentdraft WHERE user_id = %(user)s AND place = %(place)s AND other = '')
UPDATE discussions_commentdraft SET body = other, other = '', tab = '', saved_at = clock_timestamp()
WHERE user_id = %(user)s AND place = %(place)s AND other <> ''
"""
DRAFT = Row(CommentDraft, lambda user, place: CommentDraft.objects.filter(user_id=user, place=place), int, str)


def place_of_reply(thread, parent=None):
    return f"thread:{thread.pk}/{parent.pk}" if parent else f"thread:{thread.pk}"


def place_of_new(subject):
    return f"new:{subject.ref}"


def place_of_edit(comment):
    return f"edit:{comment.pk}"


def keep(user, place, *, body, title="", passage="", tab="", based_on=""):
    """Keep what somebody has typed; an empty text is forgotten.

    `tab` is the form that it was typed in and `based_on` the draft that stood in it. The newest text wins; one that
    another form has saved meanwhile is kept beside it and offered.
    """
    body, title = body.replace("\0", ""), title.replace("\0", "")[:200]
    passage = passage.replace("\0", "")[:MOST_PASSAGE]
    if len(body) > MOST:
        raise Invalid(f"A draft of more than {MOST:,} characters is not kept. Shorten it.", "body")
    if not body.strip() and not title.strip():  # a passage alone is quickly selected again
        return forget(user, place)
    typed = {"body": body, "title": title, "passage": passage, "tab": tab.replace("\0", "")[:100]}
    with transaction.atomic():
        before = CommentDraft.objects.select_for_update().filter(user=user, place=place).first()
        if before and before.tab != typed["tab"] and before.stamp != based_on and before.body.strip() != body.strip():
            typed["other"] = before.body
        CommentDraft.objects.update_or_create(user=user, place=place, defaults=typed)


def kept(request, place):
    """What this person typed here before, from their drafts or from before they signed in; None where nothing was."""
    typed = request.session.get(IN_SESSION)
    if typed and typed["place"] == place:
        keep(request.user, place, **{name: typed.get(name, "") for name in TYPED})
        del request.session[IN_SESSION]
    return DRAFT.get(request.user.pk, place)


def forget(user, place):
    """Drop a draft that was posted or emptied; the text of another form, if there is one, takes its place."""
    ask_along(FORGET, {"user": user.pk, "place": place})


def answer_autosave(request, place):
    """The answer to a form that saves itself."""
    form = {"tab": request.POST.get("once", ""), "based_on": request.POST.get("based_on", "")}
    keep(request.user, place, **form, **{name: request.POST.get(name, "") for name in TYPED})
    return JsonResponse({"saved_at": timezone.now().isoformat()})


def sign_in_first(request, place, back):
    """Send somebody to sign in and back again; what they had typed waits in their session."""
    if request.headers.get("X-Autosave"):
        return JsonResponse({"detail": "Sign in first."}, status=401)
    body = request.POST.get("body", "")
    if body.strip():
        take("typed", client_block(request), size=20, per_seconds=60)
        request.session[IN_SESSION] = {
            "place": place,
            "body": body[:MOST].replace("\0", ""),
            "title": request.POST.get("title", "")[:200].replace("\0", ""),
            "passage": request.POST.get("passage", "")[:MOST_PASSAGE].replace("\0", ""),
        }
    return redirect_to_login(back)
