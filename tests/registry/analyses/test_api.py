"""Runs and findings over the API."""

from unittest import mock

from django.test import override_settings

from registry.analyses.actions import claim, fail, finish
from registry.analyses.models import Run
from tests.registry.analyses.test_actions import REPORT, RunTestCase

ASK = "/api/v1/releases/invented-lab/lamp/runs"
FINDING = {"code": "thin", "severity": "notice", "message": "It is thin.", "span": {"start": 0, "end": 4}}


class AskTests(RunTestCase):
    def body(self, **more):
        return {"analysis": "model_card", "inputs": {"card": self.file("# Card\n").pk}} | more

    def test_is_accepted_with_the_place_to_look(self):
        answer = self.api(self.ada).post(ASK, self.body())

        run = Run.objects.get()
        self.assertEqual((answer.status_code, answer["Location"]), (202, f"/api/v1/runs/{run.pk}"))
        self.assertEqual(answer.json(), {"id": run.pk, "status": "queued", "url": f"/runs/{run.pk}/"})

    def test_the_same_again_is_the_same_run(self):
        api = self.api(self.ada)

        answers = [api.post(ASK, self.body(), HTTP_IDEMPOTENCY_KEY=key) for key in ("a", "a", "b")]

        self.assertEqual({a.json()["id"] for a in answers}, {Run.objects.get().pk})
        self.assertEqual([a.headers.get("Idempotency-Replayed") for a in answers], [None, "true", None])
        self.assertEqual({a["Location"] for a in answers}, {answers[0]["Location"]})

    def test_files_of_others_cannot_be_used_nor_probed(self):
        own = self.file("# Eve's\n", by=self.eve)
        api = self.api(self.ada)

        theirs = api.post(ASK, self.body(inputs={"card": own.pk}))
        none = api.post(ASK, self.body(inputs={"card": 10**15}))

        self.assertEqual((theirs.status_code, none.status_code), (400, 400))
        self.assertEqual(theirs.json()["errors"], none.json()["errors"])
        self.assertEqual(theirs.json()["errors"][0]["pointer"], "/inputs/card")
        self.assertEqual(Run.objects.count(), 0)

    def test_is_refused_by_who_asks(self):
        read = self.api(self.ada, scope="read").post(ASK, self.body())
        nobody = self.api().post(ASK, self.body(), HTTP_IDEMPOTENCY_KEY="a")
        draft = self.draft("secret")

        self.assertEqual((read.status_code, nobody.status_code), (403, 401))
        self.assertEqual(self.api(self.eve).post(ASK, self.body(inputs={"card": self.file("# E\n", by=self.eve).pk})
                                                 ).status_code, 403)
        hidden = self.api(self.eve).post(f"/api/v1/releases/{draft.key}/runs", self.body())
        self.assertEqual(hidden.status_code, 404)
        self.assertEqual(Run.objects.count(), 0)

    def test_bad_bodies_are_problems_with_a_pointer(self):
        api = self.api(self.ada)
        for pointer, body in [
            ("/analysis", self.body(analysis="nothing")),
            ("/inputs", self.body(inputs={})),
            ("/inputs", self.body(inputs=[1])),
            ("/inputs/card", self.body(inputs={"card": "x"})),
            ("/inputs/card", self.body(inputs={"card": 2**63 - 1})),
            ("/inputs", self.body(inputs={"x" * 5000: self.file("# Card\n").pk})),
            ("/params", self.body(params={"depth": 1})),
            ("/params", self.body(params=[])),
            ("/seed", self.body(seed=-1)),
            ("/seed", self.body(seed=2**53)),
            ("/nonsense", self.body(nonsense=1)),
        ]:
            with self.subTest(pointer=pointer):
                answer = api.post(ASK, body)
                self.assertEqual(answer.status_code, 400, answer.content)
                self.assertTrue(answer.json()["errors"][0]["pointer"].startswith(pointer), answer.content)

    def test_numbers_without_canonical_form_are_refused(self):
        samples = [self.file(t, kind="samples", name="s.jsonl").pk for t in ("a", "b")]
        inputs = dict(zip(("generated", "human"), samples, strict=True))

        answer = self.api(self.ada).post(
            ASK, {"analysis": "detection", "inputs": inputs, "params": {"bootstraps": 2**60, "lengths": [2**62]}}
        )

        self.assertEqual(answer.status_code, 400, answer.content)

    @override_settings(RATE_LIMIT_SCALE=0.1)
    def test_has_a_limit(self):
        api = self.api(self.ada)

        statuses = [api.post(ASK, self.body(seed=n)).status_code for n in range(4)]

        self.assertEqual(statuses, [202, 202, 202, 429])


