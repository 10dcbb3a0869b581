"""Outgoing mail: a request writes a row, a worker hands it to the mail server named by the deployment."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.utils import timezone

log = logging.getLogger(__name__)
ATTEMPTS = 8


class OutboundMail(models.Model):
    """One message to one server; its body is dropped once it is sent, since it may hold a secret link."""

    message_id = models.CharField(max_length=200, unique=True)
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
        indexes = [
            models.Index(
                fields=["due_at"], name="mail_due", condition=models.Q(sent_at__isnull=True, failed_at__isnull=True)
            )
        ]

    def __str__(self):
        return self.subject


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend for requests: keeps messages as rows in the caller's transaction."""

    def send_messages(self, messages):
        for message in messages:
            html = [body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"]
            OutboundMail.objects.create(
                message_id=message.message()["Message-ID"],
                sender=message.from_email,
                recipients=message.recipients(),
                subject=message.subject[:400],
                body=message.body,
                html=html[0] if html else "",
                headers={k: str(v) for k, v in message.extra_headers.items()},
            )
        return len(messages)


def deliver(mail):
    """Hand a mail to the server; keep it for a later try where the server will not have it.

    The caller holds the row's lock. The Message-ID stays the same over all tries, so that a repeat is
    recognised as one.
    """
    message = EmailMultiAlternatives(
        mail.subject, mail.body, mail.sender, mail.recipients, headers=mail.headers | {"Message-ID": mail.message_id}
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    mail.attempts += 1
    try:
        message.connection = get_connection(settings.EMAIL_DELIVERY_BACKEND, **settings.EMAIL_DELIVERY_OPTIONS)
        message.send()
    except Exception as problem:  # noqa: BLE001 - any library error means "not sent", and is kept
        mail.error = f"{type(problem).__name__}: {problem}"[:500]
        mail.due_at = timezone.now() + timedelta(seconds=min(30 * 2**mail.attempts, 3600))
        mail.failed_at = timezone.now() if mail.attempts >= ATTEMPTS else None
        log.warning("mail %s not sent: %s", mail.pk, mail.error)
    else:
        mail.sent_at, mail.body, mail.html, mail.error = timezone.now(), "", "", ""
    mail.save()
