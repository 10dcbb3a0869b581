"""Threads, comments, and what comments said before they were edited."""

import functools
import json

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import connection, models
from django.db.models import F, Func, Value
from django.urls import reverse
from django.utils import timezone

from registry.core.statements import ask
from registry.core.subjects import Subject
from registry.labs.models import Lab

from .querysets import AuthorshipQuerySet, CommentQuerySet, HeldPostQuerySet, ThreadQuerySet
from .ranges import MultirangeField

# A line that quotes somebody, and one that does not, in PostgreSQL's spelling.
QUOTATION, NO_QUOTATION = r"^[ \t]{0,3}>.*$", r"^(?![ \t]{0,3}>).*$"
PLACE = 4  # characters of a path that one level takes
MAX_DEPTH = 100
MAX_RETRACTION = 300


def words_of(taken_out):
    """The words of a comment's text without the lines that a pattern matches; they stand in an index."""
    # "n" lets ^ and $ match at every line, "g" takes out all of them.
    pattern, nothing, flags = Value(taken_out), Value(""), Value("gn")
    text = Func(F("body"), pattern, nothing, flags, function="regexp_replace", output_field=models.TextField())
    return SearchVector(text, config="english")


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
    # Facts that moderation writes; a lock and a slow-down are over by themselves at their end.
    locked_until = models.DateTimeField(null=True)
    slow_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    slow_until = models.DateTimeField(null=True)
    # What stands above the comments, see `marks.set_notice`.
    notices = models.JSONField(default=list, db_default=[])
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
        """The thread as its page needs it where every visitor may see it, or None; the rest is read when asked for.

        The statement is that of `visible_to`, written out once per process: making it costs more than running it.
        """
        sql, params = _visitors_statement()
        rows = ask(sql, [*params, pk])
        if not rows:
            return None
        row = rows[0]
        own, about = _columns()
        thread = cls.from_db(connection.alias, own, row[: len(own)])
        thread.about = Subject.from_db(connection.alias, about, row[len(own) :])
        known = [thread.subject_id, f"thread:{thread.pk}", "thread"]
        thread.subject = Subject.from_db(connection.alias, ["id", "ref", "kind"], known)
        return thread

    @property
    def is_locked(self):
        return self.locked and (self.locked_until is None or self.locked_until > timezone.now())

    @property
    def since_summary(self):
        """How many comments were written since the current summary."""
        return self.next_number - 1 - self.summary_last

    @property
    def is_closed(self):
        """Whether nothing can be added, here or on anything about the subject."""
        return self.is_locked or self.about.locked

    @property
    def current_notices(self):
        """What stands above the comments at this moment."""
        now = timezone.now().isoformat()
        notices = json.loads(self.notices) if isinstance(self.notices, str) else self.notices
        return [notice for notice in notices if not notice["until"] or notice["until"] > now]


OF_THREAD = {
    "id", "title", "comment_count", "last_comment_at", "version", "changed_at", "locked", "locked_until", "notices",
    "next_number", "summary_html", "summary_last", "hidden", "subject_id", "about_id",
}  # fmt: skip
OF_ABOUT = {"id", "title", "path", "as_of", "locked", "ref", "kind", "public", "hidden", "pseudonyms"}


@functools.cache
def _columns():
    """The same in the order of the models' fields, as `from_db` takes them."""
    return tuple(
        [field.attname for field in model._meta.concrete_fields if field.attname in names]
        for model, names in ((Thread, OF_THREAD), (Subject, OF_ABOUT))
    )


@functools.cache
def _visitors_statement():
    own, about = _columns()
    columns = [*own, *(f"about__{name}" for name in about)]
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
    retraction = models.CharField(max_length=MAX_RETRACTION, blank=True, default="", db_default="")
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
        indexes = [
            models.Index(fields=["author", "-id"]),
            GinIndex(words_of(QUOTATION), name="comment_own_words"),
            GinIndex(words_of(NO_QUOTATION), name="comment_quoted_words"),
        ]

    def __str__(self):
        return f"#{self.number} in {self.thread}"

    def get_absolute_url(self):
        return reverse("threads:comment", args=[self.pk])

    @property
    def name(self):
        """The author's name as it was when this was written."""
        return self.disclosure.get("display_name") or self.author.display_name

    @property
    def passage(self):
        """The passage that it speaks of, as its mark tells it, or None."""
        return next((mark for mark in self.marks if "passage" in mark), None)


class EarlierText(models.Model):
    """What a comment said before an edit."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="earlier_texts")
    number = models.PositiveIntegerField()
    body = models.TextField()
    html = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)
    # Whether the edit that replaced it came within the grace of `actions.edit`, so that no mark tells of it.
    in_grace = models.BooleanField(default=False, db_default=False)

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
    passage = models.TextField(blank=True, default="", db_default="")
    # The form that saved it last (its `once`), and the text of another one that it went over.
    tab = models.CharField(max_length=100, blank=True, default="", db_default="")
    other = models.TextField(blank=True, default="", db_default="")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_draft_per_place")]

    def __str__(self):
        return self.place

    @property
    def stamp(self):
        """Names its state, for the form that it is put into."""
        return self.saved_at.isoformat()


class Anchor(models.Model):
    """The passage of an entry, norm or run that a comment speaks of, as a TextQuoteSelector of W3C Web Annotation.

    `state` says whether the passage is still in the subject's text; `due` that the text has changed since it was
    looked for, so that the worker looks again.
    """

    class State(models.TextChoices):
        SAME = "same", "is still in the current text"
        REWORDED = "reworded", "was reworded since"
        GONE = "gone", "is no longer in the text"

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="anchor")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="anchors")
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    as_of = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SAME)
    due = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="anchors_due", condition=models.Q(due=True))]

    def __str__(self):
        return self.exact[:60]


class Authorship(models.Model):
    """That somebody wrote what an entry is about, such as its paper: as they say themselves, or as its lab says.

    Never deleted: whoever stated it may take it back, and the other side may say that it is wrong.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="authorships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authorships")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "user"], condition=models.Q(closed_at=None), name="one_open_authorship"
            )
        ]

    def __str__(self):
        return f"{self.user_id} wrote {self.subject_id}"

    @property
    def is_own(self):
        return self.by_id == self.user_id

    @property
    def holds(self):
        """Whether it is a tie: what somebody says of themselves is one until they take it back."""
        return self.closed_at is None or (self.is_own and self.closed_by_id != self.user_id)


class Reading(models.Model):
    """What somebody has seen of a thread, to the comment, and when they were there (see `reading`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE)
    # Numbers of comments.
    seen = MultirangeField()
    # The last visits, the newest first: [moment, the highest number then].
    visits = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="one_reading_per_thread")]

    def __str__(self):
        return f"{self.user_id} in {self.thread_id}"


class HeldPost(models.Model):
    """What a new account wrote where nothing showed that a person did: it is no comment before a moderator has read
    it, and is seen by its author and by moderators only."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for a moderator"
        RELEASED = "released", "was posted"
        DECLINED = "declined", "was not posted"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="held_posts")
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    # None where a new discussion is to be started.
    thread = models.ForeignKey(Thread, null=True, on_delete=models.PROTECT, related_name="held_posts")
    parent = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    held_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)
    comment = models.OneToOneField(Comment, null=True, on_delete=models.PROTECT, related_name="+")

    objects = HeldPostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="held_posts_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["author", "-held_at"]),
        ]

    def __str__(self):
        return self.title or f"a comment in {self.thread}"

    def get_absolute_url(self):
        return reverse("threads:held", args=[self.pk])
