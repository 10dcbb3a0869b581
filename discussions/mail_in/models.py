"""Mails as they came, what became of them, and under which Message-ID a comment came by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from discussions.threads.models import Comment, HeldPost
from registry.core.subjects import Subject

from .querysets import IncomingMailQuerySet


class IncomingMail(models.Model):
    """One mail to one of our addresses. `raw` is dropped once it is clear what becomes of it.

    `person` is in whose name it would be posted; nobody else ever sees the row.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "is being read"
        WAITING = "waiting", "waits for your word"
        POSTED = "posted", "was posted"
        HELD = "held", "waits for a moderator"
        REFUSED = "refused", "was not posted"
        DISCARDED = "discarded", "was thrown away"
        DONE = "done", "was done"  # mail was stopped, a bounce was counted
        IGNORED = "ignored", "was not read"  # of a machine or a stranger: in nobody's list
        BROKEN = "broken", "could not be read"

    # SHA-256 over its Message-ID, or over what it says where it has none: a mail that comes twice is one row.
    digest = models.CharField(max_length=64)
    recipient = models.CharField(max_length=320)
    envelope_sender = models.CharField(max_length=320, null=True)
    raw = models.BinaryField(default=b"")
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)
    # For the worker, while it is `received`.
    due_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What was read in it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="incoming_mails"
    )
    from_address = models.CharField(max_length=320, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    vouched_for = models.BooleanField(default=False)
    kind = models.CharField(max_length=11, blank=True)  # as of `routing.Route`
    about = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    visibility = models.CharField(max_length=7, blank=True)
    public_on = models.DateField(null=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    cut = models.TextField(blank=True)
    left_out = models.JSONField(default=list)  # names of what was attached
    masked = models.BooleanField(default=False)
    # What came of it.
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    held = models.ForeignKey(HeldPost, null=True, on_delete=models.SET_NULL, related_name="+")
    path = models.CharField(max_length=300, blank=True)  # of the page that shows it

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "recipient"], name="one_row_per_mail_and_recipient")]
        indexes = [
            models.Index(fields=["due_at"], name="incoming_due", condition=Q(state="received")),
            models.Index(fields=["person", "-id"], name="incoming_of_person"),
            models.Index(fields=["message_id"], name="incoming_by_message_id", condition=~Q(message_id="")),
            models.Index(fields=["person", "-settled_at"], name="incoming_bounces", condition=Q(kind="bounce")),
        ]

    def __str__(self):
        return self.title or f"mail {self.pk}"

    def get_absolute_url(self):
        return reverse("mail_in:detail", args=[self.pk])

    @property
    def may_be_posted(self):
        return self.state in {self.State.WAITING, self.State.REFUSED} and bool(self.body) and self.kind in POSTABLE


POSTABLE = {"reply", "thread", "letter"}
