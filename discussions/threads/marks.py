"""Marks on comments: what later slices say beside one, such as the concern that it opens or how it was moderated.

A mark is `{"kind", "words", "path"}`; a comment has at most one of each kind. Pages show the words, as a link where
there is a path. They are kept on the comment, so that a thread stays one query whatever is said beside its comments.
"""

from datetime import UTC

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from .models import Comment, Thread


@transaction.atomic
def set_mark(comment, kind, words, path="", **more):
    """Put a mark beside a comment, in place of one of the same kind."""
    _write(comment, [{"kind": kind, "words": words, "path": path, **more}], kind)


@transaction.atomic
def drop_mark(comment, kind):
    _write(comment, [], kind)


def _write(comment, new, kind):
    # The thread first, as whoever posts there does: two acts that lock in the same order cannot wait for each other.
    Thread.objects.filter(pk=comment.thread_id).update(version=F("version") + 1, changed_at=Now())
    locked = Comment.objects.select_for_update(no_key=True).only("marks").get(pk=comment.pk)
    comment.marks = [mark for mark in locked.marks if mark["kind"] != kind] + new
    Comment.objects.filter(pk=comment.pk).update(marks=comment.marks)


@transaction.atomic
def set_notice(thread, kind, words, path="", until=None):
    """Say something above the comments of a thread, in place of a notice of the same kind; gone at `until`."""
    until = until.astimezone(UTC).isoformat() if until else None
    _write_notices(thread, [{"kind": kind, "words": words, "path": path, "until": until}], kind)


@transaction.atomic
def drop_notice(thread, kind):
    _write_notices(thread, [], kind)


def _write_notices(thread, new, kind):
    locked = Thread.objects.select_for_update(no_key=True).only("notices").get(pk=thread.pk)
    thread.notices = [notice for notice in locked.notices if notice["kind"] != kind] + new
    Thread.objects.filter(pk=thread.pk).update(notices=thread.notices, version=F("version") + 1, changed_at=Now())
