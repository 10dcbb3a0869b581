"""Norms, versions, clauses with their wordings, and what labs declare of them."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.releases.models import Entry


class NormQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self

    def with_current(self):
        return self.select_related("subject", "current")


class Norm(models.Model):
    """A norm keeps its number for ever; what it says lives in versions."""

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=600, blank=True)
    current = models.OneToOneField("NormVersion", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="norm")

    objects = NormQuerySet.as_manager()

    def __str__(self):
        return f"{self.key} {self.title}"

    def get_absolute_url(self):
        return reverse("norms:detail", args=[self.number])

    @property
    def key(self):
        return f"N-{self.number}"


class NormVersion(models.Model):
    """An immutable version: purpose and the wording of each clause."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN_COMMENT = "open_comment", "Open for comment"
        LAST_CALL = "last_call", "Last call"
        BALLOT = "ballot", "On the ballot"
        ADOPTED = "adopted", "Adopted"
        SUPERSEDED = "superseded", "Superseded"
        RETIRED = "retired", "Retired"

    norm = models.ForeignKey(Norm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices)
    purpose = models.TextField(blank=True)
    purpose_html = models.TextField(blank=True)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=71)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["norm", "number"], name="one_version_number_per_norm")]
        ordering = ["norm", "number"]

    def __str__(self):
        return f"{self.norm.key} version {self.number}"

    def get_absolute_url(self):
        return reverse("norms:version", args=[self.norm.number, self.number])


class ClauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self

    def with_norm(self):
        return self.select_related("norm__current", "subject")


class Clause(models.Model):
    """A lasting identity; `number` is never given twice within a norm."""

    norm = models.ForeignKey(Norm, on_delete=models.PROTECT, related_name="clauses")
    number = models.PositiveIntegerField()
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="clause")

    objects = ClauseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["norm", "number"], name="one_clause_number_per_norm")]
        ordering = ["norm", "number"]

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return reverse("norms:clause", args=[self.norm.number, self.number])

    @property
    def key(self):
        return f"N-{self.norm.number}/{self.number}"


class Wording(models.Model):
    """What a clause says in one version."""

    class Strength(models.TextChoices):
        """RFC 2119's words."""

        MUST = "MUST", "Must"
        SHOULD = "SHOULD", "Should"
        MAY = "MAY", "May"

    class HowChecked(models.TextChoices):
        SELF = "self", "By the lab's own word"
        DOCUMENT = "document", "By a document"
        TEST = "test", "By a test"
        THIRD_PARTY = "third_party", "By a third party"

    version = models.ForeignKey(NormVersion, on_delete=models.PROTECT, related_name="wordings")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="wordings")
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=160)
    strength = models.CharField(max_length=6, choices=Strength.choices)
    text = models.TextField()
    html = models.TextField()
    rationale = models.TextField(blank=True)
    how_checked = models.CharField(max_length=11, choices=HowChecked.choices, default=HowChecked.SELF)
    applies_when = models.CharField(max_length=300, blank=True)

    # What a lab takes a stand on; why it is asked and how it is checked may be said otherwise.
    ASKED = ("heading", "strength", "text", "applies_when")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "clause"], name="one_wording_per_version")]
        ordering = ["version", "position"]

    def __str__(self):
        return self.heading


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Declarations on published entries, and on drafts that one may see."""
        return self.filter(entry__in=Entry.objects.visible_to(user))

    def current(self):
        return self.filter(superseded_at=None)

    def with_clause(self):
        return self.with_rewording().select_related(
            "clause__norm", "clause__subject", "version", "entry__lab", "made_by"
        )

    def with_rewording(self):
        """`reworded`: the clause asks something else now than in the version that the declaration speaks of."""
        now = {f"clause__wordings__{name}": F(name) for name in Wording.ASKED}
        same = Wording.objects.filter(
            version=OuterRef("version"), clause=OuterRef("clause"),
            clause__wordings__version=F("clause__norm__current"), **now,
        )  # fmt: skip
        return self.annotate(reworded=~Exists(same))


class Declaration(models.Model):
    """What a lab says of an entry about a clause; pinned to the version of both that it speaks of."""

    class Stance(models.TextChoices):
        ADHERES = "adheres", "Follows"
        PARTLY = "partly", "Follows in part"
        DOES_NOT = "does_not", "Departs"
        NOT_APPLICABLE = "not_applicable", "Does not apply"
        PLANNED = "planned", "Planned"
        NO_ASSERTION = "no_assertion", "Not stated"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="declarations")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="declarations")
    version = models.ForeignKey(NormVersion, on_delete=models.PROTECT, related_name="+")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="declarations")
    stance = models.CharField(max_length=14, choices=Stance.choices)
    reason = models.TextField(blank=True)
    reason_html = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    # The entry's revision on screen when it was made; 0 for a draft.
    as_of = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    disclosure = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "clause"], condition=Q(superseded_at=None), name="one_current_declaration"
            )
        ]
        indexes = [models.Index(fields=["clause", "-id"])]

    def __str__(self):
        return f"{self.clause}: {self.get_stance_display()}"
