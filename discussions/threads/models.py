"""Threads, comments, and what comments said before they were edited."""

import functools

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.urls import reverse

from registry.core.subjects import Subject
from registry.labs.models import Lab

from .querysets import CommentQuerySet, ThreadQuerySet

PLACE = 4  # characters of a path that one level takes
MAX_DEPTH = 100


class Thread(models.Model):
    """A discussion of one subject. `next_number` is the place of the next comment, never reused."""

    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="threads")
    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="thread")
    title = models.CharField(max_length=200)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    started_at = models.DateTimeField(auto_now_add=True)
    last_comment_at = models.DateTimeField(auto_now_add=True)
    comment_count = models.PositiveIntegerField(default=0)
    next_number = models.PositiveIntegerField(default=1)
    # Counts every change that a reader could see; part of the page's ETag.
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now_add=True)
    locked = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    # The summary above the comments as HTML, and the last comment that it covers; written by `summaries`.
    summary_html = models.TextField(blank=True, default="", db_default="")
    summary_last = models.PositiveIntegerField(default=0, db_default=0)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "-last_comment_at"]),
            models.Index(fields=["-last_comment_at", "-id"]),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("threads:detail", args=[self.pk])

    @classmethod
    def for_visitors(cls, pk):
        """The thread as its page needs it where every visitor may see it, or None.

        The statement is that of `visible_to`, written out once per process: making it costs more than running it.
        """
        sql, params = _visitors_statement()
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, pk])
            row = cursor.fetchone()
        if row is None:
            return None
        own, about = row[: len(OF_THREAD)], row[len(OF_THREAD) :]
        return cls(**dict(zip(OF_THREAD, own, strict=True)), about=Subject(**dict(zip(OF_ABOUT, about, strict=True))))

    @property
    def since_summary(self):
        """How many comments were written since the current summary."""
        return self.next_number - 1 - self.summary_last

    @property
    def is_closed(self):
        """Whether nothing can be added, here or on anything about the subject."""
        return self.locked or self.about.locked


OF_THREAD = (
    "id", "title", "comment_count", "last_comment_at", "version", "changed_at", "locked", "next_number",
    "summary_html", "summary_last",
)  # fmt: skip
OF_ABOUT = ("id", "title", "path", "as_of", "locked")


@functools.cache
def _visitors_statement():
    columns = [*OF_THREAD, *(f"about__{name}" for name in OF_ABOUT)]
    threads = Thread.objects.visible_to(AnonymousUser()).filter(pk=0).values_list(*columns)
    sql, params = threads.query.sql_with_params()
    return sql, params[:-1]


class Comment(models.Model):
    """One contribution. The text is Markdown, the HTML what readers get; both change only by `edit`, which keeps
    what was there before."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    # Where the comment stands: its ancestors' numbers and its own, four base-36 digits each.
    path = models.CharField(max_length=PLACE * MAX_DEPTH, db_collation="C")
    number = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    # As `ties.disclosure_on` returned it when this was written; never brought up to date.
    disclosure = models.JSONField(default=dict)
    # The lab for which this is an official response.
    official_for = models.ForeignKey(Lab, null=True, on_delete=models.PROTECT, related_name="responses")
    body = models.TextField()
    html = models.TextField()
    as_of = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    edits = models.PositiveIntegerField(default=0)
    hidden = models.BooleanField(default=False)
    retracted_at = models.DateTimeField(null=True)
    # Facts that later slices write so that a thread is still one query: see `marks.set_mark` and `votes`.
    marks = models.JSONField(default=list, db_default=[])
    helpful = models.PositiveIntegerField(default=0, db_default=0)
    agree = models.PositiveIntegerField(default=0, db_default=0)
    disagree = models.PositiveIntegerField(default=0, db_default=0)
    agree_organisations = models.PositiveIntegerField(default=0, db_default=0)
    disagree_organisations = models.PositiveIntegerField(default=0, db_default=0)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "path"], name="one_comment_per_place"),
            models.UniqueConstraint(fields=["thread", "number"], name="one_comment_per_number"),
        ]
        indexes = [models.Index(fields=["author", "-id"])]

    def __str__(self):
        return f"#{self.number} in {self.thread}"

    def get_absolute_url(self):
        return reverse("threads:comment", args=[self.pk])

    @property
    def name(self):
        """The author's name as it was when this was written."""
        return self.disclosure.get("display_name") or self.author.display_name


class EarlierText(models.Model):
    """What a comment said before an edit."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="earlier_texts")
    number = models.PositiveIntegerField()
    body = models.TextField()
    html = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="one_earlier_text_per_number")]
        ordering = ["comment", "number"]

    def __str__(self):
        return f"text {self.number} of {self.comment_id}"


class CommentDraft(models.Model):
    """What somebody has typed and not yet posted, per place (see `drafts`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    place = models.CharField(max_length=240)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_draft_per_place")]

    def __str__(self):
        return self.place
