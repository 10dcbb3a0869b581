"""Which reports, decisions and appeals somebody may see, and in which order."""

from django.db import models

NOT_DECIDED = ["proposed", "refused"]
PLACES = (
    "comment__author", "comment__thread__about", "comment__thread__subject", "thread__about", "thread__subject",
    "thread__started_by", "person__subject", "summary__by", "summary__thread__about", "summary__thread__subject",
    "subject",
)  # fmt: skip


def sees_all(user):
    return user.is_authenticated and user.is_moderator


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees what was decided; what was only proposed is for moderators."""
        return self if sees_all(user) else self.exclude(state__in=NOT_DECIDED)

    def decided(self):
        return self.exclude(state__in=NOT_DECIDED)

    def proposed(self):
        return self.filter(state="proposed")

    def in_force(self):
        return self.filter(state="in_force")

    def with_places(self):
        return self.select_related(*PLACES, "by", "second", "reverses", "appeal__settled_by")

    def latest_first(self):
        return self.order_by("-pk")


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and all of them for moderators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_moderator else self.filter(reporter=user)

    def waiting(self):
        return self.filter(state="open")

    def with_places(self):
        return self.select_related(*PLACES, "reporter", "decision")


class AppealQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="open")

    def with_places(self):
        places = [f"decision__{place}" for place in PLACES]
        return self.select_related(*places, "by", "decision__by", "decision__second")
