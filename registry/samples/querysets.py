"""Which files of samples somebody may read."""

from django.db import models
from django.db.models import Q

from registry.core.rules import allows


class SampleFileQuerySet(models.QuerySet):
    def on(self, entry, user):
        """Of an entry that the reader sees: what is published, and what stands on a draft that they may read."""
        found = self.filter(entry=entry).select_related("file", "entry__lab")
        if entry.published_at is None or allows(user, "releases.edit", entry):
            return found
        return found.filter(published_at__isnull=False)

    def of_drafts(self, entries):
        return self.filter(Q(published_at__isnull=True), entry__in=entries)
