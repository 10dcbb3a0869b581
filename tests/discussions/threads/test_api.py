"""Discussions over the API."""

import pytest

from discussions.threads.models import Comment, Thread

COMMENT = {
    "id", "thread", "parent", "number", "depth", "body", "html", "author", "disclosure", "official_for", "as_of",
    "passage", "created_at", "edited_at", "edits", "retracted_at", "retraction", "url", "tally",
}  # fmt: skip


class TestThreads:
    def test_are_started_as_the_contract_says(self, api, entry, eve):
        body = {"subject": entry.ref, "title": "Title", "body": "A *body*."}
        response = api(eve).post("/api/v1/threads", body)

        thread = Thread.objects.get()
        assert response.status_code == 201
        assert response["Location"] == f"/api/v1/threads/{thread.pk}"
        told = response.json()
        assert {k: told[k] for k in ("id", "subject", "title", "started_by", "comment_count", "url")} == {
            "id": thread.pk, "subject": entry.ref, "title": "Title", "started_by": "eve", "comment_count": 1,
            "url": f"/t/{thread.pk}/",
        }  # fmt: skip
        assert api().get(response["Location"]).json() == told

    def test_are_listed_by_subject(self, api, thread, entry):
        listed = api().get("/api/v1/threads", {"subject": entry.ref}).json()["results"]
        assert [told["id"] for told in listed] == [thread.pk]
        assert api().get("/api/v1/threads", {"subject": "release:no/one"}).json()["results"] == []

    def test_know_nothing_of_drafts(self, api, draft, ada):
        response = api(ada).post("/api/v1/threads", {"subject": draft.ref, "title": "T", "body": "B"})
        assert response.status_code == 404
        assert "SECRET" not in response.content.decode()

    @pytest.mark.parametrize("where", ["thread", "about"])
    def test_are_not_there_when_hidden(self, api, thread, opening, eve, where):
        row = thread if where == "thread" else thread.about
        type(row).objects.filter(pk=row.pk).update(hidden=True)

        for path in (f"/api/v1/threads/{thread.pk}", f"/api/v1/comments/{opening.pk}"):
            assert api(eve).get(path).status_code == 404
        for path in ("/api/v1/threads", "/api/v1/comments", f"/api/v1/comments?thread={thread.pk}"):
            assert api(eve).get(path).json()["results"] == []
        response = api(eve).post("/api/v1/comments", {"thread": thread.pk, "body": "text"})
        assert response.status_code == 404

    def test_are_refused_to_visitors_and_to_tokens_that_only_read(self, api, entry, eve):
        body = {"subject": entry.ref, "title": "T", "body": "B"}
        assert api().post("/api/v1/threads", body).status_code in (401, 403)
        assert api(eve, scope="read").post("/api/v1/threads", body).status_code == 403

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"title": ""}, "/title"), ({"title": "x" * 201}, "/title"), ({"body": ">" * 10_000}, "/body"),
            ({"body": "\a"}, "/body"), ({"surprise": 1}, "/surprise"), ({"official_for": "nobody"}, "/official_for"),
            ({"subject": 7.5}, None),
        ],
    )  # fmt: skip
    def test_say_what_is_wrong(self, api, entry, eve, change, pointer):
        response = api(eve).post("/api/v1/threads", {"subject": entry.ref, "title": "T", "body": "B"} | change)

        assert response.status_code in (400, 404)
        if pointer:
            assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
        assert not Thread.objects.exists()


