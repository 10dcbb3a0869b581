"""The Atom feed of the votes on one comment."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse

from discussions.threads.models import Comment
from registry.history.feeds import AbsoluteFeed, feed_safe

from .models import Vote

MOST = 50


class VoteFeed(AbsoluteFeed):
    """The newest votes; one that was changed is a new entry."""

    def get_object(self, request, pk):
        self.user = request.user
        return get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)

    def title(self, comment):
        return feed_safe(f"Votes on #{comment.number} in “{comment.thread.title}” · Daylight")

    def link(self, comment):
        return settings.BASE_URL + reverse("votes:of_comment", args=[comment.pk])

    def feed_url(self, comment):
        return settings.BASE_URL + reverse("votes:feed", args=[comment.pk])

    def feed_guid(self, comment):
        return self.link(comment)

    def items(self, comment):
        votes = Vote.objects.visible_to(self.user).filter(comment=comment).with_people()
        return votes.order_by("-cast_at", "-pk")[:MOST]

    def item_title(self, vote):
        return feed_safe(f"{vote.disclosure['display_name']}: {vote.side}")

    def item_description(self, vote):
        return feed_safe("; ".join(filter(None, (vote.disclosure["tie"], vote.disclosure["shown"]))))

    def item_link(self, vote):
        return reverse("votes:of_comment", args=[vote.comment_id])

    def item_guid(self, vote):
        return f"{settings.BASE_URL}{self.item_link(vote)}#v-{vote.pk}-{vote.cast_at.timestamp():.0f}"

    item_guid_is_permalink = False

    def item_pubdate(self, vote):
        return vote.cast_at

    def item_updateddate(self, vote):
        return vote.cast_at
