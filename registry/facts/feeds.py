"""What is said of an entry's facts, newest first."""

from django.views.decorators.http import require_safe

from registry.history.feeds import SubjectFeed, feed_safe

from .views import find_published


class FactsFeed(SubjectFeed):
    def title(self, subject):
        return feed_safe(f"Daylight: what is said of the facts of {subject.title}")

    def link(self, subject):
        return f"{subject.path}facts/"

    def narrowed(self, events, subject):
        return events.filter(subject=subject, verb__startswith="fact.")

    def item_link(self, event):
        return f"{event.subject.path}facts/"


@require_safe
def feed(request, lab, slug):
    return FactsFeed()(request, subject=find_published(request, lab, slug).subject)
