"""Votes at the same moment, each from a connection of its own."""

import pytest

from discussions.threads.actions import edit, post
from discussions.threads.models import Comment, Thread
from discussions.votes.actions import vote, withdraw_vote
from discussions.votes.models import Vote
from registry.history.models import Event
from tests.discussions.threads.test_at_once import crowd
from tests.people import each_at_once

__all__ = ["crowd"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_equal_votes_are_one(self, opening, ada):
        said = each_at_once(lambda _: vote(Comment.objects.get(), "helpful", 1, ada), range(50))

        assert all(isinstance(answer, Vote) for answer in said), said
        opening.refresh_from_db()
        assert (opening.helpful, Vote.objects.count()) == (1, 1)
        assert Event.objects.filter(verb="vote.cast").count() == 1

    def test_votes_of_many_all_count(self, crowd, opening, thread):
        version, people = thread.version, crowd[:20]
        said = each_at_once(
            lambda person: vote(Comment.objects.get(), "agreement", 1 if person.pk % 2 else -1, person), people
        )

        assert all(isinstance(answer, Vote) for answer in said), said
        opening.refresh_from_db()
        thread.refresh_from_db()
        assert (opening.agree, opening.disagree) == (10, 10)
        assert thread.version == version + 20

    def test_votes_posts_and_edits_do_not_wait_for_each_other_for_ever(self, crowd, thread, opening, eve):
        def act(n):
            if n % 4 == 0:
                return edit(Comment.objects.get(pk=opening.pk), f"text {n}", eve)
            if n % 4 == 1:
                return post(Thread.objects.get(), "a reply", crowd[n], parent=opening)
            if n % 4 == 2:
                return withdraw_vote(Comment.objects.get(pk=opening.pk), "helpful", crowd[n - 3 if n > 3 else 3])
            return vote(Comment.objects.get(pk=opening.pk), "helpful", 1, crowd[n])

        said = each_at_once(act, range(24))
        assert not [answer for answer in said if isinstance(answer, Exception)], said
        opening.refresh_from_db()
        assert opening.helpful == Vote.objects.count()
