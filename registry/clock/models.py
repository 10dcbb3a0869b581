"""What the worker keeps: when an entry was last looked at, its times of withholding, and the curves over all."""

from django.db import models
from django.db.models import Q

from registry.releases.models import Entry
from registry.releases.vocabulary import ArtefactKind, Component
from registry.releases.wording import days_in_words, joined

from .querysets import WithholdingQuerySet


class Mode(models.TextChoices):
    """How it was withheld, and so what ends it: for closed, that somebody outside the lab may have it; else, anyone."""

    CLOSED = "closed", "Closed"
    RESTRICTED = "restricted", "Restricted"
    EITHER = "either", "Closed or restricted"


class Measure(models.TextChoices):
    RELEASE = "release", "Until released"
    REPLICATION = "replication", "Until replicated"


class EntryClock(models.Model):
    """An entry's place in the worker's round; `due` since something happened that its times may depend on."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="clock")
    due = models.BooleanField(default=True)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="entry_clocks_due", condition=Q(due=True))]

    def __str__(self):
        return f"clock of {self.entry_id}"


class Withholding(models.Model):
    """One observation: a time for which a component of an entry was withheld, of whichever variants at once.

    `days` lies in the middle of the fewest and most that its dates allow; while it lasts it grows every day.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="withholdings")
    component = models.CharField(max_length=24, choices=[(c.value, c.label) for c in Component])
    mode = models.CharField(max_length=10, choices=Mode.choices)
    kind = models.CharField(max_length=10, choices=[(k.value, k.label) for k in ArtefactKind])
    year = models.PositiveSmallIntegerField(default=0)
    variants = models.JSONField(default=list)
    # As stages state them, and the days that this may mean; null where it is unknown or has not come.
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    since_first = models.DateField(null=True)
    since_last = models.DateField(null=True)
    lasting = models.BooleanField(default=False)
    # Whether it ended by a release; where not, it is counted up to its end, as one that lasts up to today.
    released = models.BooleanField(default=False)
    # Whether its dates are known enough to be counted.
    dated = models.BooleanField(default=True)
    days = models.IntegerField(default=0)
    days_low = models.IntegerField(default=0)
    days_high = models.IntegerField(default=0)
    # The first replication within it, and until then, or until it ended without one.
    replicated = models.CharField(max_length=10, blank=True)
    replicated_path = models.CharField(max_length=300, blank=True)
    reached_days = models.IntegerField(default=0)
    reached_low = models.IntegerField(default=0)
    reached_high = models.IntegerField(default=0)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["mode", "days", "id"]),
            models.Index(fields=["mode", "reached_days", "id"]),
        ]

    def __str__(self):
        return f"{self.component} of {self.entry_id}, {self.mode}"

    @property
    def name(self):
        """Such as: Weights of 774M and 1.5B."""
        label = Component(self.component).label
        return f"{label} of {joined(self.variants)}" if self.variants else label

    @property
    def address(self):
        return f"{self.entry.get_absolute_url()}#replications"

    def ended(self, measure):
        """Whether it ended by what is measured; where not, it counts up to its end, or up to today."""
        return bool(self.replicated) if measure == Measure.REPLICATION else self.released

    def time_of(self, measure):
        return self.reached_days if measure == Measure.REPLICATION else self.days

    def span(self, measure):
        """The fewest and most days that its dates allow."""
        if measure == Measure.REPLICATION:
            return self.reached_low, self.reached_high
        return self.days_low, self.days_high

    def words(self, measure):
        """Such as: GPT-2, weights of 1.5B: 264 days."""
        name = self.name[:1].lower() + self.name[1:]
        end = "" if self.ended(measure) else ", still so" if self.lasting else ", not counted further"
        return f"{self.entry}, {name}: {days_in_words(self.span(measure))}{end}"


class Curve(models.Model):
    """The share still withheld by the number of days, over the observations of one mode, kind and year.

    "" as kind and 0 as year mean all. `points` are dicts, see `figures.points_of`.
    """

    measure = models.CharField(max_length=11, choices=Measure.choices)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    kind = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(default=0)
    observations = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    # Observations that a date unknown keeps out, and those that count by the middle of what their dates allow.
    left_out = models.PositiveIntegerField(default=0)
    imprecise = models.PositiveIntegerField(default=0)
    median = models.PositiveIntegerField(null=True)
    median_low = models.PositiveIntegerField(null=True)
    median_high = models.PositiveIntegerField(null=True)
    # The median if every imprecise time were as short, or as long, as its dates allow.
    median_shortest = models.PositiveIntegerField(null=True)
    median_longest = models.PositiveIntegerField(null=True)
    points = models.JSONField(default=list)
    inputs = models.CharField(max_length=71)
    day = models.DateField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "mode", "kind", "year"], name="one_curve_per_stratum")
        ]

    def __str__(self):
        return f"{self.measure} {self.mode} {self.kind or 'all kinds'} {self.year or 'all years'}"

    @property
    def censored(self):
        return self.observations - self.events
