"""Promises as the board lists them, and their numbers as last counted."""

from django.db import models

from registry.labs.models import Lab
from registry.releases.models import Entry

from .querysets import PromiseQuerySet


class Promise(models.Model):
    """One promise of one entry, as its current revision tells it; identity lasts over revisions."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept in time"
        KEPT_LATE = "kept_late", "Kept late"
        CANCELLED = "cancelled", "Called off"
        SUPERSEDED = "superseded", "Replaced by another promise"
        DROPPED = "dropped", "No longer mentioned"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="promises")
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="promises")
    # What tells it from the other promises of its entry: its key, or else its title.
    identity = models.CharField(max_length=220)
    stage = models.PositiveIntegerField(null=True)
    what = models.CharField(max_length=200, blank=True)
    announced = models.CharField(max_length=10, blank=True)
    due = models.CharField(max_length=10, blank=True)
    # For when it was promised at first, where that was put off since.
    first_due = models.CharField(max_length=10, blank=True)
    condition = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    kept_on = models.CharField(max_length=10, blank=True)
    kept_by = models.PositiveIntegerField(null=True)
    days_late = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    # Where it stands in lists: open ones by the last day on which they would be in time, others by when they ended.
    day = models.DateField()
    changed_at = models.DateTimeField()

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "identity"], name="one_row_per_promise")]
        indexes = [
            models.Index(fields=["state", "day", "id"], name="promises_by_state"),
            models.Index(fields=["lab", "state", "day"], name="promises_of_lab"),
        ]

    def __str__(self):
        return self.what or "A stage without a title"

    def get_absolute_url(self):
        place = f"#stage-{self.stage}" if self.stage else "#revisions"
        return f"{self.entry.get_absolute_url()}{place}"


class PromiseCount(models.Model):
    """The numbers of the board, counted by the worker."""

    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    def __str__(self):
        return f"Counted {self.counted_at:%Y-%m-%d %H:%M}"
