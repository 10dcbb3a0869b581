"""Discussions that begin with what was written elsewhere before, by several people: each part becomes a comment.

Authors, disclosures and whom they spoke for are those of the time of writing; when it was written, a mark says.
"""

from dataclasses import dataclass

from django.db import transaction

from registry.accounts.models import User
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.recording import record
from registry.labs.models import Lab

from .mentions import mentions_in
from .models import Comment, Thread
from .paths import depth_of, path_under
from .ties import lab_of


@dataclass(frozen=True)
class Said:
    """One part of an exchange, rendered when it was written; `words` and `path` make the mark beside it."""

    author: User
    body: str
    html: str
    disclosure: dict
    words: str
    path: str
    as_of: str = ""
    official_for: Lab | None = None


@transaction.atomic
def open_exchange(subject, title, parts):
    """Start a discussion with an exchange; the first part opens it, the others answer that one in their order.

    Followers are told of the discussion once, and not of each part.
    """
    first = parts[0]
    require(first.author, "threads.start", subject)
    lab = lab_of(subject)
    thread = Thread.objects.create(
        about=subject, title=title, started_by=first.author, comment_count=len(parts), next_number=len(parts) + 1,
        version=1,
    )  # fmt: skip
    thread.subject = name_subject("thread", thread.pk, title=title, path=thread.get_absolute_url(), public=True)
    thread.save(update_fields=["subject"])
    subject.count(threads=1, comments=len(parts))
    opening = None
    for number, part in enumerate(parts, 1):
        path = path_under(opening.path if opening else "", number)
        comment = Comment.objects.create(
            thread=thread, parent=opening, number=number, path=path, depth=depth_of(path), author=part.author,
            body=part.body, html=part.html, disclosure=part.disclosure, official_for=part.official_for,
            as_of=part.as_of, marks=[{"kind": "letter", "words": part.words, "path": part.path}],
        )  # fmt: skip
        opening = opening or comment
        _record(comment, lab)
    return thread


def _record(comment, lab):
    thread, named = comment.thread, mentions_in(comment.html)
    more = {"mentions": named} if named else {}
    if comment.number > 1:
        more["exchange"] = True
    record(
        "comment.posted" if comment.number > 1 else "thread.started", thread.subject, by=comment.author,
        lab=lab.subject if lab else None, about=thread.about.ref, thread=thread.pk, comment=comment.pk,
        number=comment.number, **more,
    )  # fmt: skip
