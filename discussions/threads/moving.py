"""Carrying a comment and what stands below it to another discussion, and back.

The rows stay what they are: their keys, and so every permanent address, quotation, vote and letter, lead to where they
stand now. They take new numbers at the end of the discussion that they come to, so that they are new to its readers,
and leave their old ones free for ever, so that what somebody has read there stays read. Where the topmost of them
stood, a placeholder says where it went.
"""

from dataclasses import dataclass

from django.db.models import F, Max
from django.db.models.functions import Now

from registry.core.errors import Conflict
from registry.core.subjects import name_subject

from .models import Comment, CommentDraft, HeldPost, Thread
from .paths import PLACE, depth_of, path_under

MOST = 500  # comments that are moved at once


@dataclass
class Place:
    """Where a comment stood."""

    number: int
    path: str
    parent: int | None
    as_of: str


def hold_threads(*keys):
    """Lock discussions in the order of their keys: two acts that do so cannot wait for each other."""
    rows = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("about").order_by("pk")
    return {thread.pk: thread for thread in rows.filter(pk__in=keys)}


def branch_of(comment):
    """A comment and all below it, the oldest first; those taken from view and placeholders are among them."""
    return list(Comment.objects.filter(thread=comment.thread_id, path__startswith=comment.path).order_by("number"))


def begin_thread(about, title, by):
    """An empty discussion for what is moved; it is seen once something stands in it."""
    thread = Thread.objects.create(about=about, title=title, started_by=by, version=1)
    path = thread.get_absolute_url()
    thread.subject = name_subject("thread", thread.pk, title=title, path=path, public=True)
    thread.save(update_fields=["subject"])
    about.count(threads=1)
    return thread


def carry(comment, to, *, places=None):
    """Put a branch at the end of another discussion, or in the places there that are given by key; both are held.

    Returns where each comment stood. What has no place of its own takes the next number below its parent.
    """
    branch, source = branch_of(comment), comment.thread
    if len(branch) > MOST:
        raise Conflict(f"At most {MOST} comments can be moved at once; this branch has {len(branch)}.")
    places, number = places or {}, to.next_number
    before, paths = {}, {}
    for row in branch:
        before[row.pk], place = Place(row.number, row.path, row.parent_id, row.as_of), places.get(row.pk)
        if row.pk == comment.pk:
            above = Comment.objects.filter(pk=place.parent, thread=to).first() if place else None
            row.parent_id, base = (above.pk, above.path) if above else (None, "")
        else:
            base = paths[row.parent_id]
        if place:
            row.number, row.as_of = place.number, place.as_of
        else:
            row.number, number = number, number + 1
            row.as_of = row.as_of if to.about_id == source.about_id else ""
        row.thread, row.path = to, path_under(base, row.number)
        row.depth, paths[row.pk] = depth_of(row.path), row.path
    Comment.objects.bulk_update(branch, ["thread", "number", "path", "depth", "parent", "as_of"])
    Thread.objects.filter(pk=to.pk).update(next_number=number)
    to.next_number = number
    _follow(source, to, list(before))
    shown = sum(not row.hidden for row in branch)
    for thread, more in ((source, -shown), (to, shown)):
        last = thread.comments.aggregate(last=Max("created_at"))["last"]
        Thread.objects.filter(pk=thread.pk).update(
            comment_count=F("comment_count") + more, version=F("version") + 1, changed_at=Now(),
            last_comment_at=last or thread.last_comment_at,
        )  # fmt: skip
        if not thread.hidden:
            thread.about.count(comments=more)
    moved = next(row for row in branch if row.pk == comment.pk)
    for name in ("thread", "number", "path", "depth", "parent_id", "as_of"):
        setattr(comment, name, getattr(moved, name))
    return before


def leave_word(comment, source, place, words):
    """Put the placeholder where a comment stood that was carried away; its link leads there for good."""
    mark = {"kind": "moved", "words": words, "path": comment.get_absolute_url()}
    return Comment.objects.create(
        thread=source, parent_id=place.parent, number=place.number, path=place.path, depth=depth_of(place.path),
        author=comment.author, body="", html="", as_of=place.as_of, hidden=True, marks=[mark],
        disclosure=comment.disclosure,
    )  # fmt: skip


def is_placeholder(comment):
    return any(mark["kind"] == "moved" and comment.hidden and not comment.body for mark in comment.marks)


def has_left(comment, thread):
    """Whether a comment stood in a discussion before it, or one that it stands below, was moved out of there."""
    words = Comment.objects.filter(thread=thread, hidden=True, body="", marks__contains=[{"kind": "moved"}])
    gone = {mark["path"] for marks in words.values_list("marks", flat=True) for mark in marks}
    if not gone:
        return False
    above = [comment.path[:end] for end in range(PLACE, len(comment.path) + 1, PLACE)]
    branch = Comment.objects.filter(thread=comment.thread_id, path__in=above)
    return any(row.get_absolute_url() in gone for row in branch.only("pk"))


def take_word_back(thread, number):
    """Remove the placeholder, so that what stood there can stand there again."""
    found = Comment.objects.filter(thread=thread, number=number, hidden=True, body="").first()
    if found is None or not is_placeholder(found):
        return
    # What was answered to the place meanwhile cannot be: nobody can answer what is hidden.
    Comment.objects.filter(pk=found.pk).delete()


def _follow(source, to, keys):
    """What is being written as an answer to something that moves goes where that goes."""
    for draft in CommentDraft.objects.filter(place__in=[f"thread:{source.pk}/{pk}" for pk in keys]):
        draft.place = f"thread:{to.pk}/{draft.place.rpartition('/')[2]}"
        if not CommentDraft.objects.filter(user=draft.user, place=draft.place).exists():
            draft.save(update_fields=["place"])
    HeldPost.objects.filter(thread=source, parent__in=keys).update(thread=to, about=to.about)
