"""Which times of withholding count, and which of them belong to a curve."""

from django.db import models


class WithholdingQuerySet(models.QuerySet):
    def shown(self):
        """Of entries that everybody may see."""
        return self.filter(
            entry__published_at__isnull=False, entry__subject__public=True, entry__subject__hidden=False
        )

    def dated(self):
        return self.filter(dated=True)

    def within(self, mode, kind="", year=0):
        found = self.filter(mode=mode)
        found = found.filter(kind=kind) if kind else found
        return found.filter(year=year) if year else found

    def with_entry(self):
        return self.select_related("entry__lab").only(
            *(field.attname for field in self.model._meta.fields), "entry__title", "entry__slug", "entry__lab__slug",
            "entry__lab__name",
        )  # fmt: skip
