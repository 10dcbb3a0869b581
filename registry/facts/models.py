"""Facts that somebody spoke about, and what was said of them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from registry.releases.models import Entry, Revision

from .querysets import FactQuerySet, StatementQuerySet


class Fact(models.Model):
    """The lasting identity of something that an entry states. `key` is its name in the current revision; a later one
    that moves or rewords it moves the key along, and one that drops it leaves the key as it was."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="facts")
    key = models.CharField(max_length=300)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "key"], name="one_fact_per_key")]

    def __str__(self):
        return self.key


class Statement(models.Model):
    """What somebody said of a fact as it was worded then. Never edited; taken back, it stays as a tombstone."""

    class Kind(models.TextChoices):
        CHECK = "check", "Checked"
        DISPUTE = "dispute", "Disputed"
        ASSERTION = "assertion", "Stated otherwise"
        SOURCE = "source", "Another source"
        RETRACTION = "retraction", "Taken back by its author"

    class Speaker(models.TextChoices):
        LAB = "lab", "The lab"
        THIRD_PARTY = "third_party", "Third party"

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Of the wording that it speaks of, and the revision in which that stood.
    digest = models.CharField(max_length=71)
    as_of = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    # That wording, so that it can be read beside the statement when it is no longer the current one.
    title = models.CharField(max_length=300)
    said = models.TextField()
    # What the fact should say instead; for an assertion.
    value = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=2000, blank=True)
    quote = models.TextField(blank=True)
    # The source as it was kept when it was read: where, and the SHA-256 of what was read.
    archive_url = models.URLField(max_length=2000, blank=True)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    speaker = models.CharField(max_length=11, choices=Speaker.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements")
    disclosure = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)
    # Its author, or a moderator, who takes the words from view.
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_because = models.TextField(blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["fact", "id"])]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.title}"

    def get_absolute_url(self):
        entry = self.fact.entry
        return reverse("facts:list", args=[entry.lab.slug, entry.slug]) + f"#st-{self.pk}"

    @property
    def stands(self):
        return self.taken_back_at is None

    @property
    def is_hidden(self):
        """Whether a moderator took its words from view."""
        return self.taken_back_by_id is not None and self.taken_back_by_id != self.made_by_id

    @property
    def author(self):
        """The author's name as it was when it was said."""
        return self.disclosure.get("display_name") or self.made_by.display_name
