"""Voting from the thread's page, and the page of the votes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussions.threads.actions import edit, post
from discussions.threads.models import Comment, Thread
from discussions.votes.actions import vote
from discussions.votes.models import Vote
from registry.accounts.actions import state_affiliation
from tests.discussions.threads.test_pages import article, signed_in, text_of

__all__ = ["signed_in"]


def buttons(response, pk):
    return re.findall(r'name="vote" value="([^"]+)"( aria-pressed="true")?', article(response, pk))


class TestThreadPage:
    def test_shows_visitors_the_tally_that_leads_to_the_votes_and_no_button(self, client, thread, opening, ada, people):
        vote(opening, "helpful", 1, ada)
        for person in people(2, "University"):
            vote(opening, "agreement", 1, person)
        response = client.get(f"/t/{thread.pk}/")

        said = "helpful 1 · agree 2, disagree 0 · by organisation 1 : 0"
        assert f'<a class="tally" href="/c/{opening.pk}/votes/">{said}</a>' in article(response, opening.pk)
        assert 'name="vote"' not in text_of(response) and 'id="v"' not in text_of(response)

    def test_has_buttons_that_show_ones_own_votes(self, signed_in, thread, opening, ada):
        vote(opening, "agreement", -1, ada)
        response = signed_in(ada).get(f"/t/{thread.pk}/")

        assert buttons(response, opening.pk) == [
            (f"{opening.pk} helpful", ""), (f"{opening.pk} agree", ""),
            (f"{opening.pk} disagree off", ' aria-pressed="true"'),
        ]  # fmt: skip
        assert text_of(response).count('id="v"') == 1

    def test_has_none_on_ones_own_comments_and_where_nothing_can_be_added(self, signed_in, thread, opening, eve, ada):
        assert buttons(signed_in(eve).get(f"/t/{thread.pk}/"), opening.pk) == []
        Thread.objects.update(locked=True)
        assert 'name="vote"' not in text_of(signed_in(ada).get(f"/t/{thread.pk}/"))

    def test_costs_one_query_more_whatever_the_number_of_votes(self, signed_in, thread, opening, ada, eve):
        client = signed_in(ada)
        client.get(f"/t/{thread.pk}/")
        with CaptureQueriesContext(connection) as one:
            client.get(f"/t/{thread.pk}/")
        for n in range(5):
            vote(post(thread, f"text {n}", eve), "helpful", 1, ada)
        client.get(f"/t/{thread.pk}/")  # the comments themselves are read once after each change
        with CaptureQueriesContext(connection) as five:
            client.get(f"/t/{thread.pk}/")
        assert len(one) == len(five)
        assert len([q for q in five if "discussions_vote" in q["sql"]]) == 1

    def test_stays_small(self, signed_in, thread, opening, ada, eve):
        client = signed_in(ada)
        without = len(article(client.get(f"/t/{thread.pk}/"), opening.pk))
        assert without < 800


class TestCasting:
    def test_stores_the_vote_and_leads_back_to_the_comment(self, signed_in, thread, opening, ada):
        client = signed_in(ada)
        response = client.post("/votes/", {"vote": f"{opening.pk} disagree", "back": "order=newest"})

        assert (response.status_code, response["Location"]) == (302, f"/t/{thread.pk}/?order=newest#c-{opening.pk}")
        assert [(v.user, v.axis, v.value) for v in Vote.objects.all()] == [(ada, "agreement", -1)]

    def test_takes_it_back_by_the_pressed_button_however_often_it_is_pressed(self, signed_in, opening, ada):
        client = signed_in(ada)
        client.post("/votes/", {"vote": f"{opening.pk} helpful"})
        for _ in range(2):
            response = client.post("/votes/", {"vote": f"{opening.pk} helpful off"})

        assert response.status_code == 302
        assert not Vote.objects.exists()

    def test_leads_nowhere_else(self, signed_in, thread, opening, ada):
        client = signed_in(ada)
        for back in ("https://evil.example/", "//evil.example", "a=1\r\nLocation: x", "reply=7&quote=7", "\0"):
            response = client.post("/votes/", {"vote": f"{opening.pk} helpful", "back": back})
            assert response["Location"].startswith(f"/t/{thread.pk}/"), back
            assert response["Location"].endswith(f"#c-{opening.pk}") and "reply" not in response["Location"]

    def test_sends_visitors_to_sign_in_and_back(self, client, thread, opening):
        response = client.post("/votes/", {"vote": f"{opening.pk} helpful"})

        assert response["Location"] == f"/accounts/login/?next=/t/{thread.pk}/%23c-{opening.pk}"
        assert not Vote.objects.exists()

    @pytest.mark.parametrize(
        "sent", ["", "1", "x helpful", "1 love", "1 helpful on", "9" * 40 + " agree", "1 agree\0", "١ agree"]
    )
    def test_refuses_what_is_no_vote(self, signed_in, opening, ada, sent):
        assert signed_in(ada).post("/votes/", {"vote": sent}).status_code == 400

    def test_is_refused_on_ones_own_and_unknown_on_hidden_comments(self, signed_in, opening, eve, ada):
        assert signed_in(eve).post("/votes/", {"vote": f"{opening.pk} helpful"}).status_code == 403
        Comment.objects.update(hidden=True)
        assert signed_in(ada).post("/votes/", {"vote": f"{opening.pk} helpful"}).status_code == 404
        assert signed_in(ada).post("/votes/", {"vote": f"{10**17} helpful"}).status_code == 404

    def test_answers_the_script_with_what_stands_there_now(self, signed_in, thread, opening, kim):
        client = signed_in(kim)
        response = client.post("/votes/", {"vote": f"{opening.pk} agree"}, headers={"X-Fragment": "1"})

        assert (response.status_code, response.content.decode()) == (200, "".join([
            f'<a class="tally" href="/c/{opening.pk}/votes/">agree 1, disagree 0</a> ',
            f'<button form="v" name="vote" value="{opening.pk} helpful">helpful</button> ',
            f'<button form="v" name="vote" value="{opening.pk} agree off" aria-pressed="true">agree</button> ',
            f'<button form="v" name="vote" value="{opening.pk} disagree">disagree</button>',
        ]))  # fmt: skip
        page = article(client.get(f"/t/{thread.pk}/"), opening.pk)
        assert response.content.decode().partition("</a> ")[2] in page

    def test_tells_the_script_why_not(self, signed_in, opening, eve):
        response = signed_in(eve).post("/votes/", {"vote": f"{opening.pk} agree"}, headers={"X-Fragment": "1"})

        assert (response.status_code, response["Content-Type"]) == (403, "text/plain; charset=utf-8")
        assert "nobody votes on their own comment" in text_of(response)


class TestVotesPage:
    def test_counts_in_three_ways_and_names_everyone(self, client, opening, bo, kim, people, lab):
        state_affiliation(kim, organisation="University <1>", sector="academia")
        vote(opening, "agreement", 1, kim)
        vote(opening, "agreement", -1, bo)
        vote(opening, "helpful", 1, bo)
        for person in people(5, "Daily", "press"):
            vote(opening, "agreement", 1, person)
        response = client.get(f"/c/{opening.pk}/votes/")
        page, source = text_of(response), response.content.decode()

        assert "1 person says so" in page
        assert "6 agree, 1 disagree" in page and "2 agree, 1 disagree" in page
        assert "Too few people have voted for this" in page  # press alone could be told from the two others
        assert '<i class="tie quiet">belongs to Openlab</i>' in source
        assert "Kim &lt;Reader&gt;" in source and "University &lt;1&gt;" in source
        assert source.count('<li id="v-') == 8

    def test_shows_classes_once_there_are_enough_people(self, client, opening, people):
        for person in people(6, "University", "academia") + people(3, "Daily", "press") + people(2):
            vote(opening, "agreement", 1, person)
        source = client.get(f"/c/{opening.pk}/votes/").content.decode()

        rows = re.findall(r'<tr><th scope="row">(.+?)</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', source)
        assert rows == [("Academia", "6", "0"), ("Other classes together", "5", "0")]

    def test_says_which_votes_were_for_an_earlier_text(self, client, opening, ada, bo, eve):
        vote(opening, "helpful", 1, ada)
        edit(opening, "Said better.", eve, 0)
        vote(Comment.objects.get(), "helpful", 1, bo)
        page = text_of(client.get(f"/c/{opening.pk}/votes/"))

        assert "1 of 2 votes was for the text before the edit of" in page
        assert page.count("for an earlier text") == 1

    def test_is_paged_at_the_same_cost(self, client, opening, people, settings):
        voters = people(35)
        vote(opening, "helpful", 1, voters[0])
        with CaptureQueriesContext(connection) as one:
            client.get(f"/c/{opening.pk}/votes/")
        for person in voters[1:]:
            vote(opening, "helpful", 1, person)
        with CaptureQueriesContext(connection) as many:
            first = text_of(client.get(f"/c/{opening.pk}/votes/"))
        older = text_of(client.get(f"/c/{opening.pk}/votes/" + re.search(r'rel="next" href="([^"]+)"', first)[1]))

        assert len(one) == len(many)
        assert (first.count('<li id="v-'), older.count('<li id="v-')) == (30, 5)

    def test_says_what_will_stand_there(self, client, opening):
        assert "Nobody has voted on this comment yet." in text_of(client.get(f"/c/{opening.pk}/votes/"))

    @pytest.mark.parametrize("row", ["comment", "thread", "about"])
    def test_is_not_there_where_the_comment_is_not(self, client, api, opening, thread, ada, row):
        vote(opening, "helpful", 1, ada)
        changed = {"comment": opening, "thread": thread, "about": thread.about}[row]
        type(changed).objects.filter(pk=changed.pk).update(hidden=True)
        client.force_login(ada)

        for path in (f"/c/{opening.pk}/votes/", f"/c/{opening.pk}/votes/feed/", f"/api/v1/comments/{opening.pk}/votes"):
            assert client.get(path).status_code == 404, path
        assert client.get("/api/v1/votes").json()["results"] == []
        assert client.get("/api/v1/votes?person=ada").json()["results"] == []

    def test_has_a_feed(self, client, opening, bo, lab):
        vote(opening, "agreement", -1, bo)
        feed = text_of(client.get(f"/c/{opening.pk}/votes/feed/"))

        assert "Bo Example: disagree" in feed and "belongs to Openlab" in feed
