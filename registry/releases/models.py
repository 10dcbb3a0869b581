"""Release entries and their revisions."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from registry.core.files import StoredFile
from registry.core.subjects import Subject
from registry.labs.models import SLUG, Lab

from .querysets import EntryQuerySet, RevisionQuerySet


class Entry(models.Model):
    """One decision about one artefact family. Identity lasts; content lives in the draft and in revisions."""

    class Origin(models.TextChoices):
        SELF_REGISTERED = "self_registered", "Registered by the lab"
        THIRD_PARTY = "third_party", "Curated by third parties"

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="entries")
    slug = models.CharField(
        max_length=60, validators=[RegexValidator(f"^{SLUG}$", "Use small letters, digits and hyphens.")]
    )
    origin = models.CharField(max_length=20, choices=Origin.choices, default=Origin.SELF_REGISTERED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # The working copy; may be unfinished, and is seen only by those who may edit it.
    draft = models.JSONField(default=dict)
    draft_version = models.PositiveIntegerField(default=1)
    draft_saved_at = models.DateTimeField(auto_now=True)
    draft_saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    card = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    # What lists need of the published state, written when a revision is published.
    current = models.OneToOneField("Revision", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=600, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    word = models.CharField(max_length=12, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    # Family of components → level, such as {"weights": "open", "data": "closed"}.
    levels = models.JSONField(default=dict)
    # Date of the latest stage in force, as text that sorts ("2019-11-05"), so that lists read newest decision first.
    decided_on = models.CharField(max_length=10, blank=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="entry")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["lab", "slug"], name="one_slug_per_lab")]
        indexes = [
            models.Index(
                fields=["-decided_on", "-id"], name="entries_published", condition=models.Q(published_at__isnull=False)
            )
        ]

    def __str__(self):
        if self.title:
            return self.title
        # Lists of drafts bring the title alone, as `draft_title`.
        drafted = self.draft_title if hasattr(self, "draft_title") else self.draft.get("title")
        return drafted or self.slug

    def get_absolute_url(self):
        return reverse("releases:detail", args=[self.lab.slug, self.slug])

    @property
    def key(self):
        return f"{self.lab.slug}/{self.slug}"

    @property
    def is_curated(self):
        return self.origin == self.Origin.THIRD_PARTY


class Revision(models.Model):
    """An immutable, numbered snapshot of an entry, identified by the digest of its canonical JSON."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=71)
    justification = models.TextField(blank=True)
    changed = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisions")
    disclosure = models.JSONField(default=dict)
    card = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    # The Markdown fields rendered when published: pointer → safe HTML.
    html = models.JSONField(default=dict)
    published_at = models.DateTimeField(auto_now_add=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_number_per_entry")]
        ordering = ["entry", "number"]

    def __str__(self):
        return f"{self.entry}, revision {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A revision is never changed; publish another one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("releases:revision", args=[self.entry.lab.slug, self.entry.slug, self.number])

    def delete(self, *args, **kwargs):
        raise TypeError("A revision is never deleted.")
