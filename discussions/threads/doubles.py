"""What was sent twice by going back in the browser: the same words by the same person in the same place."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from registry.core.statements import Statement

from .models import Comment, HeldPost
from .passages import find
from .validators import clean_title, tidy_body

YOUNG = timedelta(hours=1)
LATEST = 30  # so many comments back: who goes back in the browser has not written more since


def said_along(by, body, thread):
    """The question whether somebody has said just this here within the hour, for `comment_before`."""
    return SAME_HERE.along(thread.pk, by.pk, tidy_body(body))


def comment_before(by, body, thread, parent=None, official_for=None, passage="", same=None):
    """The comment that said just this here, among somebody's latest within the hour, or None; one taken back or out of
    view may be said anew.

    `same` is what `said_along` returned where that was asked before.
    """
    same = same or said_along(by, body, thread)
    if not same.rows:  # as nearly always
        return None
    return _said(by, body, thread.about, passage, thread=thread, parent=parent, official_for=official_for)


def thread_before(by, title, body, about, official_for=None, passage=""):
    """The discussion that was opened so within the hour, or None."""
    place = {"number": 1, "thread__about": about, "thread__title": clean_title(title), "thread__hidden": False}
    first = _said(by, body, about, passage, official_for=official_for, **place)
    return first.thread if first else None


def _said(by, body, about, passage, **place):
    same = _young(by.pk).filter(body=tidy_body(body), **place)
    for comment in same.select_related("thread", "anchor").order_by("pk")[:5]:
        anchor = find(about, passage)
        if getattr(getattr(comment, "anchor", None), "exact", "") == (anchor.exact if anchor else ""):
            return comment
    return None


def _young(author):
    latest = Comment.objects.filter(author_id=author).order_by("-pk").values("pk")[:LATEST]
    return Comment.objects.filter(pk__in=latest, created_at__gte=Now() - YOUNG, hidden=False, retracted_at=None)


SAME_HERE = Statement(
    lambda thread, author, body: _young(author).filter(thread_id=thread, body=body).values_list("pk"), int, int, str
)


def held_before(by, body, about, thread=None, parent=None, title=""):
    """The same for what waits for a moderator."""
    place = {"about": about, "thread": thread, "parent": parent, "title": clean_title(title) if title else ""}
    waiting = HeldPost.objects.filter(author=by, state=HeldPost.State.WAITING, **place)
    return waiting.filter(body=tidy_body(body), held_at__gte=timezone.now() - YOUNG).first()