class ReadTests(RunTestCase):
    def test_one_run_has_all_that_the_contract_names(self):
        run = self.ask_in_public(seed=3)
        finish(claim(run.pk), REPORT | {"findings": [FINDING]})

        body = self.api().get(f"/api/v1/runs/{run.pk}").json()

        self.assertEqual((body["status"], body["progress"], body["attempts"], body["error"]), ("succeeded", 1, 1, ""))
        self.assertEqual((body["analysis"], body["analysis_version"], body["params"], body["seed"]),
                         ("model_card", run.analysis_version, run.params, 3))
        self.assertEqual((body["result"], body["findings"]), (REPORT["result"], [FINDING]))
        self.assertEqual([set(i) for i in body["inputs"]], [{"role", "name", "sha256", "size"}])
        self.assertTrue(body["started_at"] and body["finished_at"])

    def test_a_failure_says_why(self):
        run = self.ask_in_public()
        fail(claim(run.pk), "The card is not UTF-8. Save it as UTF-8.")

        body = self.api().get(f"/api/v1/runs/{run.pk}").json()

        self.assertEqual((body["status"], body["result"]), ("failed", None))
        self.assertEqual(body["error"], "The card is not UTF-8. Save it as UTF-8.")

    def test_lists_are_filtered_and_carry_no_results(self):
        first, second = self.ask_in_public(), self.ask_in_public("# Other\n")
        finish(claim(first.pk), REPORT)
        api = self.api()

        for query, found in [
            ("", [second, first]), ("?status=queued", [second]), ("?release=invented-lab/lamp&limit=1", [second]),
            ("?release=invented-lab/other", []), ("?analysis=detection", []),
        ]:
            rows = api.get(f"/api/v1/runs{query}").json()["results"]
            self.assertEqual([row["id"] for row in rows], [run.pk for run in found], query)
            self.assertFalse(any("result" in row for row in rows))
        self.assertEqual(api.get("/api/v1/runs?state=queued").status_code, 400)

    def test_lists_cost_the_same_for_one_and_for_many(self):
        self.ask_in_public()
        with self.assertNumQueries(2):
            self.api().get("/api/v1/runs")
        for number in range(6):
            self.ask_in_public(f"# {number}\n")
        with self.assertNumQueries(2):
            self.api().get("/api/v1/runs")

    def test_drafts_runs_are_not_there_for_others(self):
        run = self.ask(entry=self.draft("secret"))
        finish(claim(run.pk), REPORT | {"findings": [FINDING]})

        for person in (None, self.eve, self.mo):
            api = self.api(person)
            self.assertEqual(api.get(f"/api/v1/runs/{run.pk}").status_code, 404)
            self.assertEqual(api.get("/api/v1/runs").json()["results"], [])
            self.assertEqual(api.get(f"/api/v1/findings?run={run.pk}").json()["results"], [])
            self.assertIn(api.delete(f"/api/v1/runs/{run.pk}").status_code, (401, 404))
        self.assertEqual(len(self.api(self.bo).get("/api/v1/findings").json()["results"]), 1)

    def test_odd_addresses_are_not_found(self):
        for key in ("0", "99999999999999999999999", "x", "-1", "%00"):
            self.assertIn(self.api().get(f"/api/v1/runs/{key}").status_code, (400, 404), key)
        self.assertIn(self.api().get("/api/v1/findings?run=99999999999999999999").status_code, (200, 400))


class CancelTests(RunTestCase):
    def test_is_for_those_who_may_edit(self):
        run = self.ask_in_public()

        self.assertEqual(self.api(self.eve).delete(f"/api/v1/runs/{run.pk}").status_code, 403)
        self.assertEqual(self.api(self.ada).delete(f"/api/v1/runs/{run.pk}").status_code, 204)
        self.assertEqual(self.api(self.ada).delete(f"/api/v1/runs/{run.pk}").status_code, 409)


class NoBrokerInRequestsTests(RunTestCase):
    def test_asking_never_talks_to_a_broker(self):
        with mock.patch("celery.app.task.Task.apply_async", side_effect=AssertionError("a request rang")):
            with mock.patch("kombu.connection.Connection.connect", side_effect=AssertionError("a request connected")):
                answer = self.api(self.ada).post(
                    ASK, {"analysis": "model_card", "inputs": {"card": self.file("# Card\n").pk}}
                )

        self.assertEqual(answer.status_code, 202)
