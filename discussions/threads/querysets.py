"""Which threads and comments somebody may see, and in which order."""

from django.db import models
from django.db.models.fields.json import KeyTextTransform

TOLD = ("handle", "display_name", "shown", "tie", "official")  # of a disclosure, on the page
OPEN = {"public": True, "hidden": False}  # what a subject must be for its discussions to be seen


def _open(prefix):
    return {f"{prefix}{name}": value for name, value in OPEN.items()}


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Discussions of what is public; a draft has none."""
        return self.filter(hidden=False, **_open("about__"))

    def with_about(self):
        return self.select_related("about", "started_by", "subject")

    def on(self, subject):
        return self.filter(about=subject)

    def latest_first(self):
        return self.order_by("-last_comment_at", "-pk")


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(hidden=False, thread__hidden=False, **_open("thread__about__"))

    def with_thread(self):
        return self.select_related("thread__about", "thread__subject", "author", "official_for")

    def in_reading_order(self):
        return self.order_by("path")

    def latest_first(self):
        return self.order_by("-pk")

    def rows_of_page(self, thread):
        """All that a page shows of each comment, as tuples in reading order, by one query on one table.

        Comments taken from view are there without their text, so that replies keep their place.
        """
        told = [KeyTextTransform(name, "disclosure") for name in TOLD]
        html = models.Case(models.When(hidden=False, then="html"), default=models.Value(""))
        rows = self.filter(thread=thread).in_reading_order()
        return rows.values_list(
            "pk", "parent_id", "number", "depth", *told, html, "as_of", "created_at", "edits", "hidden"
        )
