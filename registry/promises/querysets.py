"""Which promises are seen, and which fit what the board is asked for."""

from datetime import date, timedelta

from django.db import models

SOON = timedelta(days=90)
NO_DAY = date(9999, 12, 30)
BROKEN = ("cancelled", "superseded", "dropped")


class PromiseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Promises are read off published entries; those taken from view are taken from here, too."""
        return self.filter(entry__subject__public=True, entry__subject__hidden=False)

    def overdue(self, today):
        return self.filter(state="open", day__lt=today)

    def due_soon(self, today):
        return self.filter(state="open", day__range=(today, today + SOON))

    def broken(self):
        return self.filter(state__in=BROKEN)

    def with_entry(self):
        waste = ("entry__draft", "entry__levels", "entry__summary", "entry__subject__text", "entry__subject__words")
        return self.select_related("entry__lab", "entry__subject", "lab").defer(*waste)
