"""Intents over the API: the same acts, refused alike."""

from discussions.concerns.actions import open_concern
from registry.intents.models import Intent
from registry.releases.actions import publish, save_draft
from tests.people import PlatformTestCase

from .plans import close_window, day, intend, look_back_came, plan

ALL = "/api/v1/intents"


def body(**changes):
    said = plan(release="invented-lab/lamp", **changes)
    return {name: str(value) if name.endswith("_on") and value else value for name, value in said.items()}


class IntentApiTests(PlatformTestCase):
    def post(self, path, given, user=None, **more):
        return self.api(user or self.ada).post(f"{ALL}{path}", given, format="json", **more)

    def test_is_announced_and_read_back_as_it_was_said(self):
        response = self.post("", body(time_zone="Asia/Tokyo"))

        made = response.json()
        assert response.status_code == 201 and response["Location"] == f"{ALL}/{made['id']}"
        assert self.api().get(response["Location"]).json() == made
        assert {name: made[name] for name in body()} == body()
        assert (made["state"], made["open"], made["closes_at"][11:16]) == ("announced", True, "15:00")

    def test_is_announced_once_per_key(self):
        first, again = (self.post("", body(), HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))
        # Each call has a token of its own, and the same person.
        assert first.json() == again.json() and Intent.objects.count() == 1

    def test_is_refused_by_field_as_on_the_page(self):
        cases = [
            ({"closes_on": str(day(3))}, "/closes_on", "too_short"),
            ({"planned_on": str(day(15))}, "/planned_on", None),
            ({"what": ""}, "/what", "required"), ({"why": " \u200b"}, "/why", None), ({"stage": 7}, "/stage", None),
            ({"time_zone": "Mars/Base"}, "/time_zone", "choice"), ({"colour": "red"}, "/colour", "unknown"),
            ({"look_back_on": "2999-01-01"}, "/look_back_on", "range"),
        ]  # fmt: skip
        for changes, pointer, code in cases:
            response = self.post("", body(**changes))
            error = response.json()["errors"][0]
            assert (response.status_code, error["pointer"]) == (400, pointer), (changes, error)
            assert code in (None, error["code"]), error

    def test_of_what_one_may_not_see_is_not_found(self):
        self.draft("soon")

        assert self.post("", body() | {"release": "invented-lab/soon"}, self.eve).status_code == 404
        assert self.post("", body() | {"release": "invented-lab/soon"}, self.bo).status_code == 403
        assert self.post("", body(), self.eve).status_code == 403
        made = self.post("", body() | {"release": "invented-lab/soon"})
        assert made.status_code == 201 and made.json()["release"] is None

    def test_goes_from_announced_to_looked_back_on(self):
        intent = intend(self.entry, self.ada)
        at = f"/{intent.pk}"
        changed = self.post(f"{at}/changes", {"why": "Better.", "reason": "So.", "version": 1})
        assert (changed.status_code, changed.json()["version"]) == (201, 2)
        stale = self.post(f"{at}/changes", {"why": "Worse.", "reason": "So.", "version": 1})
        assert stale.status_code == 412
        [row] = self.api().get(f"{ALL}{at}/changes").json()["results"]
        assert (row["values"]["why"][1], row["of_substance"], row["by"]) == ("Better.", True, "ada")

        concern = open_concern(intent.subject, "Who checks it?", "Say who.", self.eve)
        close_window(intent)
        save_draft(self.entry, self.entry.draft | {"summary": "Another."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="As announced.")
        done = {"outcome": "carried_out", "revision": 2}
        refused = self.post(f"{at}/decision", done)
        assert refused.status_code == 409
        assert "Who checks it?" in refused.json()["detail"] and f"/concerns/{concern.pk}/" in refused.json()["detail"]
        self.api(self.ada).post(f"/api/v1/concerns/{concern.pk}/answer", {"body": "No: for it costs."}, format="json")
        final = self.post(f"{at}/decision", done).json()
        assert (final["state"], final["revision"], final["look_back_on"]) == ("final", 2, str(day(180)))

        written = {"verdict": "hold", "look_back": "They do."}
        assert self.post(f"{at}/look-back", written).status_code == 409
        look_back_came(intent)
        assert self.api().get(f"{ALL}{at}").json()["look_back_due"] is True
        assert self.post(f"{at}/look-back", written).json()["verdict"] == "hold"

    def test_is_withdrawn_with_a_reason(self):
        intent = intend(self.entry, self.ada)
        assert self.post(f"/{intent.pk}/withdrawal", {"reason": ""}).status_code == 400
        assert self.post(f"/{intent.pk}/withdrawal", {"reason": "No."}, self.eve).status_code == 403
        assert self.post(f"/{intent.pk}/withdrawal", {"reason": "No."}).json()["state"] == "withdrawn"

    def test_is_listed_by_filters(self):
        one, two = intend(self.entry, self.ada), intend(self.draft("soon"), self.ada)
        close_window(two)
        cases = {
            "": [two, one], "?state=open": [one], "?state=ready": [two], "?lab=invented-lab": [two, one],
            "?release=invented-lab/lamp": [one], "?release=invented-lab/soon": [],
        }  # fmt: skip
        for query, expected in cases.items():
            found = [row["id"] for row in self.api().get(ALL + query).json()["results"]]
            assert found == [intent.pk for intent in expected], query
        assert self.api().get(f"{ALL}?state=odd").status_code == 400

    def test_schema_describes_it(self):
        paths = self.api().get("/api/v1/schema/").json()["paths"]
        for path in ("", "/{id}", "/{id}/changes", "/{id}/decision", "/{id}/withdrawal", "/{id}/look-back"):
            assert f"{ALL}{path}" in paths, path
        answers = paths[f"{ALL}/{{id}}/decision"]["post"]["responses"]
        assert "IntentSerializer" in str(answers["201"]) or "Intent" in str(answers["201"])
