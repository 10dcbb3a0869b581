"""What is done with a mail: it is posted by the same acts as a form's text, or thrown away by its author."""

from django.db import transaction
from django.utils import timezone

from discussions.letters.actions import send_letter
from discussions.notifications.models import OriginalMail
from discussions.threads.actions import hold, post, start_thread
from discussions.threads.doubles import comment_before, held_before, thread_before
from discussions.threads.models import Comment, HeldPost, Thread
from discussions.threads.pace import is_new
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.rules import require

from .models import IncomingMail

State = IncomingMail.State
REFUSALS = (Invalid, Conflict, Refused, TooMany)
SUSPENDED = "Your account is suspended. Nothing can be posted in your name until that has ended."
CLOSED = "This discussion is closed, so nothing can be added to it."
OUT_OF_VIEW = "What you answered is no longer in view, so nothing can be added there."


@transaction.atomic
def confirm(mail, *, by):
    """Post a mail on its author's word; raises what the form would, and the mail stays as it was."""
    if by.is_suspended:
        raise Refused(SUSPENDED)
    require(by, "mail_in.settle", mail)
    locked = IncomingMail.objects.select_for_update(of=["self"]).with_place().get(pk=mail.pk)
    if locked.comment or locked.path:
        return locked  # a second click
    if not locked.may_be_posted:
        raise Conflict(f"This mail {locked.get_state_display()}; nothing can be done with it any more.")
    _write_down(locked, _make(locked))
    locked.save()
    return locked


@transaction.atomic
def discard(mail, *, by):
    """Throw a mail away that was not posted: its text is gone for good."""
    require(by, "mail_in.settle", mail)
    locked = IncomingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state not in {State.WAITING, State.REFUSED, State.BROKEN}:
        raise Conflict(f"This mail {locked.get_state_display()}; it cannot be thrown away.")
    locked.state, locked.settled_at, locked.raw = State.DISCARDED, timezone.now(), b""
    locked.body = locked.cut = locked.reason = ""
    locked.save()
    return locked


def post_now(mail):
    """Post a mail for whose sender their server vouches, or write down why not; its row must be locked."""
    try:
        with transaction.atomic():
            made = _make(mail)
    except REFUSALS as problem:
        mail.state, mail.reason, mail.settled_at = State.REFUSED, words_of(problem), timezone.now()
    else:
        _write_down(mail, made)


def words_of(problem):
    return " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)


def _make(mail):
    """What the mail becomes: a comment, a text that waits for a moderator, a discussion, or a letter."""
    if mail.kind == "letter":
        return send_letter(
            mail.about, title=mail.title, body=mail.body, by=mail.person, visibility=mail.visibility,
            public_on=mail.public_on, category="feedback",
        )  # fmt: skip
    return _reply(mail) if mail.kind == "reply" else _thread(mail)


def _reply(mail):
    parent = Comment.objects.visible_to(mail.person).with_thread().filter(pk=mail.parent_id).first()
    if parent is None:
        raise Conflict(OUT_OF_VIEW)
    said, thread = (mail.person, mail.body), parent.thread
    if thread.is_closed:  # the rule's own words are for somebody who has not signed in
        raise Conflict(CLOSED)
    if is_new(mail.person):
        before = held_before(*said, thread.about, thread=thread, parent=parent)
        return before or hold(thread.about, mail.body, mail.person, thread=thread, parent=parent)
    return comment_before(*said, thread, parent=parent) or post(thread, mail.body, mail.person, parent=parent)


def _thread(mail):
    if is_new(mail.person):
        before = held_before(mail.person, mail.body, mail.about, title=mail.title)
        return before or hold(mail.about, mail.body, mail.person, title=mail.title)
    before = thread_before(mail.person, mail.title, mail.body, mail.about)
    return before or start_thread(mail.about, mail.title, mail.body, mail.person)


def _write_down(mail, made):
    """What came of it, and the Message-ID under which its author has it, so that answers to that find the comment."""
    if isinstance(made, Thread):
        made = made.comments.get(number=1)
    mail.state, mail.reason, mail.settled_at = State.POSTED, "", timezone.now()
    mail.path, mail.body = made.get_absolute_url(), ""  # its words stand in one place
    if mail.kind == "letter":
        mail.title = ""
    if isinstance(made, HeldPost):
        mail.state, mail.held = State.HELD, made
    elif isinstance(made, Comment):
        mail.comment = made
        if mail.message_id:
            OriginalMail.objects.get_or_create(comment=made, defaults={"message_id": mail.message_id})
