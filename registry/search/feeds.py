"""What is new about whatever matches a question, as an Atom feed."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from registry.history.feeds import EventFeed, feed_safe

from .queries import asked_for, matching


class SearchFeed(EventFeed):
    """The newest acts on what is found by `?q=`, so that a new match shows with the act that made it."""

    subtitle = "The newest of what was recorded about whatever has these words."

    def get_object(self, request):
        return asked_for(request)[0]

    def title(self, query):
        return feed_safe(f"Daylight: search for “{query}”") if query else "Daylight: search"

    def link(self, query):
        return settings.BASE_URL + reverse("search:search") + _of(query)

    def feed_url(self, query):
        return settings.BASE_URL + reverse("search:feed") + _of(query)

    def narrowed(self, events, query):
        return events.filter(subject__in=matching(query, AnonymousUser())) if query else events.none()


def _of(query):
    return f"?{urlencode({'q': query})}" if query else ""
