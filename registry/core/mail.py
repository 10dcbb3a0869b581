"""Outgoing mail: a request writes a row, a worker hands it to the mail server named by the deployment.

A row is sent under a lease, which its `due_at` holds: no transaction is open while the mail server is spoken to. A
worker that dies after the server took a mail and before it could write that down leaves a mail that is sent again;
this cannot be helped with SMTP, but both have the same Message-ID, by which mailboxes know them as one.
"""

import logging
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import F
from django.utils import timezone

log = logging.getLogger(__name__)
ATTEMPTS = 8
# Longer than the task that sends may take, see tasks.py.
LEASE = timedelta(seconds=150)


class OutboundMail(models.Model):
    """One message to one person; its body is dropped once it is sent, since it may hold a secret link."""

    # The same for all who are sent the same comment: mail clients put a discussion together by it.
    message_id = models.CharField(max_length=200)
    sender = models.CharField(max_length=300)
    recipients = models.JSONField()
    subject = models.CharField(max_length=400)
    body = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "recipients"], name="one_mail_per_recipient")]
        indexes = [
            models.Index(
                fields=["due_at"], name="mail_due", condition=models.Q(sent_at__isnull=True, failed_at__isnull=True)
            )
        ]

    def __str__(self):
        return self.subject


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend for requests: keeps messages as rows in the caller's transaction.

    Every recipient gets a row, so that nobody reads another one's address and each is tried by itself.
    """

    def send_messages(self, messages):
        for message in messages:
            # Our own, since Django's asks the name service for this machine's name.
            message.extra_headers.setdefault("Message-ID", _message_id())
            message.message()  # refuses line breaks in headers now, while somebody can be told
            html = [body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"]
            headers = {k: str(v) for k, v in message.extra_headers.items() if k.lower() not in ADDRESSING}
            OutboundMail.objects.bulk_create(
                OutboundMail(
                    message_id=message.extra_headers["Message-ID"] if number == 0 else _message_id(),
                    sender=message.from_email,
                    recipients=[recipient],
                    subject=str(message.subject)[:400],
                    body=message.body,
                    html=html[0] if html else "",
                    headers=headers,
                )
                for number, recipient in enumerate(dict.fromkeys(message.recipients()))
            )
        return len(messages)


ADDRESSING = {"message-id", "to", "cc", "bcc"}


def _message_id():
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>"


def claim_mail(pk):
    """Take a mail that is due: the row under a lease, or None where somebody else has it or it is over."""
    now = timezone.now()
    due = OutboundMail.objects.filter(pk=pk, sent_at=None, failed_at=None, due_at__lte=now)
    taken = due.filter(attempts__lt=ATTEMPTS).update(attempts=F("attempts") + 1, due_at=now + LEASE)
    if not taken:
        due.filter(attempts__gte=ATTEMPTS).update(failed_at=now, error="Every worker that sent it died.")
    return OutboundMail.objects.get(pk=pk) if taken else None


def deliver(mail):
    """Hand a claimed mail to the server; keep it for a later try where the server will not have it."""
    try:
        _send(mail)
    except Exception as problem:  # noqa: BLE001 - any library error means "not sent", and is kept
        pause = timedelta(seconds=min(30 * 2**mail.attempts, 3600))
        error = f"{type(problem).__name__}: {problem}"[:500].replace("\0", "")
        log.warning("mail %s not sent: %s", mail.pk, error)
        over = timezone.now() if mail.attempts >= ATTEMPTS else None
        _write(mail, error=error, due_at=timezone.now() + pause, failed_at=over)
    else:
        _write(mail, sent_at=timezone.now(), body="", html="", error="")


def _send(mail):
    message = _message(mail)
    try:
        message.send()
    finally:
        # Django leaves a connection open on which STARTTLS or signing in has failed.
        with suppress(Exception):
            message.connection.close()


def _message(mail):
    headers = mail.headers | {"Message-ID": mail.message_id}
    message = EmailMultiAlternatives(mail.subject, mail.body, mail.sender, mail.recipients, headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.connection = get_connection(settings.EMAIL_DELIVERY_BACKEND, **settings.EMAIL_DELIVERY_OPTIONS)
    return message


def _write(mail, patience=60, **values):
    """Write how it ended, waiting out a database that is away: what is not written down is sent again."""
    until = time.monotonic() + patience
    while True:
        try:
            OutboundMail.objects.filter(pk=mail.pk, sent_at=None).update(**values)
            return
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
