"""Votes over the API."""

import pytest

from discussions.threads.actions import edit
from discussions.votes.actions import vote
from discussions.votes.models import Vote


def told(comment, own=(None, None), **said):
    empty = {
        "comment": comment.pk, "helpful": 0, "agree": 0, "disagree": 0, "without_organisation": 0,
        "for_earlier_text": 0, "organisations": {"agree": 0, "disagree": 0, "divided": 0},
        "classes": {"helpful": [], "agreement": []}, "url": f"/c/{comment.pk}/votes/",
    }  # fmt: skip
    return empty | {"own": dict(zip(("helpful", "agreement"), own, strict=True))} | said


class TestVotesOnAComment:
    def test_are_cast_replaced_and_taken_back(self, api, opening, ada):
        client, path = api(ada), f"/api/v1/comments/{opening.pk}/votes"
        organisations = {"agree": 0, "disagree": 1, "divided": 0}

        first = client.post(path, {"axis": "agreement", "value": 1})
        second = client.post(path, {"axis": "agreement", "value": -1})
        assert (first.status_code, first.json()["agree"]) == (201, 1)
        assert second.json() == told(opening, (None, -1), disagree=1, organisations=organisations)
        assert api().get(path).json() == told(opening, disagree=1, organisations=organisations)

        gone = client.delete(f"{path}/agreement")
        assert (gone.status_code, gone.json()) == (200, told(opening))
        assert client.delete(f"{path}/agreement").status_code == 200
        assert not Vote.objects.exists()

    def test_stand_with_the_comment(self, api, opening, ada):
        vote(opening, "agreement", -1, ada)
        said = api().get(f"/api/v1/comments/{opening.pk}").json()["tally"]

        assert said == {"helpful": 0, "agree": 0, "disagree": 1, "organisations": {"agree": 0, "disagree": 1}}

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"axis": "helpful", "value": -1}, "/value"), ({"axis": "helpful", "value": 2}, "/value"),
            ({"axis": "helpful"}, "/value"), ({"axis": "love", "value": 1}, "/axis"),
            ({"axis": "x" * 9999, "value": 1}, "/axis"), ({"axis": "helpful", "value": 1, "by": "bob"}, "/by"),
        ],
    )  # fmt: skip
    def test_say_what_is_wrong(self, api, opening, ada, body, pointer):
        response = api(ada).post(f"/api/v1/comments/{opening.pk}/votes", body)

        assert response.status_code == 400
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
        assert not Vote.objects.exists()

    def test_are_refused_to_the_author_to_visitors_and_to_tokens_that_only_read(self, api, opening, eve, ada):
        path, body = f"/api/v1/comments/{opening.pk}/votes", {"axis": "helpful", "value": 1}
        assert api(eve).post(path, body).status_code == 403
        assert api().post(path, body).status_code in (401, 403)
        assert api(ada, scope="read").post(path, body).status_code == 403
        assert api(ada).delete(f"{path}/love").status_code == 404
        assert api(ada).post(f"/api/v1/comments/{10**30}/votes", body).status_code == 404

    def test_are_cast_once_per_key(self, api, opening, ada):
        client, path = api(ada), f"/api/v1/comments/{opening.pk}/votes"
        answers = [
            client.post(path, {"axis": "helpful", "value": 1}, headers={"Idempotency-Key": "k"}) for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert answers[1]["Idempotency-Replayed"] == "true"


class TestVoteList:
    def test_names_everyone_with_ties_and_tells_votes_for_an_earlier_text(self, api, opening, bo, lab, eve):
        cast = vote(opening, "agreement", -1, bo)
        edit(opening, "Said better.", eve, 0)
        said = api().get("/api/v1/votes", {"comment": opening.pk, "axis": "agreement", "person": "bob"}).json()

        row = said["results"][0]
        assert row.pop("cast_at")
        assert row == {
            "id": cast.pk, "comment": opening.pk, "person": "bob", "name": "Bo Example", "axis": "agreement",
            "value": -1, "organisation": "Openlab", "for_earlier_text": True,
            "ties": [{"lab": "openlab", "kind": "member", "role": "member", "words": "belongs to Openlab"}],
        }  # fmt: skip
        assert api().get("/api/v1/votes", {"comment": "x"}).json()["results"] == []
        assert api().get("/api/v1/votes", {"sector": "press"}).status_code == 400
