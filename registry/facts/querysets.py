"""Which statements somebody may see."""

from django.db import models


class FactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of published entries: of a draft nobody can speak."""
        return self.filter(entry__published_at__isnull=False, entry__subject__hidden=False)


class StatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(fact__entry__published_at__isnull=False, fact__entry__subject__hidden=False)

    def standing(self):
        """Neither taken back by their authors nor taken from view."""
        return self.filter(taken_back_at=None)

    def with_all(self):
        entry = "fact__entry"
        waste = ("draft", "marks", "subject__text", "subject__words", "current__content", "current__html")
        found = self.select_related(
            f"{entry}__lab__subject", f"{entry}__subject", f"{entry}__current", "as_of", "made_by", "taken_back_by"
        )
        return found.defer("as_of__content", "as_of__html", *(f"{entry}__{name}" for name in waste))
