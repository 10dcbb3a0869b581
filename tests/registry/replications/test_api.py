"""Replications over the API."""

from registry.replications.models import Replication
from tests.people import PlatformTestCase

from .reports import REPORT, report

ALL = "/api/v1/replications"
BODY = REPORT | {"release": "invented-lab/lamp"}


class ReportTests(PlatformTestCase):
    def test_is_made_and_read_back_as_it_was_said(self):
        response = self.api(self.eve).post(ALL, BODY, format="json")

        made = response.json()
        assert response.status_code == 201
        assert response["Location"] == f"{ALL}/{made['id']}"
        assert self.api().get(response["Location"]).json() == made
        said = {name: made[name] for name in BODY}
        assert said == BODY | {"cost_amount": "50000.00", "cost_currency": "USD"}
        assert (made["state"], made["counts"], made["reporter"], made["as_of"]) == ("reported", True, "eve", 1)
        assert made["url"] == f"/replications/{made['id']}/"

    def test_is_made_once_per_key(self):
        eve = self.api(self.eve)
        first, again = (eve.post(ALL, BODY, format="json", HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))

        assert first.json() == again.json()
        assert Replication.objects.count() == 1

    def test_is_refused_by_field_as_on_the_page(self):
        cases = [
            ({"date": "2024-04-01"}, "/date", "before_the_entry"), ({"kind": "copy"}, "/kind", "invalid_choice"),
            ({"variant": "9B"}, "/variant", "unknown_variant"), ({"cost_currency": ""}, "/cost_currency", "required"),
            ({"source_url": "ftp://example.org"}, "/source_url", "url"), ({"colour": "red"}, "/colour", "unknown"),
        ]  # fmt: skip
        for changes, pointer, code in cases:
            response = self.api(self.eve).post(ALL, BODY | changes, format="json")
            [error] = response.json()["errors"]
            assert (response.status_code, error["pointer"], error["code"]) == (400, pointer, code), error
        said = self.api(self.eve).post(ALL, BODY | {"date": "2024-04-01"}, format="json").json()["detail"]
        assert "1 April 2024 lies before 1 May 2024" in said

    def test_of_what_one_may_not_see_is_not_found_and_by_nobody_unauthorised(self):
        self.draft("soon")

        assert self.api(self.eve).post(ALL, BODY | {"release": "invented-lab/soon"}, format="json").status_code == 404
        assert self.api(self.ada).post(ALL, BODY | {"release": "invented-lab/soon"}, format="json").status_code == 403
        assert self.api().post(ALL, BODY, format="json").status_code == 401

    def test_is_listed_by_filters_named_like_its_fields(self):
        one = report(self.entry, self.eve)
        two = report(self.entry, self.mo, kind="leak", date="")
        cases = {
            "": [two, one], "?kind=leak": [two], "?reporter=eve": [one], "?release=invented-lab/lamp": [two, one],
            "?lab=invented-lab&counts=true": [one], "?state=confirmed": [], "?component=weights_final": [two, one],
        }  # fmt: skip
        for query, expected in cases.items():
            found = [row["id"] for row in self.api().get(ALL + query).json()["results"]]
            assert found == [r.pk for r in expected], query
        assert self.api().get(f"{ALL}?counts=maybe").status_code == 400
        assert self.api().get(f"{ALL}?colour=red").status_code == 400


class VerdictTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.report = report(self.entry, self.eve)
        self.verdicts = f"{ALL}/{self.report.pk}/verdicts"

    def test_is_given_listed_and_taken_back(self):
        mo = self.api(self.mo)
        given = mo.post(self.verdicts, {"stance": "confirms", "reason": "I ran it."}, format="json")
        assert (given.status_code, given.json()["set_aside"], given.json()["person"]) == (201, "", "mod")
        assert self.api().get(f"{ALL}/{self.report.pk}").json()["state"] == "confirmed"

        assert mo.delete(self.verdicts).status_code == 204
        [listed] = self.api().get(self.verdicts).json()["results"]
        assert listed["withdrawn_at"] and listed["reason"] == "I ran it."
        assert self.api().get(f"{ALL}/{self.report.pk}").json()["state"] == "reported"
        assert mo.delete(self.verdicts).status_code == 204, "nothing is left to take back"

    def test_of_the_reporter_is_refused_and_a_second_one_is_a_conflict(self):
        said = {"stance": "disputes", "reason": "No."}

        assert self.api(self.eve).post(self.verdicts, said, format="json").status_code == 403
        assert self.api(self.ada).post(self.verdicts, said, format="json").status_code == 201
        assert self.api(self.ada).post(self.verdicts, said, format="json").status_code == 409

    def test_withdrawal_is_the_reporters(self):
        address = f"{ALL}/{self.report.pk}/withdrawal"

        assert self.api(self.ada).post(address, {"reason": "No."}, format="json").status_code == 403
        assert self.api(self.eve).post(address, {"reason": ""}, format="json").status_code == 400
        withdrawn = self.api(self.eve).post(address, {"reason": "I misread it."}, format="json")
        assert (withdrawn.status_code, withdrawn.json()["state"]) == (201, "withdrawn")
        assert withdrawn.json()["withdrawal"] == "I misread it."
