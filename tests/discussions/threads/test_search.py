"""Search in discussions: own words and quoted ones, operators, and nothing that may not be seen."""

import pytest
from django.db import connection
from django.utils import timezone

from discussions.threads.actions import start_thread
from discussions.threads.models import Comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(say, ada, bo, eve, lab, opening):
    """Some comments by name."""
    first = say("Nobody measured the *misuse* that was feared.", eve)
    return {
        "opening": opening,
        "first": first,
        "answer": say("> the misuse that was feared\n\nWe measured **detection** instead.", ada, parent=first,
                      official_for=lab),
        "bo": say("Perplexity is no measure of harm.", bo),
        "late": say("Detection fails for short texts.", eve),
    }  # fmt: skip


@pytest.fixture
def found(client, said):
    """The names of the comments that a question finds on the page, newest first; the API finds the same."""
    by_pk = {comment.pk: name for name, comment in said.items()}

    def ask(q):
        page = client.get("/threads/search/", {"q": q})
        assert page.status_code == 200, page.content.decode()
        names = [by_pk[comment.pk] for comment in page.context["comments"]]
        api = client.get("/api/v1/comments", {"q": q}).json()["results"]
        assert [by_pk[comment["id"]] for comment in api] == names[::-1]
        return names

    return ask


class TestWords:
    def test_are_found_in_any_form_newest_first(self, found):
        assert found("detecting") == ["late", "answer"]
        assert found("measure") == ["bo", "answer", "first"]

    def test_that_are_only_quoted_are_apart(self, found):
        assert found("misuse") == ["first"]
        assert found("quoted:misuse") == ["answer"]
        assert found("detection -quoted:misuse") == ["late"]

    def test_phrases_and_exclusion(self, found):
        assert found('"short texts"') == ["late"]
        assert found("detection -short") == ["answer"]

    def test_are_marked_where_they_stand_and_nothing_of_the_text_is_live(self, client, say, eve):
        say("A zirconium <b>lamp <script>alert(1)</script> & \"more\"", eve)

        page = client.get("/threads/search/?q=zirconium").content.decode()

        assert "<mark>zirconium</mark>" in page
        assert "<script>alert" not in page and "<b>lamp" not in page


class TestOperators:
    def test_author_role_and_state(self, found, said):
        Comment.objects.filter(pk=said["bo"].pk).update(retracted_at=timezone.now())
        Comment.objects.filter(pk=said["late"].pk).update(edits=1)

        assert found("author:eve") == ["late", "first", "opening"]
        assert found("author:@ADA measured") == ["answer"]
        assert found("role:official") == ["answer"]
        assert found("role:member") == ["bo", "answer"]
        assert found("role:tied -role:official") == ["bo"]
        assert found("is:retracted") == ["bo"]
        assert found("is:edited") == ["late"]
        assert found("is:closed") == []
        assert len(found("is:open")) == 5

    def test_dates_are_days_in_utc(self, found, said):
        Comment.objects.filter(pk=said["first"].pk).update(created_at="2020-02-14T12:00Z")

        assert found("before:2020-02-15") == found("after:2020-02-14 before:2020-02-15") == ["first"]
        assert found("before:2020-02-14") == []
        assert "first" not in found("after:2020-02-15")

    def test_one_subject_and_one_discussion(self, found, said, entry, eve, thread):
        other = start_thread(entry, "Another", "Detection again.", eve)

        assert found(f"detection in:{thread.pk}") == ["late", "answer"]
        assert found(f"detection -in:{other.pk}") == ["late", "answer"]
        assert found(f"on:{entry.ref} in:{thread.pk} detection -short") == ["answer"]
        assert found("on:norm:N-99") == []

    @pytest.mark.parametrize("q", ["before:yesterday", "after:0000-01-01", "role:king", "is:nice", "in:abc", "in:²"])
    def test_with_senseless_values_are_explained(self, client, q):
        page, api = client.get("/threads/search/", {"q": q}), client.get("/api/v1/comments", {"q": q})

        assert (page.status_code, api.status_code) == (400, 400)
        assert q.partition(":")[0] + ":" in page.content.decode()
        assert api.json()["errors"][0]["pointer"] == "/q"


class TestWhoSeesWhat:
    def test_hidden_comments_threads_and_subjects_are_found_by_nobody(self, client, said, thread, entry, found):
        Comment.objects.filter(pk=said["late"].pk).update(hidden=True)
        assert found("detection") == ["answer"]

        for row in (thread, entry):
            row.hidden = True
            row.save()
            page = client.get("/threads/search/?q=detection").content.decode()
            assert "No comment that you may read answers this." in page
            row.hidden = False
            row.save()

    def test_on_the_page_of_the_whole_site_too(self, client, said):
        page = client.get("/search/?q=perplexity").content.decode()

        assert "<mark>Perplexity</mark>" in page
        assert "In discussions" in page


class TestPages:
    def test_odd_questions_are_answered_calmly(self, client, said):
        for q in ("", " ", "'", '"', "((", "a & | !", "-", "%", "\\", "x" * 5000, "🙂", "a:*", "quoted:'", "-quoted:("):
            assert client.get("/threads/search/", {"q": q}).status_code == 200

    def test_long_lists_are_paged_without_gap_or_double(self, client, thread, eve, say):
        for n in range(45):
            say(f"Word zirconium {n}", eve)
        seen, address = [], "?q=zirconium"
        while address:
            page = client.get(f"/threads/search/{address}").context["comments"]
            seen += [comment.number for comment in page]
            address = page.older

        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(set(seen)) == 45

    def test_the_words_stand_in_an_index(self, said):
        from discussions.threads.search import ask, find

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for q, index in (("misuse", "comment_own_words"), ("quoted:misuse", "comment_quoted_words")):
            assert index in find(ask(q), None, Comment.objects.all()).explain()
