"""Atom feeds of intents: of all, or of those that the list's filters name, and of one."""

from django.conf import settings

from registry.history.feeds import AbsoluteFeed, SubjectFeed, feed_safe

from .forms import FilterForm
from .models import Intent
from .wording import standing

MOST = 50


class IntentFeed(AbsoluteFeed):
    """The newest intents; an act shows as a later date of the same entry."""

    title = "Daylight: intents to release"
    subtitle = "What labs plan, while it can still be commented on, and what became of it."
    link = "/intents/"

    def get_object(self, request):
        return request

    def items(self, request):
        found = FilterForm(request.GET).narrow(Intent.objects.visible_to(request.user).with_all())
        return list(found.order_by("-pk").prefetch_related("changes")[:MOST])

    def item_title(self, intent):
        return feed_safe(f"{intent}, {intent.lab.name}")

    def item_description(self, intent):
        return feed_safe(standing(intent))

    def item_link(self, intent):
        return intent.get_absolute_url()

    def item_guid(self, intent):
        return settings.BASE_URL + intent.get_absolute_url()

    def item_pubdate(self, intent):
        return intent.announced_at

    def item_updateddate(self, intent):
        acts = [intent.announced_at, intent.closing_told_at, intent.finalised_at, intent.withdrawn_at,
                intent.reminded_at, intent.looked_back_at, *(change.made_at for change in intent.changes.all())]
        return max(at for at in acts if at)

    def item_author_name(self, intent):
        return feed_safe(intent.lab.name)

    def item_author_link(self, intent):
        return settings.BASE_URL + intent.lab.get_absolute_url()


class OneIntentFeed(SubjectFeed):
    """What happens to one intent."""
