"""Which notices and subscriptions somebody may see, and in which order."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from discussions.letters.models import LabLetter
from discussions.threads.models import Comment
from registry.accounts.models import suspended_now
from registry.history.models import Event


class SubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, of what is still in view."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(subject=None) | Q(subject__public=True, subject__hidden=False), user=user)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, of what everybody or they themselves may still read, and of nobody who is suspended."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user).of_what_is_in_view(user)

    def of_what_is_in_view(self, user):
        events = Event.objects.visible_to(AnonymousUser()).filter(pk=OuterRef("event_id"))
        comments = Comment.objects.visible_to(AnonymousUser()).filter(pk=OuterRef("comment_id"))
        comments = comments.exclude(suspended_now("author__"))
        letters = LabLetter.objects.readable_by(user).filter(subject=OuterRef("about_id"))
        in_view = self.filter(Exists(events) | Exists(letters), Q(comment=None) | Exists(comments))
        return in_view.exclude(suspended_now("event__actor__"))

    def unread(self):
        return self.filter(seen_at=None)

    def read(self):
        return self.filter(seen_at__isnull=False)

    def because(self, reason):
        return self.filter(reason=reason)

    def newest_of_each_bundle(self):
        """Of somebody's notices one row for all under the same thing, with their number as `bundled`."""
        newest = self.order_by().values("about").annotate(newest=Max("pk")).values("newest")
        same = self.order_by().filter(about=OuterRef("about"))
        counted = same.values("about").annotate(n=Count("pk")).values("n")
        first = same.order_by("pk").values("comment__number")[:1]
        rows = self.model.objects.filter(pk__in=newest)
        return rows.annotate(bundled=Coalesce(Subquery(counted), 1), first_number=Subquery(first))

    def with_event(self):
        return self.select_related(
            "event__subject", "event__actor", "about", "comment__thread", "subscription__subject"
        )

    def due(self, now):
        """What mail may be written about now."""
        return self.filter(due_at__lte=now)
