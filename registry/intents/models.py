"""Intents to release, and what was changed of them."""

import zoneinfo
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.releases.models import Entry, Revision

from .querysets import GRACE_DAYS, IntentQuerySet, today

LEAST_DAYS = 14  # for which the comment window is open at least
LEAST_AFTER_CHANGE = 7  # days for which it is open at least after a change of substance
LOOK_BACK_DAYS = 180  # after the decision is final, where the lab has named no day


class Intent(models.Model):
    """One planned decision, as its lab announced it: nothing of it is read from the draft that it is about.

    It changes only by `actions`; every change is an event and, while it is announced, an `IntentChange`.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced", "Announced"
        FINAL = "final", "Final"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Outcome(models.TextChoices):
        CARRIED_OUT = "carried_out", "Carried out as announced"
        CHANGED = "changed", "Decided otherwise"

    class Verdict(models.TextChoices):
        HOLD = "hold", "The reasons still hold"
        IN_PART = "in_part", "The reasons hold in part"
        NO_LONGER = "no_longer", "The reasons no longer hold"

    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="intent")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="intents")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="intents")
    # What it is about, by the name under which the lab announces it; the entry may be a draft that nobody else sees.
    artefact = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    # Lines of component, variant, mode, gate and audience, copied from a planned stage when the lab asked for that.
    components = models.JSONField(default=list)
    what = models.TextField(blank=True)
    why = models.TextField()
    planned_on = models.DateField()
    # The last day for comments, by the clock of `time_zone`; `closes_at` is the midnight that ends it.
    closes_on = models.DateField()
    closes_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50, default="UTC")
    look_back_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANNOUNCED)
    version = models.PositiveIntegerField(default=1)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As `disclosing.disclosure_on` returned it when the intent was announced; never brought up to date.
    disclosure = models.JSONField(default=dict)
    announced_at = models.DateTimeField(default=timezone.now)
    # When followers were told that the window has closed; null while they are not.
    closing_told_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="intents")
    decision = models.TextField(blank=True)
    finalised_at = models.DateTimeField(null=True)
    withdrawal = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    # When the lab and all followers were reminded of the look-back.
    reminded_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    look_back = models.TextField(blank=True)
    looked_back_at = models.DateTimeField(null=True)

    objects = IntentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="intents_by_state"),
            models.Index(fields=["lab", "-id"], name="intents_of_lab"),
            models.Index(
                fields=["closes_at"], name="intents_closing",
                condition=models.Q(state="announced", closing_told_at__isnull=True),
            ),
            models.Index(
                fields=["look_back_on"], name="intents_to_look_back",
                condition=models.Q(state="final", looked_back_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.title} ({self.artefact})"[:300]

    def get_absolute_url(self):
        return reverse("intents:detail", args=[self.pk])

    @property
    def name(self):
        """The name of whoever announced it, as it was then."""
        return self.disclosure.get("display_name") or self.announced_by.display_name

    @property
    def is_announced(self):
        return self.state == self.State.ANNOUNCED

    @property
    def is_open(self):
        """Whether the comment window is open."""
        return self.is_announced and timezone.now() < self.closes_at

    @property
    def look_back_is_due(self):
        waits = self.state == self.State.FINAL and self.looked_back_at is None
        return waits and self.look_back_on <= today()

    @property
    def look_back_is_overdue(self):
        return self.look_back_is_due and self.look_back_on + timedelta(days=GRACE_DAYS) < today()

    @property
    def public_entry(self):
        """The entry where everybody may see it, or None: of a draft nothing but the announcement is shown."""
        seen = self.entry.published_at is not None and self.entry.subject.public and not self.entry.subject.hidden
        return self.entry if seen else None

    @property
    def key_of_entry(self):
        return self.public_entry.key if self.public_entry else None


class IntentChange(models.Model):
    """What was changed of an announced intent: old and new values by field, when, by whom and why."""

    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="changes")
    # Field → [old, new], as JSON.
    values = models.JSONField()
    reason = models.TextField()
    # Whether what is planned or why changed, or the day came closer, so that people must have time to read again.
    of_substance = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["intent", "id"])]

    def __str__(self):
        return f"change of intent {self.intent_id}"

    @property
    def puts_off(self):
        old, new = self.values.get("planned_on", ("", ""))
        return new > old


def today_in(zone):
    """The day that the calendar shows in a zone."""
    return timezone.now().astimezone(zoneinfo.ZoneInfo(zone)).date()


def end_of(day, zone):
    """The midnight that ends a day by the clock of a zone."""
    return datetime.combine(day + timedelta(days=1), time(), zoneinfo.ZoneInfo(zone))
