"""Opening a concern, answering it, and saying what came of it."""

from django.db import transaction
from django.utils import timezone

from discussions.threads.actions import post, start_thread
from discussions.threads.models import Thread
from discussions.threads.pseudonyms import author_for, pseudonym_of
from discussions.threads.rules import goes_by
from discussions.threads.ties import disclosure_on, lab_of
from discussions.threads.validators import clean_title
from registry.core.errors import Conflict, Invalid
from registry.core.limits import take
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.recording import record

from .facts import mark_opening, mark_said, recount
from .models import Concern

State = Concern.State
# Each state, by the states from which it is reached, who may say so, and the verb of the event.
TRANSITIONS = {
    State.ANSWERED: ({State.OPEN}, "concerns.answer", "concern.answered"),
    State.ACCEPTED: ({State.ANSWERED}, "concerns.settle", "concern.accepted"),
    State.DISSENT_KEPT: ({State.ANSWERED}, "concerns.keep_dissent", "concern.dissent_kept"),
    State.OPEN: ({State.ANSWERED}, "concerns.settle", "concern.reopened"),
    State.WITHDRAWN: ({State.OPEN, State.ANSWERED}, "concerns.settle", "concern.withdrawn"),
}
RESOLUTIONS = (State.ACCEPTED, State.DISSENT_KEPT, State.OPEN, State.WITHDRAWN)


@transaction.atomic
def open_concern(subject, title, body, by, *, clause=None, follows=None, pseudonym=None):
    """Open a concern with a discussion of its own; the body is the first comment."""
    require(by, "concerns.open", subject)
    thread = start_thread(subject, title, body, by, pseudonym=pseudonym)
    return _open(thread.comments.select_related("thread__about").get(number=1), thread.title, by, clause, follows)


@transaction.atomic
def raise_concern(comment, title, by, *, clause=None, follows=None):
    """Open a concern from a comment of one's own, under its name; it goes on being discussed where it was said."""
    require(by, "concerns.raise", comment)
    author_for(by, pseudonym_of(by, comment.author_id), comment.thread.about, comment.thread)
    _hold_thread(comment.thread_id)
    if Concern.objects.filter(opening=comment).exists():
        raise Conflict("This comment opens a concern already.")
    return _open(comment, clean_title(title), by, clause, follows)


def _open(comment, title, by, clause, follows):
    take("concern", f"u{by.pk}", size=20, per_seconds=3600)
    about = comment.thread.about
    lab = lab_of(about)
    _check_clause(clause, lab)
    _check_follows(follows, about)
    said = disclosure_on(lab, by, about=about, pseudonym=pseudonym_of(by, comment.author_id))
    concern = Concern.objects.create(
        about=about, clause=clause, lab=lab, title=title, thread=comment.thread, opening=comment, follows=follows,
        opened_by=comment.author, disclosure=said,
    )  # fmt: skip
    path = concern.get_absolute_url()
    concern.subject = name_subject("concern", concern.pk, title=title, path=path, public=True)
    concern.save(update_fields=["subject"])
    recount(about)
    mark_opening(concern)
    _record("concern.opened", concern, comment.author, comment)
    return concern


def _check_clause(clause, lab):
    if clause is not None and lab is None:
        raise Invalid("Name a clause only where the concern is about what a lab did.", "clause")


def _check_follows(follows, about):
    if follows is None:
        return
    if follows.about_id != about.pk:
        raise Invalid("The concern that it takes up again is about something else.", "follows")
    if not follows.is_resolved:
        raise Conflict("The concern that it takes up again is not resolved yet. Go on there.")


@transaction.atomic
def answer(concern, body, by):
    """Answer a concern where it was opened; for a lab this is its official response."""
    require(by, "concerns.answer", concern)
    _hold_thread(concern.thread_id)
    comment = post(concern.thread, body, by, parent=concern.opening, official_for=concern.lab)
    _move(concern, State.ANSWERED, answer=comment, answered_at=timezone.now())
    return _finish(concern, by, comment)


@transaction.atomic
def resolve(concern, resolution, by, body=""):
    """Say what came of a concern: its answer is accepted, its dissent stays, it is open again, it is withdrawn.

    Whoever opened it under a pseudonym goes on under that one. All but acceptance need a reason,
    which is posted below the answer.
    """
    if resolution not in RESOLUTIONS:
        raise Invalid(f"Choose a resolution: {', '.join(RESOLUTIONS)}.", "resolution")
    require(by, TRANSITIONS[resolution][1], concern)
    if resolution != State.ACCEPTED and not body.strip():
        raise Invalid("Say why, so that others can follow it.", "body", "required")
    own = goes_by(by, concern.opened_by_id)
    pseudonym = pseudonym_of(by, concern.opened_by_id) if own else None
    author = author_for(by, pseudonym, concern.about)
    _hold_thread(concern.thread_id)
    comment = None
    if body.strip():
        below, official = _last_word(concern), None if own else concern.lab
        comment = post(concern.thread, body, by, parent=below, official_for=official, pseudonym=pseudonym)
    if resolution == State.OPEN:
        _move(concern, State.OPEN, answer=None, answered_at=None)  # the clock goes on from the opening
    else:
        _move(concern, resolution, resolution=comment, resolved_at=timezone.now())
    return _finish(concern, author, comment)


def _last_word(concern):
    """What is answered by saying what came of a concern: its answer, unless that was moved elsewhere."""
    answer = concern.answer
    return answer if answer and answer.thread_id == concern.thread_id else concern.opening


def _hold_thread(pk):
    """Keep the thread's row until the act is over, before any other: whoever acts there asks in the same order."""
    Thread.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


def _move(concern, state, **fields):
    """Change the state if the concern is still in one from which that is possible."""
    sources = TRANSITIONS[state][0]
    if not Concern.objects.filter(pk=concern.pk, state__in=sources).update(state=state, **fields):
        now = Concern.objects.get(pk=concern.pk).get_state_display().lower()
        raise Conflict(f"This cannot be done: the concern is “{now}” by now. Read what was said in the meantime.")
    for name, value in fields.items():
        setattr(concern, name, value)
    # Who signed since the page was made counts: the mark says whether it is an open call.
    concern.refresh_from_db(fields=["state", "open_call_at", "signers", "independent_signers"])


def _finish(concern, by, comment):
    recount(concern.about)
    mark_opening(concern)
    if comment:
        mark_said(concern, comment, concern.state)
    _record(TRANSITIONS[concern.state][2], concern, by, comment)
    return concern


def _record(verb, concern, by, comment=None):
    said = {"comment": comment.pk, "number": comment.number} if comment else {}
    record(
        verb, concern.subject, by=by, lab=concern.lab.subject if concern.lab else None, about=concern.about.ref,
        thread=concern.thread_id, **said,
    )  # fmt: skip
