"""What is new to whom: exact to the comment, told by scripts and by a button, and never written by a GET."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from discussions.threads.actions import post, start_thread
from discussions.threads.marks import set_mark
from discussions.threads.models import Comment, Reading, Thread
from discussions.threads.ranges import missing, read
from discussions.threads.reading import counts_for, mark_seen
from registry.accounts.actions import take_pseudonym
from registry.core.errors import Invalid, Refused


@pytest.fixture
def signed_in(client, eve):
    client.force_login(eve)
    return client


@pytest.fixture
def talk(thread, opening, say, ada):
    """Comments 1 (Eve's) to 6 (Ada's)."""
    for n in range(2, 7):
        say(f"Comment {n}.", ada)
    thread.refresh_from_db()
    return thread


def new_on(client, thread, **query):
    """The numbers of the comments that a page marks as new."""
    page = client.get(f"/t/{thread.pk}/", query).content.decode()
    marked = re.findall(r'<article class="comment new" id="c-\d+">.*?</time> #(\d+)</a>', page)
    return [int(number) for number in marked]


class TestTheMarks:
    def test_are_none_for_who_was_never_here(self, signed_in, talk):
        assert new_on(signed_in, talk) == []

    def test_are_on_what_was_not_on_screen_whenever_it_was_written(self, signed_in, talk, eve, say, ada):
        mark_seen(talk, eve, "1-3,5", 6)
        say("Comment 7.", ada)

        assert new_on(signed_in, talk) == [4, 6, 7]

    def test_are_not_on_ones_own_nor_on_what_was_taken_from_view(self, signed_in, talk, eve, say):
        mark_seen(talk, eve, "2-5", 6)
        say("My own.", eve)
        assert new_on(signed_in, talk) == [6]
        Comment.objects.filter(number=6).update(hidden=True)
        set_mark(Comment.objects.get(number=6), "moderation", "Taken from view.", "/moderation/1/")
        assert new_on(signed_in, talk) == []

    def test_can_be_asked_for_since_an_earlier_visit(self, signed_in, talk, eve, say, ada):
        mark_seen(talk, eve, "1-3", 3)
        Reading.objects.update(visits=[["2026-05-03T14:03:00+00:00", 3]])
        mark_seen(talk, eve, "1-6", 6)
        page = signed_in.get(f"/t/{talk.pk}/").content.decode()

        assert '<a href="?since=3">' in page and "3 May 2026, 14:03" in page
        assert "?since=6" not in page  # nothing came after it
        assert new_on(signed_in, talk) == []
        assert new_on(signed_in, talk, since=3) == [4, 5, 6]
        assert new_on(signed_in, talk, since="9" * 30) == new_on(signed_in, talk, since="x") == []

    def test_hold_in_every_order_and_lead_to_the_first(self, signed_in, talk, eve):
        mark_seen(talk, eve, "1-4", 6)
        page = signed_in.get(f"/t/{talk.pk}/?order=newest").content.decode()

        sixth = Comment.objects.get(number=6)
        assert new_on(signed_in, talk, order="newest") == [6, 5]
        assert "<strong>2 new</strong>" in page and f'href="#c-{sixth.pk}" data-next-new' in page

    def test_cost_one_small_query_and_a_visitor_none(self, client, signed_in, talk, eve):
        mark_seen(talk, eve, "1-4", 6)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(f"/t/{talk.pk}/")
        assert sum("discussions_reading" in query["sql"] for query in queries.captured_queries) == 1
        client.logout()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/t/{talk.pk}/").content.decode()
        assert not any("discussions_reading" in query["sql"] for query in queries.captured_queries)
        assert "data-seen" not in page

    def test_a_get_writes_nothing(self, signed_in, talk):
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(f"/t/{talk.pk}/?since=1")
        assert not [q for q in queries.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


class TestTelling:
    def seen(self, eve):
        return Reading.objects.get(user=eve).seen

    def test_adds_to_what_was_told_before(self, signed_in, talk, eve):
        path = f"/t/{talk.pk}/seen/"
        answers = [signed_in.post(path, {"ranges": told, "highest": 6}) for told in ("1-2,4", "3,6", "1")]

        assert [answer.status_code for answer in answers] == [204, 204, 204]
        assert self.seen(eve) == [(1, 4), (6, 6)]

    def test_of_all_is_a_button_that_ends_with_what_stood_on_the_page(self, signed_in, talk, eve, say, ada):
        mark_seen(talk, eve, "1", 1)
        page = signed_in.get(f"/t/{talk.pk}/").content.decode()
        highest = re.search(r'name="highest" value="(\d+)"', page)[1]
        say("Comment 7, meanwhile.", ada)
        response = signed_in.post(f"/t/{talk.pk}/seen/", {"highest": highest})

        assert response["Location"] == f"/t/{talk.pk}/"
        assert new_on(signed_in, talk) == [7]

    def test_keeps_to_what_there_is(self, signed_in, talk, eve):
        signed_in.post(f"/t/{talk.pk}/seen/", {"ranges": "5-999999999", "highest": 999999999})

        assert self.seen(eve) == [(5, 6)]
        assert [number for _, number in Reading.objects.get().visits] == [6]

    @pytest.mark.parametrize("told", ["x", "0", "3-1", "1--2", "-1", "1-2;3", "9" * 12, "1\0", ",".join("12" * 300)])
    def test_refuses_what_is_no_set_of_numbers(self, signed_in, talk, told):
        assert signed_in.post(f"/t/{talk.pk}/seen/", {"ranges": told}).status_code == 400
        assert not Reading.objects.exists()

    def test_is_one_visit_until_half_an_hour_of_rest_and_eight_are_kept(self, talk, eve):
        for n in (1, 2):
            mark_seen(talk, eve, f"{n}", n)
        assert [number for _, number in Reading.objects.get().visits] == [2]
        past = [[f"2026-05-{day:02d}T14:03:00+00:00", day] for day in range(8, 0, -1)]
        Reading.objects.update(visits=past)
        mark_seen(talk, eve, "3", 6)

        assert [number for _, number in Reading.objects.get().visits] == [6, 8, 7, 6, 5, 4, 3, 2]

    def test_is_for_those_who_are_signed_in_and_not_suspended_in_threads_that_they_see(self, client, talk, eve):
        path = f"/t/{talk.pk}/seen/"
        assert client.post(path, {"ranges": "1"})["Location"].startswith("/accounts/login/")
        client.force_login(eve)
        assert client.get(path).status_code == 405
        Thread.objects.update(hidden=True)
        assert client.post(path, {"ranges": "1"}).status_code == 404
        eve.suspended_at = eve.date_joined
        with pytest.raises(Refused):
            mark_seen(talk, eve, "1", 1)
        assert not Reading.objects.exists()

    def test_is_private_to_each(self, signed_in, talk, eve, ada):
        mark_seen(talk, ada, "1-2", 6)

        assert new_on(signed_in, talk) == []
        assert counts_for(eve, [talk.pk]) == {}


class TestLists:
    def test_say_how_many_are_new_in_one_more_query(self, client, signed_in, talk, entry, eve, ada, settings):
        settings.RATE_LIMIT_SCALE = 100
        mark_seen(talk, eve, "1-2,4", 6)
        with CaptureQueriesContext(connection) as one:
            page = signed_in.get("/threads/").content.decode()
        assert '<b>3 new</b>' in page
        for n in range(10):
            other = start_thread(entry, f"Thread {n}", "text", ada)
            mark_seen(other, eve, "1", 1)
        with CaptureQueriesContext(connection) as eleven:
            signed_in.get("/threads/")
        assert len(one) == len(eleven)
        assert sum("discussions_reading" in q["sql"] for q in eleven.captured_queries) == 1
        client.logout()
        assert " new</b>" not in client.get("/threads/").content.decode()

    def test_count_exactly_what_the_page_marks(self, signed_in, talk, eve, say):
        for told in ("1", "3", "2", "6"):
            mark_seen(talk, eve, told, 6)
            assert counts_for(eve, [talk.pk]).get(talk.pk, 0) == len(new_on(signed_in, talk)), told
        say("My own.", eve)
        Comment.objects.filter(number=4).update(hidden=True)

        assert counts_for(eve, [talk.pk]) == {talk.pk: 1}
        assert new_on(signed_in, talk) == [5]

    def test_do_not_count_what_one_wrote_under_a_pseudonym(self, talk, bo, eve, say, settings):
        settings.PSEUDONYMS = True
        mark_seen(talk, bo, "1-6", 6)
        post(talk, "Not as myself.", bo, pseudonym=take_pseudonym(bo, "grey-heron"))
        assert counts_for(bo, [talk.pk]) == {}

        say("As myself.", eve)
        assert counts_for(bo, [talk.pk]) == {talk.pk: 1}

    def test_on_the_page_of_their_subject_count_too(self, talk, entry, eve):
        mark_seen(talk, eve, "1-5", 6)
        page = Template("{% load discussion %}{% threads_about entry %}").render(Context({"entry": entry, "user": eve}))

        assert '<b>1 new</b>' in page


class TestRanges:
    def test_are_read_as_the_database_writes_them(self):
        assert read("1-3,8") == "{[1,3],[8,8]}"
        assert read("") == "{}"
        with pytest.raises(Invalid):
            read("1-")

    def test_leave_what_is_missing(self):
        assert missing([(1, 2), (4, 9)], 5) == {3}
        assert missing([], 2) == {1, 2}


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_tabs_that_tell_at_the_same_moment_lose_nothing(self, transactional_db, thread, eve):
        Thread.objects.update(next_number=41)
        ready = Barrier(8, timeout=60)

        def tell(tab):
            try:
                ready.wait()
                for number in range(tab, 41, 8):
                    mark_seen(thread, eve, str(number), 40)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(tell, range(1, 9)))

        reading = Reading.objects.get()
        assert reading.seen == [(1, 40)]
        assert len(reading.visits) == 1
