"""Concerns over the API."""

from discussions.concerns.actions import answer, open_concern
from discussions.concerns.models import Concern
from discussions.threads.actions import post, start_thread
from registry.core.subjects import Subject
from tests.people import PlatformTestCase

LIST = "/api/v1/concerns"


class ApiTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.concern = open_concern(cls.entry.subject, "The script is missing", "Where is **it**?", cls.eve)
        cls.one = f"{LIST}/{cls.concern.pk}"

    def send(self, user, address, body=None, **headers):
        return self.api(user).post(address, body or {}, format="json", **headers)


class OpenTests(ApiTestCase):
    def test_is_done_as_the_contract_says(self):
        body = {"subject": "release:invented-lab/lamp", "title": "Late", "body": "Why?", "clause": "N-1/2"}
        response = self.send(self.bo, LIST, body)

        concern = Concern.objects.get(title="Late")
        told = response.json()
        self.assertEqual((response.status_code, response["Location"]), (201, f"{LIST}/{concern.pk}"))
        self.assertEqual(told["disclosure"].pop("tie"), "belongs to Invented Lab")
        for name in ("disclosure", "opened_at"):
            self.assertTrue(told.pop(name))
        self.assertEqual(told, {
            "id": concern.pk, "subject": "release:invented-lab/lamp", "clause": "N-1/2", "lab": "invented-lab",
            "title": "Late", "body": "Why?", "opened_by": "bob", "state": "open", "open_call": False,
            "open_call_at": None, "signers": 0, "independent_signers": 0, "thread": concern.thread_id,
            "opening": concern.opening_id, "answer": None, "resolution": None, "follows": None, "answered_at": None,
            "resolved_at": None, "days_open": 0, "url": f"/concerns/{concern.pk}/",
        })  # fmt: skip
        self.assertEqual(self.api().get(response["Location"]).json()["id"], concern.pk)

    def test_is_done_from_a_comment_of_ones_own(self):
        said = post(start_thread(self.entry.subject, "Talk", "First.", self.ada), "I object.", self.bo)
        self.assertEqual(self.send(self.ada, LIST, {"comment": said.pk, "title": "T"}).status_code, 403)
        response = self.send(self.bo, LIST, {"comment": said.pk, "title": "An objection"})

        self.assertEqual((response.json()["opening"], response.json()["body"]), (said.pk, "I object."))
        self.assertEqual(self.send(self.bo, LIST, {"comment": said.pk, "title": "T"}).status_code, 409)

    def test_happens_once_per_key(self):
        body = {"subject": "norm:N-1", "title": "Late", "body": "Why?"}
        told = [self.send(self.bo, LIST, body, HTTP_IDEMPOTENCY_KEY="k1").json() for _ in range(2)]

        self.assertEqual(told[0], told[1])
        self.assertEqual(Concern.objects.filter(title="Late").count(), 1)

    def test_is_refused_to_visitors_and_to_tokens_that_only_read(self):
        body = {"subject": "norm:N-1", "title": "T", "body": "B"}
        self.assertIn(self.send(None, LIST, body).status_code, (401, 403))
        self.assertEqual(self.api(self.bo, scope="read").post(LIST, body, format="json").status_code, 403)

    def test_says_what_is_wrong(self):
        good = {"subject": "release:invented-lab/lamp", "title": "T", "body": "B"}
        for change, pointer in (
            ({"title": ""}, "/title"), ({"title": "x" * 201}, "/title"), ({"title": "\u200b"}, "/title"),
            ({"body": ">" * 10_000}, "/body"), ({"body": "\a"}, "/body"), ({"body": None}, "/body"),
            ({"surprise": 1}, "/surprise"), ({"clause": "N-9/9"}, "/clause"), ({"clause": "x\a"}, "/clause"),
            ({"follows": 10**9}, "/follows"), ({"follows": 2**63 - 1}, "/follows"), ({"comment": 1}, "/comment"),
            ({"subject": "norm:N-1", "clause": "N-1/1"}, "/clause"),
        ):  # fmt: skip
            with self.subTest(change=change):
                response = self.send(self.bo, LIST, good | change)
                self.assertEqual(response.status_code, 400)
                self.assertEqual([error["pointer"] for error in response.json()["errors"]], [pointer])
        for missing in ("subject", "body", "title"):
            response = self.send(self.bo, LIST, {k: v for k, v in good.items() if k != missing})
            self.assertEqual((response.status_code, response.json()["errors"][0]["pointer"]), (400, f"/{missing}"))
        self.assertEqual(Concern.objects.count(), 1)

    def test_knows_nothing_of_drafts_and_of_what_is_hidden(self):
        self.draft("secret", title="SECRET")
        response = self.send(self.ada, LIST, {"subject": "release:invented-lab/secret", "title": "T", "body": "B"})
        Subject.objects.filter(ref="norm:N-1").update(hidden=True)

        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.send(self.bo, LIST, {"subject": "norm:N-1", "title": "T", "body": "B"}).status_code, 404)


