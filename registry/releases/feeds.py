"""Atom feeds: decisions as they are published, and the revisions of one entry."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.urls import reverse

from registry.history.feeds import AbsoluteFeed, feed_safe

from .forms import FilterForm
from .models import Entry, Revision

LENGTH = 50


class RevisionsFeed(AbsoluteFeed):
    """Revisions, newest first; an item's identity is its permalink."""

    def item_title(self, revision):
        return f"{revision.content['title']}, revision {revision.number}"

    def item_description(self, revision):
        said = revision.justification or revision.entry.sentence
        return f"{said} {revision.content['summary']}".strip()

    def item_link(self, revision):
        return settings.BASE_URL + revision.get_absolute_url()

    item_guid = item_link

    def item_pubdate(self, revision):
        return revision.published_at

    item_updateddate = item_pubdate

    def item_author_name(self, revision):
        return revision.author.display_name

    def item_categories(self, revision):
        return [revision.entry.word, revision.content["artefact"]["kind"]]


class EntriesFeed(RevisionsFeed):
    """All entries, or those that the list would show for the same address."""

    subtitle = "Every revision of every entry, as it is published."

    def get_object(self, request):
        return FilterForm(request.GET)

    def title(self, form):
        said = ", ".join(part["says"] for part in form.chosen)
        return feed_safe(f"Release decisions on Daylight: {said}" if said else "Release decisions on Daylight")

    def link(self, form):
        return settings.BASE_URL + reverse("releases:list") + form.query

    def feed_url(self, form):
        return settings.BASE_URL + reverse("releases:feed") + form.query

    def items(self, form):
        revisions = Revision.objects.visible_to(AnonymousUser()).with_entry().order_by("-pk")
        if form.narrows:
            revisions = revisions.filter(entry__in=form.narrow(Entry.objects.published()))
        return revisions[:LENGTH]


class EntryFeed(RevisionsFeed):
    def get_object(self, request, lab, slug):
        published = Entry.objects.published().as_rows()
        return get_object_or_404(published.visible_to(request.user), lab__slug=lab, slug=slug)

    def title(self, entry):
        return f"{entry} on Daylight"

    def subtitle(self, entry):
        return entry.sentence

    def link(self, entry):
        return settings.BASE_URL + entry.get_absolute_url()

    def feed_url(self, entry):
        return settings.BASE_URL + reverse("releases:entry_feed", args=[entry.lab.slug, entry.slug])

    def items(self, entry):
        return entry.revisions.with_entry().order_by("-number")[:LENGTH]


class HistoryFeed(EntryFeed):
    """The same, as the feed of the page that lists them all."""

    def link(self, entry):
        return settings.BASE_URL + reverse("releases:history", args=[entry.lab.slug, entry.slug])

    def feed_url(self, entry):
        return settings.BASE_URL + reverse("releases:history_feed", args=[entry.lab.slug, entry.slug])
