from discussions.moderation import actions
from discussions.moderation.models import Decision, Report
from discussions.threads.models import Thread

from .people import ModerationTestCase, in_days

API = "/api/v1"


class ReportsTests(ModerationTestCase):
    def test_are_made_once_and_read_by_whoever_made_them(self):
        script = self.api(self.ida)
        made = script.post(f"{API}/reports", {"comment": self.second.pk, "rule": "R1", "text": "Look."})
        assert made.status_code == 201 and made["Location"] == f"{API}/reports/{made.json()['id']}"
        target = {"kind": "comment", "id": str(self.second.pk), "name": "#2 in “Is it safe?”"}
        assert made.json()["target"] == target | {"url": f"/t/{self.thread.pk}/#c-{self.second.pk}"}
        assert script.post(f"{API}/reports", {"comment": self.second.pk, "rule": "R1"}).status_code == 409
        assert [row["text"] for row in script.get(f"{API}/reports").json()["results"]] == ["Look."]
        for other in (self.api(self.bo), self.api(self.mo), self.api()):
            assert other.get(f"{API}/reports").json()["results"] == []
            assert other.get(made["Location"]).status_code == 404

    def test_are_of_one_thing_that_is_to_be_seen(self):
        script = self.api(self.ida)
        self.hide()
        for body, status in (
            ({"rule": "R1"}, 400), ({"rule": "R1", "comment": 1, "thread": 1}, 400),
            ({"rule": "R9", "thread": self.thread.pk}, 400), ({"rule": "R1", "thread": self.thread.pk, "x": 1}, 400),
            ({"rule": "R1", "text": "a\0b", "person": "eve"}, 400),
            ({"rule": "R1", "text": "x" * 2001, "person": "eve"}, 400),
            ({"rule": "R1", "comment": self.second.pk}, 404), ({"rule": "R1", "comment": 2**63}, 400),
            ({"rule": "R1", "person": "nobody-here"}, 404), ({"rule": "R1", "person": "ida"}, 403),
        ):  # fmt: skip
            assert script.post(f"{API}/reports", body).status_code == status, body
        assert not Report.objects.exists()


class DecisionsTests(ModerationTestCase):
    def test_a_slow_discussion_says_over_the_api_how_long_to_wait(self):
        self.slow(minutes=10)
        body = {"thread": self.thread.pk, "body": "Once more."}
        answer = self.api(self.ida).post("/api/v1/comments", body, format="json")
        assert answer.status_code == 429 and 500 < int(answer["Retry-After"]) <= 600
        assert "You can post again in 10 minutes" in answer.json()["detail"]

    def test_are_made_by_moderators_without_ties(self):
        body = {"kind": "hide", "comment": self.second.pk, "rule": "R1", "reason": "It insults."}
        for person, status in ((None, 401), (self.eve, 403), (self.ada, 403), (self.tia, 403)):
            assert self.api(person).post(f"{API}/decisions", body).status_code == status
        assert "tied to what it is about" in self.api(self.tia).post(f"{API}/decisions", body).json()["detail"]
        made = self.api(self.mo).post(f"{API}/decisions", body).json()
        assert {name: made[name] for name in ("kind", "rule", "reason", "role", "by", "second", "state", "appeal")} == {
            "kind": "hide", "rule": "R1", "reason": "It insults.", "role": "moderator", "by": "mod", "second": None,
            "state": "in_force", "appeal": None,
        }  # fmt: skip
        assert self.api(self.mo).post(f"{API}/decisions", body).status_code == 409

    def test_of_every_kind(self):
        script, thread = self.api(self.mo), {"thread": self.thread.pk, "rule": "R4", "reason": "Because."}
        until = in_days(2).isoformat()
        for body in (
            thread | {"kind": "lock", "until": until}, thread | {"kind": "slow", "until": until, "minutes": 10},
            thread | {"kind": "move", "to": "norm:N-1"},
            {"kind": "suspend", "person": "eve", "rule": "R1", "reason": "Again.", "until": until},
        ):  # fmt: skip
            assert script.post(f"{API}/decisions", body).status_code == 201, body
        assert Thread.objects.get(pk=self.thread.pk).slow_minutes == 10

    def test_with_bad_words_are_answered_with_the_field(self):
        good = {"kind": "lock", "thread": self.thread.pk, "rule": "R4", "reason": "Because."}
        for change, pointer in (
            ({}, "/until"), ({"until": "2020-01-01T00:00Z"}, "/until"), ({"until": "soon"}, "/until"),
            ({"kind": "restore"}, "/kind"), ({"kind": "suspend"}, "/kind"), ({"minutes": 3}, "/minutes"),
            ({"kind": "move", "to": "release:no/such"}, "/to"), ({"reason": ""}, "/reason"), ({"more": 1}, "/more"),
        ):  # fmt: skip
            body = good | ({"until": in_days(1).isoformat()} if pointer == "/minutes" else {}) | change
            answer = self.api(self.mo).post(f"{API}/decisions", body)
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer), (body, answer.json())
        assert not Decision.objects.exists()

    def test_to_erase_are_confirmed_by_another(self):
        body = {"kind": "remove", "comment": self.second.pk, "rule": "R6", "reason": "The law."}
        made = self.api(self.mo).post(f"{API}/decisions", body).json()
        path = f"{API}/decisions/{made['id']}/confirmation"
        assert made["state"] == "proposed"
        assert self.api().get(f"{API}/moderation-log/{made['id']}").status_code == 404
        assert self.api(self.mo).post(path).status_code == 403
        assert self.api(self.tia).post(path).status_code == 403
        assert self.api(self.ned).post(path).json()["state"] == "in_force"
        assert self.api(self.ned).post(path).status_code == 409

    def test_are_appealed_judged_and_taken_back(self):
        path = f"{API}/decisions/{self.hide().pk}"
        assert self.api(self.ida).post(f"{path}/appeal", {"text": "No."}).status_code == 403
        appealed = self.api(self.eve).post(f"{path}/appeal", {"text": "A quotation."}).json()
        assert appealed["appeal"]["state"] == "open" and "A quotation." not in str(appealed)
        said = {"outcome": "overturned", "answer": "It was."}
        assert self.api(self.mo).post(f"{path}/judgement", said).status_code == 403
        judged = self.api(self.ned).post(f"{path}/judgement", said).json()
        assert (judged["state"], judged["appeal"]["state"], judged["appeal"]["settled_by"]) == (
            "overturned", "overturned", "ned",
        )  # fmt: skip
        lock = f"{API}/decisions/{self.lock().pk}/restoration"
        assert self.api(self.ned).post(lock, {"reason": "A mistake."}).json()["kind"] == "restore"
        log = self.api().get(f"{API}/moderation-log?kind=hide").json()["results"]
        assert [row["state"] for row in log] == ["overturned"]

    def test_of_a_hidden_discussion_do_not_name_it(self):
        decision = actions.decide("hide", self.thread, rule="R1", reason="x", by=self.mo)
        assert self.api().get(f"{API}/moderation-log/{decision.pk}").json()["target"] == {
            "kind": "thread", "id": str(self.thread.pk), "name": "a discussion that was taken from view", "url": "",
        }  # fmt: skip
