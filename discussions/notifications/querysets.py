"""Which notices and subscriptions somebody may see, and in which order."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from discussions.threads.models import Comment
from registry.history.models import Event

QUIETED = {"event__actor__suspended_at__isnull": False}


class SubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, of what is still in view."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(subject=None) | Q(subject__public=True, subject__hidden=False), user=user)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, of what everybody may still read and of nobody who is suspended."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user).of_what_is_in_view()

    def of_what_is_in_view(self):
        events = Event.objects.visible_to(AnonymousUser()).filter(pk=OuterRef("event_id"))
        comments = Comment.objects.visible_to(AnonymousUser()).filter(
            pk=OuterRef("comment_id"), author__suspended_at=None
        )
        return self.filter(Exists(events), Q(comment=None) | Exists(comments)).exclude(**QUIETED)

    def unread(self):
        return self.filter(seen_at=None)

    def read(self):
        return self.filter(seen_at__isnull=False)

    def because(self, reason):
        return self.filter(reason=reason)

    def newest_of_each_bundle(self):
        """One row for all notices of these that stand under the same thing, with their number as `bundled`."""
        same = self.model.objects.filter(pk__in=self.values("pk"), about=OuterRef("about"), user=OuterRef("user"))
        counted = same.order_by().values("about").annotate(n=Count("pk")).values("n")
        oldest = same.order_by("pk").values("comment__number")[:1]
        rows = self.filter(~Exists(same.filter(pk__gt=OuterRef("pk"))))
        return rows.annotate(bundled=Coalesce(Subquery(counted), 1), first_number=Subquery(oldest))

    def with_event(self):
        return self.select_related(
            "event__subject", "event__actor", "about", "comment__thread", "subscription__subject"
        )

    def due(self, now):
        """What mail may be written about now."""
        return self.filter(due_at__lte=now)
