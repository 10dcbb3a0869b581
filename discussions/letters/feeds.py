"""An Atom feed of what everybody may know of letters: that one of a category waits, and what became of it."""

from django.conf import settings

from registry.history.feeds import AbsoluteFeed, feed_safe

from .models import LabLetter
from .wording import standing, title_for

MOST = 50


class LetterFeed(AbsoluteFeed):
    title = "Daylight: letters to labs"
    subtitle = "Letters that become public on a date, and those that are public by now."
    link = "/letters/"

    def get_object(self, request):
        return request.GET.get("subject", "")

    def items(self, ref):
        letters = LabLetter.objects.announced().with_place()
        if ref:
            letters = letters.filter(about__ref=ref)
        return letters.order_by("-pk")[:MOST]

    def item_title(self, letter):
        return feed_safe(f"{title_for(letter, readable=False)} ({letter.about.title})")

    def item_description(self, letter):
        return feed_safe(standing(letter))

    def item_link(self, letter):
        return letter.get_absolute_url()

    def item_guid(self, letter):
        return settings.BASE_URL + letter.get_absolute_url()

    def item_pubdate(self, letter):
        return letter.sent_at

    def item_updateddate(self, letter):
        return max(at for at in (letter.sent_at, letter.settled_at) if at)

    def item_author_name(self, letter):
        return feed_safe(sender_shown(letter).display_name) if sender_shown(letter) else "Daylight"


def sender_shown(letter):
    """The sender, where everybody may know who it is."""
    if letter.state == LabLetter.State.PUBLIC:
        return letter.thread.started_by
    return letter.sender if letter.named else None
