"""What is written to the sender of a mail: that it waits for their word, why it was not posted, what was left out.

At most ten a day go to one address, so that nobody can have somebody flooded; what is not written stands on the page.
Nothing is ever answered that a machine wrote, and the headers say that a machine wrote this.
"""

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from discussions.notifications.headers import one_line
from discussions.notifications.return_paths import return_path
from discussions.threads.message_ids import host
from registry.core.errors import TooMany
from registry.core.limits import take

from .links import token_for
from .models import IncomingMail

A_DAY = 10
TO_STRANGERS = 1
State = IncomingMail.State


def ask_to_confirm(mail):
    """Show the way to say that a mail is one's own; it goes to an address of the person, whoever wrote."""
    link = settings.BASE_URL + reverse("mail_in:by_link", args=[token_for(mail)])
    _send(mail, _own_address(mail), "waiting", "Post what you wrote by mail?", link=link)


def tell_refused(mail):
    _send(mail, _own_address(mail), "refused", "Your mail was not posted")


def tell_outcome(mail):
    """Say what came of a mail that needed no word, where that is not what its sender expects."""
    if mail.state == State.REFUSED:
        tell_refused(mail)
    elif mail.state == State.HELD:
        _send(mail, _own_address(mail), "held", "Your mail waits for a moderator")
    elif mail.left_out:
        _send(mail, _own_address(mail), "left_out", "Your mail was posted without what was attached")


def tell_stranger(mail):
    """Say once a day to somebody without an account why nothing was posted; only to whom their server vouches for."""
    _send(mail, mail.from_address, "stranger", "Your mail was not posted", most=TO_STRANGERS)


def _own_address(mail):
    """Where they wrote from, if it is an address that they have confirmed; else that of their account."""
    confirmed = mail.person.emailaddress_set.filter(email__iexact=mail.from_address, verified=True).exists()
    return mail.from_address if confirmed else mail.person.email


def _send(mail, address, name, subject, most=A_DAY, **context):
    if not address:
        return
    try:
        who = hashlib.sha256(address.lower().encode()).hexdigest()[:32]
        take("mail-answer", who, size=most, per_seconds=86400)
    except TooMany:
        return
    page = settings.BASE_URL + mail.get_absolute_url()
    context |= {"mail": mail, "person": mail.person, "page": page, "site": settings.BASE_URL}
    about = "" if mail.kind == "letter" else one_line(mail.title, 120)  # of a letter no mail says more than that it is
    message = EmailMultiAlternatives(
        f"[Daylight] {subject}{': ' + about if about else ''}",
        render_to_string(f"mail_in/mail/{name}.txt", context),
        (return_path(mail.person) if mail.person else "") or None, [address], headers=_headers(mail),
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"mail_in/mail/{name}.html", context), "text/html")
    message.send()


def _headers(mail):
    """RFC 3834: an answer says that it is one, and answers that mail."""
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<answer-{mail.pk}@{host()}>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
    }
    # One that is too long for a header's line would be broken within.
    if mail.message_id.isascii() and 0 < len(mail.message_id) <= 200:
        headers |= {"In-Reply-To": mail.message_id, "References": mail.message_id}
    return headers
