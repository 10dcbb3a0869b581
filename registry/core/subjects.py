"""Subjects: the one kind of row that threads, events, ballots and subscriptions can point at."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F


class SubjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the public sees; what is private or was taken from view is shown by the slices that own it."""
        return self.filter(public=True, hidden=False)


class Subject(models.Model):
    """A lasting identity; identities are subjects, snapshots are not.

    `ref` is how scripts name it (`release:openai/gpt-2`), `path` its page. The counts are facts
    that later slices write so that earlier ones can show them without importing.
    """

    ref = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    path = models.CharField(max_length=300)
    public = models.BooleanField(default=False)
    # Which snapshot is the current one, in the words of the slice that owns it (such as "revision 4").
    as_of = models.CharField(max_length=60, blank=True)
    locked = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    # Where it was taken from view: the `words` that stand in its place, and the `path` of the decision.
    tombstone = models.JSONField(default=dict, db_default={})
    # Whether people may discuss it under a pseudonym where the site as a whole does not allow that.
    pseudonyms = models.BooleanField(default=False, db_default=False)
    thread_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    open_concerns = models.PositiveIntegerField(default=0)
    # What search finds it by beside its title; written by the slice that owns it.
    text = models.TextField(blank=True, default="")
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("text", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SubjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "public"]), GinIndex(fields=["words"], name="subject_words"),
                   models.Index(fields=["path"], name="subjects_gone", condition=models.Q(hidden=True))]  # fmt: skip

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.path

    @classmethod
    def gone_from(cls, path):
        """What was taken from view of all that stands at or above an address, or None."""
        parts = path.strip("/").split("/")[:6]
        above = ["/" + "/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
        return cls.objects.filter(path__in=above, hidden=True).exclude(tombstone={}).only("tombstone").first()

    def count(self, *, threads=0, comments=0):
        """Add to the cached counts in one statement, whoever else does so at the same time."""
        Subject.objects.filter(pk=self.pk).update(
            thread_count=F("thread_count") + threads, comment_count=F("comment_count") + comments
        )


def name_subject(kind, key, *, title, path, public, as_of=""):
    """Make the subject of a new thing."""
    return Subject.objects.create(
        ref=f"{kind}:{key}", kind=kind, title=title[:300], path=path, public=public, as_of=as_of
    )
