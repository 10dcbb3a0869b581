"""Atom feeds of events: one shape for every page that has one."""

import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpResponseNotAllowed
from django.utils.feedgenerator import Atom1Feed

from .models import Event
from .phrases import NOBODY, in_words

LENGTH = 50
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def feed_safe(text):
    """Text without the characters that XML 1.0 cannot hold."""
    return NOT_XML.sub("", text)


class AbsoluteFeed(Feed):
    """A feed whose addresses are those of this site, whatever host asked."""

    feed_type = Atom1Feed

    def __call__(self, request, *args, **kwargs):
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().__call__(request, *args, **kwargs)

    def _site(self, path):
        return path if path.startswith("http") else settings.BASE_URL + path

    def get_feed(self, obj, request):
        feed = super().get_feed(obj, request)
        for item in feed.items:
            item["link"] = settings.BASE_URL + "/" + item["link"].split("/", 3)[-1]
        return feed


class EventFeed(AbsoluteFeed):
    """Events, newest first. A subclass says which, by `narrowed`."""

    title = "Daylight: everything that happens"
    link = "/activity/"
    subtitle = "Release decisions, declarations, analyses and discussion, as they are recorded."

    def narrowed(self, events, obj):
        return events

    def items(self, obj):
        events = Event.objects.visible_to(AnonymousUser()).with_people()
        return list(self.narrowed(events, obj).order_by("-pk")[:LENGTH])

    def item_title(self, event):
        actor = event.actor.display_name if event.actor else NOBODY
        return feed_safe(f"{actor} {in_words(event)} {event.subject.title}")

    def item_description(self, event):
        return feed_safe(event.data.get("justification") or event.data.get("sentence") or "")

    def item_link(self, event):
        return event.subject.path

    def item_guid(self, event):
        return f"{settings.BASE_URL}/activity/#event-{event.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, event):
        return event.at

    def item_updateddate(self, event):
        return event.at

    def item_author_name(self, event):
        return feed_safe(event.actor.display_name) if event.actor else NOBODY


class SubjectFeed(EventFeed):
    """Events about one subject; a slice's view finds it and passes it on."""

    def get_object(self, request, subject):
        return subject

    def title(self, subject):
        return feed_safe(f"Daylight: {subject.title}")

    def link(self, subject):
        return subject.path

    def narrowed(self, events, subject):
        return events.about(subject)


class VerbFeed(EventFeed):
    """Events of certain verbs, for lists: `VerbFeed.of("release.published", title=…, link=…)`."""

    verbs = ()

    @classmethod
    def of(cls, *verbs, title, link):
        return type("OneVerbFeed", (cls,), {"verbs": verbs, "title": title, "link": link})()

    def narrowed(self, events, obj):
        return events.filter(verb__in=self.verbs)