class ActTests(ApiTestCase):
    def test_answers_and_resolves(self):
        answered = self.send(self.ada, f"{self.one}/answer", {"body": "Here."})
        self.assertEqual((answered.status_code, answered.json()["state"]), (201, "answered"))
        official = self.api().get(f"/api/v1/comments/{answered.json()['answer']}").json()["official_for"]
        self.assertEqual(official, "invented-lab")
        self.assertEqual(self.send(self.ada, f"{self.one}/answer", {"body": "Twice."}).status_code, 409)

        again = self.send(self.eve, f"{self.one}/resolution", {"resolution": "open", "body": "That is not it."})
        self.assertEqual((again.status_code, again.json()["state"], again.json()["answer"]), (201, "open", None))
        self.send(self.ada, f"{self.one}/answer", {"body": "Then this."})
        settled = self.send(self.eve, f"{self.one}/resolution", {"resolution": "accepted"}).json()
        self.assertEqual((settled["state"], settled["resolution"]), ("accepted", None))

    def test_refuses_the_wrong_people_states_and_words(self):
        self.assertEqual(self.send(self.bo, f"{self.one}/answer", {"body": "No."}).status_code, 403)
        self.assertEqual(self.send(self.eve, f"{self.one}/resolution", {"resolution": "accepted"}).status_code, 409)
        answer(Concern.objects.with_comments().get(pk=self.concern.pk), "Here.", self.ada)
        for body, status in (
            ({"resolution": "accepted"}, 403), ({"resolution": "withdrawn", "body": "x"}, 403),
            ({"resolution": "closed"}, 400), ({"resolution": "answered"}, 400), ({"resolution": "dissent_kept"}, 400),
            ({}, 400), ({"resolution": "open", "more": 1}, 400),
        ):  # fmt: skip
            with self.subTest(body=body):
                self.assertEqual(self.send(self.ada, f"{self.one}/resolution", body).status_code, status)
        self.assertEqual(Concern.objects.get().state, "answered")

    def test_signs_once_lists_who_did_and_takes_back(self):
        first, second = (self.send(self.mo, f"{self.one}/signatures") for _ in range(2))
        self.assertEqual((first.status_code, second.status_code), (201, 200))
        self.assertEqual(first.json(), second.json())
        listed = self.api().get(f"{self.one}/signatures").json()["results"]
        self.assertEqual([(s["person"], s["independent"]) for s in listed], [("mod", True)])
        self.assertEqual(self.send(self.eve, f"{self.one}/signatures").status_code, 403)

        for _ in range(2):
            self.assertEqual(self.api(self.mo).delete(f"{self.one}/signatures").status_code, 204)
        self.assertEqual(self.api().get(f"{self.one}/signatures").json()["results"], [])

    def test_says_404_of_what_is_not_there(self):
        for address in (f"{LIST}/999999999", f"{LIST}/{10**17}", f"{LIST}/x"):
            with self.subTest(address=address):
                self.assertEqual(self.api().get(address).status_code, 404)
                self.assertEqual(self.send(self.ada, f"{address}/answer", {"body": "B"}).status_code, 404)


class ListTests(ApiTestCase):
    def test_is_narrowed_by_what_the_contract_names(self):
        other = open_concern(self.norm.subject, "Too strict", "B", self.bo)
        ours = self.concern.pk

        def ids(**query):
            return [row["id"] for row in self.api().get(LIST, query).json()["results"]]

        self.assertEqual(ids(), [other.pk, ours])
        for query, found in (
            ({"subject": "norm:N-1"}, [other.pk]), ({"lab": "invented-lab"}, [ours]), ({"opener": "eve"}, [ours]),
            ({"state": "open"}, [other.pk, ours]), ({"state": "x"}, []), ({"open_call": "true"}, []),
            ({"open_call": "false"}, [other.pk, ours]), ({"clause": "N-1/1"}, []), ({"clause": "?"}, []),
        ):  # fmt: skip
            with self.subTest(query=query):
                self.assertEqual(ids(**query), found)
        self.assertEqual(self.api().get(LIST, {"open_call": "perhaps"}).status_code, 400)
        self.assertEqual(self.api().get(LIST, {"colour": "red"}).status_code, 400)
