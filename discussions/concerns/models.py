"""Concerns, who co-signs them, and how long labs take to answer."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from discussions.threads.models import Comment, Thread
from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.norms.models import Clause

from .querysets import ConcernQuerySet

OPEN_CALL_SIGNERS = 5  # independent co-signers who make a concern an open call
TAKEN_FROM_VIEW = "A concern taken from view"


class Concern(models.Model):
    """A named objection or question that asks for an answer. Its state changes only by `actions`; every change is an
    event, and every comment that made one stands in the thread."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        ACCEPTED = "accepted", "Answer accepted"
        DISSENT_KEPT = "dissent_kept", "Dissent kept"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNRESOLVED = (State.OPEN, State.ANSWERED)

    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="concern")
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="concerns")
    # The clause that it is measured by, where it is about an entry or a run.
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="concerns")
    # Whose answer it waits for; nobody's in particular where it is about a norm or a session.
    lab = models.ForeignKey(Lab, null=True, on_delete=models.PROTECT, related_name="concerns")
    title = models.CharField(max_length=200)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="concerns")
    opening = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="concern")
    answer = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="+")
    # The resolved concern that this one takes up again.
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="concerns")
    # As `ties.disclosure_on` returned it when the concern was opened; never brought up to date.
    disclosure = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    open_call_at = models.DateTimeField(null=True)
    signers = models.PositiveIntegerField(default=0)
    independent_signers = models.PositiveIntegerField(default=0)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"]),
            models.Index(fields=["about", "state"]),
            models.Index(fields=["lab", "state"]),
        ]

    def __str__(self):
        return self.shown_title

    def get_absolute_url(self):
        return reverse("concerns:detail", args=[self.pk])

    @property
    def shown_title(self):
        """The title, or a placeholder where the comment that opened it was taken from view."""
        return TAKEN_FROM_VIEW if self.opening.hidden else self.title

    @property
    def is_resolved(self):
        return self.state not in self.UNRESOLVED

    @property
    def days_open(self):
        """Whole days from its opening until it was resolved, or until now."""
        return ((self.resolved_at or timezone.now()) - self.opened_at).days

    @property
    def days_to_answer(self):
        """Whole days until the answer that stands; None while there is none."""
        return (self.answered_at - self.opened_at).days if self.answered_at else None

    @property
    def answer_is_due(self):
        return self.open_call_at is not None and self.state == self.State.OPEN

    @property
    def opener(self):
        """The opener's name as it was when the concern was opened."""
        return self.disclosure.get("display_name") or self.opened_by.display_name


class Signature(models.Model):
    """Somebody's name below another person's concern; ends by deletion, and the events keep both acts."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    disclosure = models.JSONField(default=dict)
    # Keys of the organisations that the signer belonged to when signing, see `signing.organisations_in`.
    organisations = models.JSONField(default=list)
    independent = models.BooleanField(default=False)
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["concern", "user"], name="one_signature_per_person")]

    def __str__(self):
        return f"{self.name} below concern {self.concern_id}"

    @property
    def name(self):
        return self.disclosure.get("display_name") or self.user.display_name


class AnswerTimes(models.Model):
    """How long one lab, or with `lab` null everybody, takes to answer; written by the worker."""

    lab = models.ForeignKey(Lab, null=True, on_delete=models.CASCADE, related_name="answer_times")
    # Over the answered ones; null where there are none.
    median_days = models.FloatField(null=True)
    answered = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    oldest_open_days = models.PositiveIntegerField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lab"], name="one_row_per_lab_and_one_over_all", nulls_distinct=False)
        ]

    def __str__(self):
        return f"answer times of {self.lab or 'all labs'}"