class TestComments:
    def test_are_posted_as_the_contract_says(self, api, thread, opening, ada):
        body = {"thread": thread.pk, "parent": opening.pk, "body": "An *answer*."}
        response = api(ada).post("/api/v1/comments", body)

        comment = Comment.objects.latest("pk")
        told = response.json()
        assert response.status_code == 201
        assert set(told) == COMMENT
        assert told["disclosure"].pop("ties")[0]["lab"] == "openlab"
        for name in ("created_at", "disclosure"):
            assert told.pop(name)
        assert told == {
            "id": comment.pk, "thread": thread.pk, "parent": opening.pk, "number": 2, "depth": 2,
            "body": "An *answer*.", "html": "<p>An <em>answer</em>.</p>", "author": "ada", "official_for": None,
            "as_of": "revision 4", "passage": None, "edited_at": None, "edits": 0, "retracted_at": None,
            "retraction": "", "url": f"/c/{comment.pk}/",
            "tally": {"helpful": 0, "agree": 0, "disagree": 0, "organisations": {"agree": 0, "disagree": 0}},
        }  # fmt: skip

    def test_stand_at_the_end_without_a_parent(self, api, thread, ada):
        told = api(ada).post("/api/v1/comments", {"thread": thread.pk, "parent": None, "body": "text"}).json()
        assert (told["parent"], told["depth"]) == (None, 1)

    def test_can_be_official(self, api, thread, ada, bo):
        body = {"thread": thread.pk, "body": "We answer.", "official_for": "openlab"}
        assert api(ada).post("/api/v1/comments", body).json()["official_for"] == "openlab"
        assert api(bo).post("/api/v1/comments", body).status_code == 403

    def test_are_listed_oldest_first_by_thread_parent_and_author(self, api, thread, opening, say, ada, eve):
        answer = say("answer", ada, parent=opening)
        client = api()

        def ids(**query):
            return [c["id"] for c in client.get("/api/v1/comments", query).json()["results"]]

        assert ids(thread=thread.pk) == [opening.pk, answer.pk]
        assert ids(parent=opening.pk) == ids(author="ada") == [answer.pk]
        assert ids(thread="nonsense") == []

    def test_are_posted_once_per_key(self, api, thread, ada):
        client = api(ada)
        answers = [
            client.post(
                "/api/v1/comments", {"thread": thread.pk, "body": "once"}, headers={"Idempotency-Key": "key-1"}
            )
            for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert Comment.objects.filter(body="once").count() == 1

    def test_refuse_a_parent_from_elsewhere(self, api, thread, ada):
        response = api(ada).post("/api/v1/comments", {"thread": thread.pk, "parent": 10**9, "body": "text"})
        assert response.status_code == 400
        assert response.json()["errors"][0]["pointer"] == "/parent"

    def test_are_edited_under_the_etag_that_was_read(self, api, opening, eve):
        client = api(eve)
        path = f"/api/v1/comments/{opening.pk}"
        tag = client.get(path)["ETag"]
        first = client.patch(path, {"body": "First."}, headers={"If-Match": tag})
        second = client.patch(path, {"body": "Second."}, headers={"If-Match": tag})

        assert (first.status_code, first.json()["body"], first.json()["edits"]) == (200, "First.", 1)
        assert second.status_code == 412
        again = client.patch(path, {"body": "Third."}, headers={"If-Match": first["ETag"]})
        assert again.json()["body"] == "Third."

    def test_are_retracted_by_their_author_once(self, api, opening, eve, ada):
        path = f"/api/v1/comments/{opening.pk}/retraction"
        assert api(ada).post(path, {"reason": "Not mine."}).status_code == 403
        assert api(eve).post(path, {"reason": "Mine.", "more": 1}).status_code == 400
        first = api(eve).post(path, {"reason": "It was wrong."}, headers={"Idempotency-Key": "r-1"})
        again = api(eve).post(path, {"reason": "It was wrong."}, headers={"Idempotency-Key": "r-1"})
        other = api(eve).post(path, {"reason": "Once more."})

        assert (first.status_code, first.json()["retraction"]) == (201, "It was wrong.")
        assert again.json() == first.json()
        assert other.status_code == 409

    def test_are_not_edited_by_others(self, api, opening, ada):
        assert api(ada).patch(f"/api/v1/comments/{opening.pk}", {"body": "x"}).status_code == 403
