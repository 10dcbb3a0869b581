"""Runs: one execution of one analysis version on inputs identified by digest. The row is the truth."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.urls import reverse

from registry.core.files import StoredFile
from registry.core.subjects import Subject
from registry.releases.models import Entry


class RunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Runs on what is published, and runs on drafts by those who may see the draft."""
        shown = Q(public=True, entry__published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(shown)
        member = Q(entry__origin="self_registered", entry__lab__in=user.memberships.values("lab"))
        curator = Q(entry__origin="third_party", entry__created_by=user)
        return self.filter(shown | member | curator)

    def unfinished(self):
        return self.filter(status__in=[Run.Status.QUEUED, Run.Status.RUNNING])

    def with_entry(self):
        waste = ("entry__draft", "entry__levels", "subject__text", "subject__words")
        return self.select_related("entry__lab", "subject", "requested_by").defer(*waste).prefetch_related("inputs")

    def listed(self):
        """Without results and findings, which may be megabytes; `sentence` is what a list says of a result."""
        return self.with_entry().annotate(sentence=KT("result__sentence")).defer("result", "findings")


class Run(models.Model):
    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being computed"
        SUCCEEDED = "succeeded", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    FINAL = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="runs")
    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="run")
    analysis = models.CharField(max_length=40)
    analysis_version = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    seed = models.BigIntegerField(default=0)
    # Digest of analysis, version, params, seed and inputs: what makes two runs the same computation.
    fingerprint = models.CharField(max_length=71)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    public = models.BooleanField(default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    rung_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    error = models.TextField(blank=True)
    seconds = models.FloatField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "fingerprint"],
                condition=Q(status__in=["queued", "running", "succeeded"]),
                name="computed_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["status", "rung_at"], name="runs_due", condition=Q(status__in=["queued", "running"])
            ),
            models.Index(fields=["entry", "-id"]),
            models.Index(fields=["fingerprint"], name="runs_done", condition=Q(status="succeeded")),
        ]

    def __str__(self):
        return f"{self.analysis} of {self.entry}"

    def get_absolute_url(self):
        return reverse("analyses:run", args=[self.pk])

    @property
    def is_final(self):
        return self.status in self.FINAL


class RunInput(models.Model):
    """A file that a run reads, under the role it plays."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="inputs")
    role = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()

    class Meta:
        ordering = ["role", "pk"]

    def __str__(self):
        return f"{self.role}: {self.name}"
