"""Pages that visitors share: what is kept, for whom, and when it is asked again whether it holds."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from registry.core.prepared import GZIP, MOST_BYTES, PreparedPages, keep

BODY = b"<p>words</p>" * 100


class View:
    """A view that counts what it is asked, and makes a body only where it has to."""

    def __init__(self):
        self.tag, self.body, self.asked, self.made, self.keeps = 'W/"1"', BODY, 0, 0, True

    def __call__(self, request):
        self.asked += 1
        if request.META.get("HTTP_IF_NONE_MATCH") == self.tag:
            response = HttpResponse(status=304)
        else:
            self.made += 1
            response = HttpResponse(self.body)
        response["ETag"] = self.tag
        return keep(response) if self.keeps else response


@pytest.fixture
def view():
    return View()


@pytest.fixture
def pages(view, settings):
    settings.PREPARED_SECONDS = 1000
    return PreparedPages(view)


def ask(pages, path="/t/1/", **meta):
    return pages(RequestFactory().get(path, **meta))


class TestVisitors:
    def test_share_one_page_without_asking_the_view_again(self, pages, view):
        answers = [ask(pages) for _ in range(3)]

        assert [answer.content for answer in answers] == [BODY] * 3
        assert (view.asked, view.made) == (1, 1)

    def test_that_have_it_already_are_told_so(self, pages, view):
        ask(pages)

        answers = [ask(pages, HTTP_IF_NONE_MATCH=tags) for tags in ('W/"1"', '"1"', '"0", W/"1"', "*")]

        assert [(a.status_code, a.content, a["ETag"]) for a in answers] == [(304, b"", 'W/"1"')] * 4
        assert view.asked == 1

    def test_with_another_version_get_the_page(self, pages):
        ask(pages)

        assert ask(pages, HTTP_IF_NONE_MATCH='"0"').content == BODY

    def test_who_take_it_compressed_get_it_so_from_the_third_on(self, pages):
        answers = [ask(pages, HTTP_ACCEPT_ENCODING="br, gzip;q=0.8") for _ in range(3)]

        assert [a.get("Content-Encoding") for a in answers] == [None, None, "gzip"]
        assert gzip.decompress(answers[2].content) == BODY
        assert answers[2]["Content-Length"] == str(len(answers[2].content))
        assert "Accept-Encoding" in answers[2]["Vary"]
        assert ask(pages, HTTP_ACCEPT_ENCODING="gzip;q=0").content == BODY

    @pytest.mark.parametrize(
        ("header", "taken"),
        [
            ("gzip", True), ("deflate, gzip;q=1.0, *;q=0.5", True), ("*", True), ("gzip;q=0", False),
            ("gzip; q=0.0, br", False), ("br", False), ("", False), ("xgzip", False),
        ],
    )  # fmt: skip
    def test_say_whether_they_take_it_compressed(self, header, taken):
        assert bool(GZIP.search(header)) is taken

    def test_have_a_page_of_their_own_per_host_scheme_path_and_query(self, pages, view):
        other = {"HTTP_HOST": "127.0.0.1"}, {"HTTP_X_FORWARDED_PROTO": "https"}, {"path": "/t/2/"}, {"path": "/?a"}

        for meta in ({}, *other):
            ask(pages, **meta)

        assert view.made == 5


class TestWhatHolds:
    def test_is_asked_again_in_time_without_making_the_page_anew(self, pages, view, settings):
        settings.PREPARED_SECONDS = 0

        answers = [ask(pages) for _ in range(3)]

        assert [a.content for a in answers] == [BODY] * 3
        assert (view.asked, view.made) == (3, 1)

    def test_no_longer_is_made_anew(self, pages, view, settings):
        settings.PREPARED_SECONDS = 0
        ask(pages)
        view.tag, view.body = 'W/"2"', b"new"

        assert ask(pages).content == b"new"
        assert ask(pages, HTTP_IF_NONE_MATCH='W/"1"').content == b"new"
        assert ask(pages, HTTP_IF_NONE_MATCH='W/"2"').status_code == 304

    def test_for_a_browser_that_knows_the_newer_one_is_said_so(self, pages, view, settings):
        settings.PREPARED_SECONDS = 0
        ask(pages)
        view.tag = 'W/"2"'

        assert ask(pages, HTTP_IF_NONE_MATCH='W/"2"').status_code == 304
        assert ask(pages).content == BODY

    def test_is_known_from_the_first_304_without_a_body(self, pages, view):
        first = ask(pages, HTTP_IF_NONE_MATCH='W/"1"')
        second = ask(pages, HTTP_IF_NONE_MATCH='W/"1"')

        assert (first.status_code, second.status_code, view.asked, view.made) == (304, 304, 1, 0)
        assert ask(pages).content == BODY

    def test_page_that_is_gone_is_forgotten(self, pages, view, settings):
        settings.PREPARED_SECONDS = 0
        ask(pages)
        view.tag, view.keeps = 'W/"2"', False

        ask(pages)

        assert (len(pages.kept), pages.size) == (0, 0)


class TestNotKept:
    @pytest.mark.parametrize(
        "meta", [{"HTTP_COOKIE": "a=b; session=x"}, {"HTTP_COOKIE": "messages=x"}, {"HTTP_AUTHORIZATION": "Bearer x"}]
    )
    def test_for_readers_who_may_be_told_something_else(self, pages, view, meta):
        ask(pages)

        ask(pages, **meta)

        assert (view.made, len(pages.kept)) == (2, 1)

    def test_other_methods(self, pages, view):
        for method in ("post", "head", "put"):
            pages(getattr(RequestFactory(), method)("/t/1/"))

        assert len(pages.kept) == 0

    def test_answers_with_a_cookie_errors_and_those_that_no_view_marked(self, settings):
        settings.PREPARED_SECONDS = 1000
        with_cookie, error, plain = (HttpResponse(BODY, headers={"ETag": '"1"'}) for _ in range(3))
        with_cookie.set_cookie("a", "b")
        error.status_code = 404

        for response in (keep(with_cookie), keep(error), plain):
            pages = PreparedPages(lambda request, response=response: response)
            ask(pages)
            assert len(pages.kept) == 0

    def test_more_than_fits(self, pages, view):
        view.body = b"x" * (MOST_BYTES // 5)

        for n in range(9):
            ask(pages, f"/t/{n}/")

        assert list(pages.kept)[-1][2] == "/t/8/"
        assert pages.size == sum(kept.size for kept in pages.kept.values()) <= MOST_BYTES


@pytest.mark.django_db
class TestOnTheSite:
    @pytest.fixture
    def thread(self):
        from discussions.threads.actions import start_thread
        from registry.accounts.actions import join
        from registry.core.subjects import name_subject

        about = name_subject("norm", "N-1", title="A norm", path="/norms/N-1/", public=True)
        return start_thread(about, "A thread", "First words.", join("eve", "eve@example.org"))

    def test_a_kept_page_has_all_headers_and_is_gone_when_its_subject_is_hidden(self, thread):
        visitor = Client()
        first, second = (visitor.get(thread.get_absolute_url()) for _ in range(2))
        assert second.content == first.content
        assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
        assert second.cookies == first.cookies == {}

        thread.about.hidden = True
        thread.about.save()

        assert visitor.get(thread.get_absolute_url()).status_code == 404

    def test_an_unknown_host_is_refused_although_the_page_is_kept(self, thread):
        visitor = Client()
        visitor.get(thread.get_absolute_url())

        assert visitor.get(thread.get_absolute_url(), headers={"host": "other.example"}).status_code == 400
