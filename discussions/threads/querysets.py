"""Which threads and comments somebody may see, and in which order."""

from django.db import models
from django.db.models import F, Q

from registry.core.statements import ask

UNREAD = ("text", "words")  # of a subject: what search finds it by, which can be long
OPEN = {"public": True, "hidden": False}  # what a subject must be for its discussions to be seen
# Written out because building it anew takes as long as running it; the date as text because it is shown as text.
PAGE = """
SELECT id, parent_id, number, depth, disclosure->>'handle', disclosure->>'display_name', disclosure->>'shown',
       disclosure->>'tie', disclosure->>'official', html, as_of, created_at::text,
       edited_at IS NOT NULL, hidden,
       left(retracted_at::text, 10) || retraction, NULLIF(marks, '[]'),
       helpful, agree, disagree, agree_organisations, disagree_organisations
FROM discussions_comment WHERE thread_id = %s ORDER BY path
"""


LISTED = (
    "pk", "title", "comment_count", "last_comment_at", "locked", "locked_until", "about__locked", "about__title",
    "about__path", "started_by__handle", "started_by__display_name",
)  # fmt: skip


def rows_of_page(thread):
    """All that a page shows of each comment, as tuples in reading order, by one query on one table.

    Comments taken from view are among them, so that replies keep their place.
    """
    return ask(PAGE, [thread.pk])


def _open(prefix):
    return {f"{prefix}{name}": value for name, value in OPEN.items()}


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Discussions of what is public; a draft has none."""
        return self.filter(hidden=False, **_open("about__"))

    def with_about(self):
        return self.select_related("about").defer(*(f"about__{waste}" for waste in UNREAD))

    def with_people(self):
        found = self.select_related("about", "subject", "started_by")
        return found.defer("summary_html", *(f"{name}__{waste}" for name in ("about", "subject") for waste in UNREAD))

    def as_rows(self):
        """What a list shows of each thread, as named tuples: no objects are made for rows that are only shown."""
        return self.values_list(*LISTED, named=True)

    def on(self, subject):
        return self.filter(about=subject)

    def latest_first(self):
        return self.order_by("-last_comment_at", "-pk")


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(hidden=False, thread__hidden=False, **_open("thread__about__"))

    def with_thread(self):
        found = self.select_related("thread__about", "thread__subject", "author", "official_for")
        subjects = ("thread__about", "thread__subject")
        waste = (f"{name}__{waste}" for name in subjects for waste in UNREAD)
        return found.defer("thread__summary_html", *waste)

    def in_reading_order(self):
        return self.order_by("path")

    def latest_first(self):
        return self.order_by("-pk")


class AuthorshipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of what is public and in view; those that were taken back or are disputed too."""
        return self.filter(**_open("subject__"))

    def holding(self):
        """Those that are ties, as `Authorship.holds` says of one."""
        own_word = Q(by=F("user")) & ~Q(closed_by=F("user"))
        return self.filter(Q(closed_at=None) | own_word)

    def with_people(self):
        return self.select_related("subject", "user", "by", "closed_by")


class HeldPostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and all of them for moderators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_moderator else self.filter(author=user)

    def waiting(self):
        return self.filter(state="waiting")

    def with_place(self):
        return self.select_related("author", "about", "thread__about", "parent", "settled_by", "comment__thread")
