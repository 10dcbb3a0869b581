"""Atom feeds of concerns: of all, or of those that the board's filters name."""

from django.conf import settings

from registry.history.feeds import AbsoluteFeed, SubjectFeed, feed_safe

from .forms import BoardForm
from .models import Concern
from .wording import standing

MOST = 50


class ConcernFeed(AbsoluteFeed):
    """The newest concerns; a change of state shows as a later date of the same entry."""

    title = "Daylight: concerns"
    subtitle = "Named objections that ask for an answer."
    link = "/concerns/"

    def get_object(self, request):
        return request

    def items(self, request):
        form = BoardForm(request.GET)
        concerns = form.narrow(Concern.objects.visible_to(request.user).briefly(), state="all")
        return concerns.order_by("-pk")[:MOST]

    def item_title(self, concern):
        return feed_safe(f"{concern.shown_title} ({concern.about.title})")

    def item_description(self, concern):
        return feed_safe(standing(concern))

    def item_link(self, concern):
        return concern.get_absolute_url()

    def item_guid(self, concern):
        return settings.BASE_URL + concern.get_absolute_url()

    def item_pubdate(self, concern):
        return concern.opened_at

    def item_updateddate(self, concern):
        return max(at for at in (concern.opened_at, concern.answered_at, concern.resolved_at) if at)

    def item_author_name(self, concern):
        return feed_safe(concern.opener)

    def item_author_link(self, concern):
        return settings.BASE_URL + concern.opened_by.get_absolute_url()


class OneConcernFeed(SubjectFeed):
    """What happens to one concern."""
