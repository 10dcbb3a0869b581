"""What is kept of a thread for those who are signed in: what is one's own reaches nobody else, every change shows."""

import pytest

from discussions.threads.actions import edit, retract
from discussions.threads.marks import set_mark
from discussions.threads.page import Reader, _bodies, comments_for, comments_html
from discussions.threads.reading import mark_seen
from discussions.threads.rules import may_post
from discussions.votes.actions import vote


@pytest.fixture
def page(client):
    """The page of a thread as somebody gets it."""

    def page_of(thread, user, query=""):
        client.force_login(user)
        return client.get(f"/t/{thread.pk}/{query}").content.decode()

    return page_of


class TestOnesOwn:
    def test_links_marks_and_votes_are_nobody_elses(self, page, thread, opening, say, ada, bo, eve):
        answer = say("An answer.", ada, parent=opening)
        mark_seen(thread, eve, "1", 1)
        vote(opening, "agreement", 1, ada)

        for_eve, for_ada, for_bo = (page(thread, user) for user in (eve, ada, bo))

        assert f'class="comment new" id="c-{answer.pk}"' in for_eve
        assert "comment new" not in for_ada + for_bo
        assert f'/c/{opening.pk}/edit/"' in for_eve and f'/c/{answer.pk}/edit/"' not in for_eve
        assert f'/c/{answer.pk}/edit/"' in for_ada and f'/c/{opening.pk}/edit/"' not in for_ada
        assert "/edit/" not in for_bo.partition('<section class="thread"')[2].partition("</section>")[0]
        assert [html.count('aria-pressed="true">agree') for html in (for_eve, for_ada, for_bo)] == [0, 1, 0]

    def test_form_stands_below_the_comment_that_is_answered_and_for_this_request_alone(
        self, page, thread, opening, say, ada, eve
    ):
        answer = say("An answer.", ada, parent=opening)

        asked = page(thread, eve, f"?reply={answer.pk}")

        assert asked.index(f'id="c-{answer.pk}"') < asked.index(f'id="reply-{answer.pk}"')
        assert f'id="reply-{answer.pk}"' not in page(thread, ada) + page(thread, eve)

    def test_moderators_have_links_of_their_own(self, page, thread, opening, ada, eve):
        eve.is_moderator = True
        eve.save()

        assert f"/c/{opening.pk}/moderate/" not in page(thread, ada)
        assert f"/c/{opening.pk}/moderate/" in page(thread, eve)


class TestWhatIsKept:
    def test_is_the_same_as_made_anew(self, thread, opening, say, ada, eve):
        for n in range(12):
            say(f"Comment {n}.", ada if n % 2 else eve, parent=opening if n % 3 else None)
        thread.refresh_from_db()
        readers = [Reader(thread, eve, writes=may_post(eve, thread), unseen={3, 4}) for _ in range(2)]

        made, kept = (comments_for(thread, reader) for reader in readers)
        _bodies.kept.clear()

        assert made == kept == comments_for(thread, readers[0])
        assert readers[0].new == readers[1].new

    def test_is_read_once_for_everybody_until_something_changes(
        self, page, thread, opening, say, ada, bo, django_assert_num_queries
    ):
        page(thread, ada)
        made = len(_bodies.kept)
        page(thread, bo)
        assert len(_bodies.kept) == made
        say("One more.", bo)
        assert "One more." in page(thread, ada)
        assert len(_bodies.kept) == made + 1

    @pytest.mark.parametrize("change", ["edit", "retract", "hide", "vote", "new revision"])
    def test_every_change_shows_at_once(self, page, thread, opening, ada, eve, change):
        before = page(thread, ada)
        if change == "edit":
            edit(opening, "Other words.", eve)
        elif change == "retract":
            retract(opening, eve, "It was wrong.")
        elif change == "hide":
            type(opening).objects.filter(pk=opening.pk).update(hidden=True)
            set_mark(opening, "moderation", "Taken from view.", "/moderation/1/")
        elif change == "vote":
            vote(opening, "helpful", 1, ada)
        else:
            type(thread.about).objects.filter(pk=thread.about_id).update(as_of="revision 5")

        section = '<section class="thread"'
        assert page(thread, ada).partition(section)[2] != before.partition(section)[2]

    def test_for_visitors_has_the_same_words(self, thread, opening, say, ada):
        say("An answer.", ada, parent=opening)
        thread.refresh_from_db()

        html = comments_html(thread, Reader(thread))

        assert html.count("<article") == html.count("</article>") == 2
        assert "report" not in html and "<button" not in html
