"""Reading a mail that was taken: what it is, whose it is, what of it is posted. Twice comes to the same as once.

What a mail does and the state of its row are one transaction under the row's lock, so a worker may die at any moment.
"""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from discussions.notifications.actions import count_bounce, stop_mail
from discussions.notifications.models import OriginalMail
from discussions.threads.message_ids import comment_of
from discussions.threads.models import Comment
from discussions.threads.validators import MAX_TITLE
from registry.accounts.models import User
from registry.core.subjects import Subject
from registry.core.text import plain_excerpt

from . import answering
from .actions import SUSPENDED, post_now
from .authentication import is_vouched_for
from .automatic import has_bounced, why_automatic
from .cutting import cut
from .masking import mask
from .message import read
from .models import IncomingMail
from .routing import route_of
from .titles import title_of

log = logging.getLogger(__name__)
ATTEMPTS = 3
LEASE = timedelta(seconds=150)  # longer than the task may take, see tasks.py
State = IncomingMail.State
NOTHING_OWN = "Nothing that you wrote yourself was found in this mail, only quoted text or a signature."
ENCRYPTED = "This mail is encrypted, so that nobody here can read it. Send it again in plain text."


def process(pk):
    """Read one mail, if it is still to be read; a second bell for it does nothing."""
    if not _claim(pk):
        return
    try:
        handle(pk)
    except (OperationalError, InterfaceError):
        raise  # when the lease has run out it is read again
    except Exception:
        log.exception("mail %s could not be read", pk)
        IncomingMail.objects.filter(pk=pk, state=State.RECEIVED).update(due_at=timezone.now() + timedelta(seconds=60))


def _claim(pk):
    now = timezone.now()
    due = IncomingMail.objects.filter(pk=pk).due(now)
    if due.filter(attempts__lt=ATTEMPTS).update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return True
    due.filter(attempts__gte=ATTEMPTS).update(state=State.BROKEN, settled_at=now)
    return False


@transaction.atomic
def handle(pk):
    """Do what a mail asks for, under its lock."""
    mail = IncomingMail.objects.select_for_update().filter(pk=pk, state=State.RECEIVED).first()
    if mail is None:
        return
    message, route = read(bytes(mail.raw)), route_of(mail.recipient)
    mail.from_address, mail.message_id = message.sender, message.message_id
    if route is None:
        _settle(mail, State.IGNORED, "no address of ours any more")
    elif route.kind == "unsubscribe":
        _unsubscribe(mail, route)
    elif route.kind == "bounce":
        _count_bounce(mail, message, route)
    elif why := why_automatic(message, mail.envelope_sender):
        _settle(mail, State.IGNORED, why)
    else:
        _take_text(mail, message, route)
    mail.raw = b""
    mail.save()


def _settle(mail, state, reason=""):
    mail.state, mail.reason, mail.settled_at = state, reason, timezone.now()


def _unsubscribe(mail, route):
    """What the link does, by whoever holds the address; nobody is answered."""
    user, subject = route.unsubscribe
    person = User.objects.filter(pk=user, is_active=True).first()
    about = Subject.objects.filter(pk=subject).first() if subject else None
    mail.kind = route.kind
    if person and (about or subject is None):
        stop_mail(person, about)
    _settle(mail, State.DONE)


def _count_bounce(mail, message, route):
    mail.kind = route.kind
    if has_bounced(message) and (person := User.objects.filter(pk=route.person).first()):
        mail.person = person
        count_bounce(person)
    _settle(mail, State.DONE)


def _take_text(mail, message, route):
    """Whose mail it is, what it says, and whether it is posted at once."""
    mail.person, mail.vouched_for = _author_of(message, route)
    if mail.person is None:
        if is_vouched_for(message):
            answering.tell_stranger(mail)
        return _settle(mail, State.IGNORED, "stranger")
    _place(mail, message, route)
    own, mail.cut = cut(message.text)
    private = message.addresses | {mail.person.email} | set(_addresses_of(mail.person))
    mail.body, mail.masked = mask(own, private)
    mail.title = mask(title_of(message.get("subject")), private)[0] or plain_excerpt(mail.body, 80)
    mail.title = mail.title[:MAX_TITLE]
    mail.left_out = [name for name, inline in message.left_out if not inline]
    if problem := _problem_of(mail, message):
        _settle(mail, State.REFUSED, problem)
        return answering.tell_refused(mail)
    if mail.vouched_for:
        post_now(mail)
        return answering.tell_outcome(mail)
    mail.state = State.WAITING
    return answering.ask_to_confirm(mail)


def _problem_of(mail, message):
    if mail.person.is_suspended:
        return SUSPENDED
    if not mail.body.strip():
        return ENCRYPTED if message.encrypted else NOTHING_OWN
    return ""


def _author_of(message, route):
    """In whose name it would be posted, and whether their mail server vouches for it being theirs.

    An address that was made for one person is answered in another one's name, or from an unknown address, only after
    that person has said so.
    """
    confirmed = EmailAddress.objects.filter(email__iexact=message.sender, verified=True, user__is_active=True)
    found = confirmed.select_related("user").first() if message.sender else None
    if found and route.person in {None, found.user_id}:
        return found.user, is_vouched_for(message)
    if found:
        return found.user, False
    return User.objects.filter(pk=route.person, is_active=True).first() if route.person else None, False


def _addresses_of(person):
    return person.emailaddress_set.values_list("email", flat=True)


def _place(mail, message, route):
    """Which comment it answers: the one that its headers name, where that stands in the same place as its address."""
    mail.kind, mail.about = route.kind, route.about
    mail.visibility, mail.public_on = route.visibility, route.public_on
    answered = _answered(message)
    if route.kind == "reply":
        same = answered and answered.thread_id == route.comment.thread_id
        mail.parent = answered if same else route.comment
    elif route.kind == "thread" and answered and answered.thread.about_id == route.about.pk:
        mail.kind, mail.parent = "reply", answered


def _answered(message):
    """The nearest comment in view that a mail answers, by our Message-ID or by that under which it came to us."""
    for named in message.answered:
        by_mail = OriginalMail.objects.filter(message_id=named).order_by("pk").values_list("comment", flat=True)
        pk = comment_of(named) or by_mail.first()
        if pk and (found := Comment.objects.filter(pk=pk, hidden=False).select_related("thread__about").first()):
            return found
    return None
