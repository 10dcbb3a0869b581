"""Which mails somebody may see: those that would be posted in their own name."""

from django.db import models
from django.db.models import F, Q

NOT_SHOWN = ["received", "ignored", "done"]


class IncomingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(person=user).exclude(state__in=NOT_SHOWN)

    def due(self, now):
        return self.filter(state="received", due_at__lte=now)

    def not_rung(self, since):
        return self.filter(Q(rung_at=None) | Q(rung_at__lt=since) | Q(rung_at__lt=F("due_at")))

    def with_place(self):
        return self.select_related("about", "parent__thread", "comment__thread", "held")
