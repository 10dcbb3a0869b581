"""Atom feeds: of one thread, and of all of them."""

from html import escape

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse

from registry.history.feeds import AbsoluteFeed, feed_safe

from .models import Comment, Thread

MOST = 50


class CommentFeed(AbsoluteFeed):
    """The newest comments of one thread, or of all; edits and retractions show as a later date of the same entry."""

    def get_object(self, request, pk=None):
        self.user = request.user
        if pk is None:
            return None
        return get_object_or_404(Thread.objects.visible_to(request.user).with_about(), pk=pk)

    def title(self, thread):
        return feed_safe(f"{thread.title} · Daylight") if thread else "Discussions · Daylight"

    def subtitle(self, thread):
        if thread is None:
            return "What was said about everything on Daylight."
        return feed_safe(f"Comments about {thread.about.title}.")

    def link(self, thread):
        return settings.BASE_URL + (thread.get_absolute_url() if thread else reverse("threads:list"))

    def feed_url(self, thread):
        where = reverse("threads:feed", args=[thread.pk]) if thread else reverse("threads:feed_of_all")
        return settings.BASE_URL + where

    def feed_guid(self, thread):
        return self.link(thread)

    def items(self, thread):
        comments = Comment.objects.visible_to(self.user).with_thread().latest_first()
        return (comments.filter(thread=thread) if thread else comments)[:MOST]

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
