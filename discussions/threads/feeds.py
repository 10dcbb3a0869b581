"""Atom feeds: of one thread, and of all of them."""

from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse

from registry.core.subjects import Subject
from registry.history.feeds import AbsoluteFeed, feed_safe

from .models import Comment, Thread

MOST = 50


class Asked(NamedTuple):
    """What a feed is of, and who reads it; one feed object serves many requests at once."""

    thread: Thread | None
    subject: Subject | None
    user: object

    @property
    def query(self):
        return f"?{urlencode({'subject': self.subject.ref})}" if self.subject else ""


class CommentFeed(AbsoluteFeed):
    """The newest comments of one thread, of all about a subject (`?subject=REF`), or of all there are.

    Edits and retractions show as a later date of the same entry.
    """

    def get_object(self, request, pk=None):
        thread = subject = None
        if pk is not None:
            thread = get_object_or_404(Thread.objects.visible_to(request.user).with_about(), pk=pk)
        elif ref := request.GET.get("subject"):
            subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=ref)
        return Asked(thread, subject, request.user)

    def title(self, asked):
        if asked.thread:
            return feed_safe(f"{asked.thread.title} · Daylight")
        of = f" of {asked.subject.title}" if asked.subject else ""
        return feed_safe(f"Discussions{of} · Daylight")

    def subtitle(self, asked):
        about = asked.thread.about if asked.thread else asked.subject
        return feed_safe(f"Comments about {about.title}.") if about else "What was said about everything on Daylight."

    def link(self, asked):
        path = asked.thread.get_absolute_url() if asked.thread else reverse("threads:list") + asked.query
        return settings.BASE_URL + path

    def feed_url(self, asked):
        if asked.thread:
            return settings.BASE_URL + reverse("threads:feed", args=[asked.thread.pk])
        return settings.BASE_URL + reverse("threads:feed_of_all") + asked.query

    def feed_guid(self, asked):
        return self.link(asked)

    def items(self, asked):
        comments = Comment.objects.visible_to(asked.user).with_thread().latest_first()
        if asked.thread:
            comments = comments.filter(thread=asked.thread)
        elif asked.subject:
            comments = comments.filter(thread__about=asked.subject)
        return comments[:MOST]

    def item_title(self, comment):
        retracted = " (retracted)" if comment.retracted_at else ""
        return feed_safe(f"{comment.name}, #{comment.number} in “{comment.thread.title}”{retracted}")

    def item_description(self, comment):
        passage = comment.passage
        return (f"<blockquote>{escape(passage['passage'])}</blockquote>" if passage else "") + comment.html

    def item_link(self, comment):
        return comment.get_absolute_url()

    def item_guid(self, comment):
        return settings.BASE_URL + comment.get_absolute_url()

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.retracted_at or comment.edited_at or comment.created_at

    def item_author_name(self, comment):
        return feed_safe(comment.name)

    def item_author_link(self, comment):
        return settings.BASE_URL + comment.author.get_absolute_url()
