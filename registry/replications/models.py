"""Reports of replications and leaks, and what others say of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registry.core.subjects import Subject
from registry.releases.models import Entry
from registry.releases.vocabulary import Component, Words

from .querysets import ReplicationQuerySet, VerdictQuerySet

CHOICES = [(component.value, component.label) for component in Component]


class Kind(Words):
    INDEPENDENT_RETRAINING = (
        "independent_retraining", "Trained anew by others, after the same description.", "Independent retraining",
    )  # fmt: skip
    EQUIVALENT_MODEL = "equivalent_model", "Something else by others that does the same as well.", "Equivalent model"
    REIMPLEMENTATION = "reimplementation", "The program written anew by others.", "Reimplementation"
    RESULT_CHECK = "result_check", "A published result measured again by others.", "Result check"
    LEAK = "leak", "It came out against the lab's decision.", "Leak"
    EXTRACTION = "extraction", "Recovered from what the lab offers, such as an API.", "Extraction"


# What a kind says of a component: others have the like of it, or the thing itself came out.
REACHED = (Kind.INDEPENDENT_RETRAINING, Kind.EQUIVALENT_MODEL, Kind.REIMPLEMENTATION)
GOT_OUT = (Kind.LEAK, Kind.EXTRACTION)


class Replication(models.Model):
    """One report. What it says never changes; its state follows from the verdicts, see `actions.settle`."""

    class State(models.TextChoices):
        REPORTED = "reported", "Reported"
        CONFIRMED = "confirmed", "Confirmed"
        DISPUTED = "disputed", "Disputed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="replication")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="replications")
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.label) for kind in Kind])
    component = models.CharField(max_length=24, choices=CHOICES)
    # A name among the artefact's variants; "" means all of it, or that it is not stated.
    variant = models.CharField(max_length=80, blank=True)
    # ISO text as long as it is known: "2019-08-22", "2019-08", "2019", "".
    date = models.CharField(max_length=10, blank=True)
    who = models.CharField(max_length=200, blank=True)
    cost_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    cost_text = models.CharField(max_length=200, blank=True)
    fidelity = models.TextField(blank=True)
    availability = models.CharField(max_length=300, blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.CharField(max_length=2000, blank=True)
    source_quote = models.TextField(blank=True)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replications")
    # As `disclosing.disclosure_on` returned it when the report was made; never brought up to date.
    disclosure = models.JSONField(default=dict)
    # The entry's revision on screen when it was made.
    as_of = models.PositiveIntegerField()
    reported_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    # Standing verdicts: confirmations that count, and disputes.
    confirmations = models.PositiveIntegerField(default=0)
    disputes = models.PositiveIntegerField(default=0)
    # Whether the decision clock takes it into account, see `actions.settle`.
    counts = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=500, blank=True)

    objects = ReplicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["entry", "date"]), models.Index(fields=["state", "-id"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("replications:detail", args=[self.pk])

    @property
    def title(self):
        """Such as: Independent retraining of GPT-2 (weights of 1.5B)."""
        part = Component(self.component).label
        part = part if part.isupper() else part[:1].lower() + part[1:]
        of = f"{part} of {self.variant}" if self.variant else part
        return f"{self.get_kind_display()} of {self.entry} ({of})"[:300]

    @property
    def explanation(self):
        return Kind(self.kind).explanation

    @property
    def is_withdrawn(self):
        return self.state == self.State.WITHDRAWN

    @property
    def sourced(self):
        return bool(self.source_url or self.source_title)

    @property
    def cost(self):
        """The cost claimed, as pages say it; "" where none is."""
        amount = f"{self.cost_amount:,.2f}".removesuffix(".00") if self.cost_amount is not None else ""
        parts = [f"{amount} {self.cost_currency}".strip(), self.cost_text]
        return "; ".join(part for part in parts if part)

    @property
    def name(self):
        """The reporter's name as it was when the report was made."""
        return self.disclosure.get("display_name") or self.reporter.display_name


class Verdict(models.Model):
    """What somebody else says of a report. It is taken back, never changed, and stays readable then too."""

    class Stance(models.TextChoices):
        CONFIRMS = "confirms", "Confirms"
        DISPUTES = "disputes", "Disputes"

    replication = models.ForeignKey(Replication, on_delete=models.PROTECT, related_name="verdicts")
    stance = models.CharField(max_length=8, choices=Stance.choices)
    reason = models.TextField()
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.CharField(max_length=2000, blank=True)
    source_quote = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    disclosure = models.JSONField(default=dict)
    # Why a confirmation does not make the report confirmed, in words; "" where it does, and for disputes.
    set_aside = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replication", "user"], condition=Q(withdrawn_at=None), name="one_standing_verdict_per_person"
            )
        ]
        indexes = [models.Index(fields=["replication", "id"])]

    def __str__(self):
        return f"{self.name} {self.get_stance_display().lower()} {self.replication_id}"

    @property
    def name(self):
        return self.disclosure.get("display_name") or self.user.display_name
