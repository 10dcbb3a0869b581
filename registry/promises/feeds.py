"""The board as an Atom feed; it takes the board's filters."""

from datetime import UTC, datetime, time

from django.conf import settings

from registry.history.feeds import AbsoluteFeed, feed_safe
from registry.releases import dates

from .forms import BoardForm
from .models import Promise
from .querysets import NO_DAY
from .wording import standing

LENGTH = 50


class PromisesFeed(AbsoluteFeed):
    title = "Daylight: promises"
    subtitle = "What was promised of releases: overdue, due, kept or not."
    link = "/promises/"

    def get_object(self, request):
        return request

    def items(self, request):
        form = BoardForm(request.GET)
        found = form.narrow(Promise.objects.visible_to(request.user).with_entry())
        return list(found.order_by(*form.order)[:LENGTH])

    def item_title(self, promise):
        return feed_safe(f"{promise} ({promise.entry}, {promise.lab.name})")

    def item_description(self, promise):
        return feed_safe(standing(promise, dates.latest_today()))

    def item_link(self, promise):
        return settings.BASE_URL + promise.get_absolute_url()

    def item_guid(self, promise):
        return f"{settings.BASE_URL}/promises/#promise-{promise.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, promise):
        return promise.changed_at

    def item_updateddate(self, promise):
        """When it fell due counts as a change, though nobody did anything."""
        if promise.state == "open" and promise.day != NO_DAY and promise.day < dates.latest_today():
            fell_due = datetime.combine(promise.day, time(), UTC)
            return max(fell_due, promise.changed_at)
        return promise.changed_at

    def item_author_name(self, promise):
        return feed_safe(promise.lab.name)
