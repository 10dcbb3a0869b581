"""Many people at the same moment, each with a connection of their own."""

from uuid import uuid4

import pytest

from discussions.threads.actions import edit, post
from discussions.threads.models import Comment, Thread
from tests.people import each_at_once

PEOPLE = 50


@pytest.fixture
def crowd(transactional_db):
    from registry.accounts.actions import join

    return [join(f"person-{n:02d}", f"p{n}@example.org") for n in range(PEOPLE)]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_posts_get_fifty_places(self, crowd, thread, entry, opening):
        said = each_at_once(lambda person: post(Thread.objects.get(), "text", person, parent=opening), crowd)

        assert all(isinstance(comment, Comment) for comment in said), said
        assert sorted(Comment.objects.values_list("number", flat=True)) == list(range(1, PEOPLE + 2))
        assert Comment.objects.values("path").distinct().count() == PEOPLE + 1
        thread.refresh_from_db()
        entry.refresh_from_db()
        assert (thread.comment_count, thread.next_number) == (PEOPLE + 1, PEOPLE + 2)
        assert (thread.version, entry.comment_count) == (PEOPLE + 1, PEOPLE + 1)

    def test_of_ten_edits_of_one_text_one_holds(self, thread, opening, eve):
        texts = [f"text {n}" for n in range(10)]
        said = each_at_once(lambda text: edit(Comment.objects.get(pk=opening.pk), text, eve, 0), texts)

        opening.refresh_from_db()
        assert sum(isinstance(answer, Comment) for answer in said) == 1
        assert (opening.edits, opening.earlier_texts.count()) == (1, 1)

    def test_posts_and_edits_do_not_wait_for_each_other_for_ever(self, crowd, thread, opening, eve):
        people = [*crowd[:10], *[eve] * 10]

        def act(person):
            if person == eve:
                return edit(Comment.objects.get(pk=opening.pk), f"text {uuid4()}", eve)
            return post(Thread.objects.get(), "a reply", person, parent=opening)

        said = each_at_once(act, people)
        assert not [answer for answer in said if isinstance(answer, Exception)]
        assert Comment.objects.count() == 11
