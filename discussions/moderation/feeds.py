"""The log as an Atom feed."""

from django.conf import settings

from registry.history.feeds import AbsoluteFeed, feed_safe

from .models import Decision
from .targets import name_of

LENGTH = 50


class LogFeed(AbsoluteFeed):
    """Every decision; what became of one later shows on its page."""

    title = "Daylight: moderation"
    link = "/moderation/log/"
    subtitle = "Every decision of moderators: what, by which rule, by whom, why, until when."

    def items(self):
        return Decision.objects.decided().with_places().latest_first()[:LENGTH]

    def item_title(self, decision):
        return feed_safe(f"{name_of(decision.target)}: {decision.get_kind_display()} under {decision.rule}")

    def item_description(self, decision):
        return feed_safe(f"{decision.rule_in_full}. {decision.reason}")

    def item_link(self, decision):
        return decision.get_absolute_url()

    def item_guid(self, decision):
        return settings.BASE_URL + decision.get_absolute_url()

    def item_pubdate(self, decision):
        return decision.confirmed_at or decision.at

    def item_updateddate(self, decision):
        return decision.confirmed_at or decision.at

    def item_author_name(self, decision):
        return feed_safe(decision.by.display_name)
