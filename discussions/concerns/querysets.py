"""Which concerns somebody may see, and in which order."""

from django.db import models
from django.db.models import F


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Concerns about what is public and in view; one whose opening comment was taken from view stays countable."""
        return self.shown().filter(about__public=True, about__hidden=False)

    def shown(self):
        """Neither taken from view themselves nor by way of their discussion."""
        return self.filter(thread__hidden=False, subject__hidden=False)

    def waiting(self):
        """Those that wait for an answer."""
        return self.filter(state=self.model.State.OPEN)

    def open_calls(self):
        return self.filter(open_call_at__isnull=False)

    def moved(self):
        """Those whose opening comment stands elsewhere by now."""
        return self.exclude(thread=F("opening__thread"), about=F("opening__thread__about"))

    def with_all(self):
        """With what the API shows of each, and what an act needs."""
        found = self.select_related(
            "about", "subject", "lab__subject", "opened_by", "opening", "thread__about", "clause__norm"
        )
        return found.defer("thread__summary_html")

    def briefly(self):
        """With what a list shows, which is not the opening comment's text."""
        return self.with_all().defer("thread__summary_html", "opening__body", "opening__html")

    def with_comments(self):
        return self.with_all().select_related(
            "opening__author", "answer__author", "resolution__author", "follows__opening"
        )
