"""Release entries and their revisions."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
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
    # What lists are narrowed by, see `facets`.
    facets = ArrayField(models.CharField(max_length=120), default=list, db_default=[])
    # Date of the latest stage in force, as text that sorts ("2019-11-05"), so that lists read newest decision first.
    decided_on = models.CharField(max_length=10, blank=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="entry")
    # A curated draft that waits for a moderator's reading, and since when the lab speaks in an entry curated about it.
    review_asked_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    # While the entry, or its current revision, is withdrawn.
    withdrawn_at = models.DateTimeField(null=True)
    # What others say of its facts, written by a later slice: key of a fact → {"state", "url", "notes"}.
    marks = models.JSONField(default=dict)
    disputed = models.PositiveIntegerField(default=0)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["lab", "slug"], name="one_slug_per_lab")]
        indexes = [
            models.Index(
                fields=["-decided_on", "-id"], name="entries_published", condition=models.Q(published_at__isnull=False)
            ),
            models.Index(
                fields=["-decided_on", "-id"], name="entries_disputed", condition=models.Q(disputed__gt=0)
            ),
            models.Index(
                fields=["title", "id"], name="entries_by_title", condition=models.Q(published_at__isnull=False)
            ),
            GinIndex(fields=["facets"], name="entries_by_facet"),
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
        """Whether what is shown was written by third parties."""
        return self.origin == self.Origin.THIRD_PARTY

    @property
    def is_the_labs(self):
        """Whether the lab itself writes it, be it since it claimed what third parties had begun."""
        return not self.is_curated or self.claimed_at is not None

    @property
    def state(self):
        return "draft" if not self.published_at else "withdrawn" if self.withdrawn_at else "published"


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
    # For whom it was published: the lab itself, or third parties. An entry's own origin is that of its newest revision.
    origin = models.CharField(max_length=20, choices=Entry.Origin.choices, default=Entry.Origin.SELF_REGISTERED)
    # Who approved exactly this content before it was published: [{"handle", "display_name", "at"}].
    approvers = models.JSONField(default=list)

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


class Approval(models.Model):
    """That a second person read a draft and would publish just this; it holds for no other wording."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=71)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "digest", "by"], name="one_approval_per_person")]
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by} approved draft version {self.version}"


class PlannedPublication(models.Model):
    """A revision that waits for its moment: the content as it was when it was planned, and nothing typed since."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for its moment"
        DONE = "done", "Published"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Could not be published"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="plans")
    at = models.DateTimeField()
    # The zone in which it was typed, so that it is shown as it was meant.
    time_zone = models.CharField(max_length=50, default="UTC")
    content = models.JSONField()
    digest = models.CharField(max_length=71)
    card = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    justification = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    rung_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state="waiting"), name="one_waiting_publication_per_entry"
            )
        ]
        indexes = [models.Index(fields=["at"], name="publications_due", condition=models.Q(state="waiting"))]

    def __str__(self):
        return f"{self.entry}, planned for {self.at:%Y-%m-%d %H:%M} UTC"

    @property
    def local(self):
        return self.at.astimezone(ZoneInfo(self.time_zone))


class Withdrawal(models.Model):
    """That an entry, or one revision of it, was withdrawn: who, when, why. The text stays, as history."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="withdrawals")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    disclosure = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    # A later revision takes the withdrawal of the whole entry back; that of one revision is for good.
    ended_by = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision"], name="one_withdrawal_per_revision"),
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(revision=None, ended_by=None), name="one_withdrawal_per_entry"
            ),
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"withdrawal of {self.revision or self.entry}"
