"""Which reports somebody may see, and in which order."""

from django.db import models

from registry.releases.querysets import SUBJECT_WASTE


class ReplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports about entries that everybody may see; those that were withdrawn stay among them."""
        return self.filter(
            subject__hidden=False, entry__published_at__isnull=False, entry__subject__public=True,
            entry__subject__hidden=False,
        )  # fmt: skip

    def standing(self):
        return self.filter(withdrawn_at=None)

    def counted(self):
        """Those that the decision clock takes into account."""
        return self.filter(counts=True)

    def with_all(self):
        """With what pages and the API show of each."""
        waste = [f"entry__{name}" for name in ("draft", *SUBJECT_WASTE)]
        found = self.select_related("entry__lab__subject", "entry__subject", "entry__current", "subject", "reporter")
        return found.defer(
            *waste, *SUBJECT_WASTE, "entry__current__content", "entry__current__html", "entry__lab__subject__text",
            "entry__lab__subject__words",
        )  # fmt: skip


class VerdictQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)
