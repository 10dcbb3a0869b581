"""Entries over the API: the same acts, the same locks, and every problem by its JSON pointer."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from registry.core.canonical import canonical_json, digest
from registry.releases.models import Entry
from tests.people import CONTENT, PlatformTestCase

ROOT = "/api/v1/releases"
BODY = CONTENT | {"lab": "invented-lab", "slug": "torch", "title": "Torch"}


def pointers(response):
    return [error["pointer"] for error in response.json()["errors"]]


class BeginTests(PlatformTestCase):
    def test_makes_a_draft_as_the_contract_says(self):
        body = {
            "lab": "invented-lab", "slug": "torch", "title": "Torch", "summary": "Small.",
            "artefact": {"kind": "model", "variants": ["1B"]},
            "stages": [
                {
                    "date": "2024-05", "date_precision": "month", "status": "effective", "rationale": "So.",
                    "components": [
                        {
                            "component": "weights_final", "variant": "1B", "mode": "downloadable", "gate": "none",
                            "audience": "public", "licence": "MIT",
                        }
                    ],
                }
            ],
        }  # fmt: skip
        response = self.api(self.ada).post(ROOT, body, format="json")

        self.assertEqual((response.status_code, response["Location"]), (201, f"{ROOT}/invented-lab/torch"))
        said = response.json()
        self.assertEqual(
            {
                name: said[name]
                for name in ("lab", "slug", "state", "title", "revision", "draft_version", "subject", "url")
            },
            {
                "lab": "invented-lab",
                "slug": "torch",
                "state": "draft",
                "title": "Torch",
                "revision": None,
                "draft_version": 1,
                "subject": "release:invented-lab/torch",
                "url": "/releases/invented-lab/torch/",
            },
        )
        self.assertEqual(said["artefact"]["variants"], [{"name": "1B", "aliases": [], "note": ""}])
        self.assertEqual(response["ETag"], '"v1"')

    def test_is_done_once_per_idempotency_key(self):
        api = self.api(self.ada)

        first = api.post(ROOT, BODY, format="json", headers={"Idempotency-Key": "k1"})
        second = api.post(ROOT, BODY, format="json", headers={"Idempotency-Key": "k1"})

        self.assertEqual((second.status_code, second["Location"]), (201, first["Location"]))
        self.assertEqual(Entry.objects.filter(slug="torch").count(), 1)

    def test_names_what_is_wrong_by_json_pointer(self):
        cases = [
            ({"lab": "nobody"}, ["/lab"]),
            ({"slug": "lamp"}, ["/slug"]),
            ({"slug": "No Good"}, ["/slug"]),
            ({"slug": 7}, ["/slug"]),
            ({"colour": "red"}, ["/colour"]),
            ({"model_card": None}, ["/model_card"]),
            ({"title": 3}, ["/title"]),
            ({"title": "a\x07b"}, ["/title"]),
            ({"stages": [{"date": "0000-01-01"}]}, ["/stages/0/date"]),
            ({"stages": [{"date": "9999"}]}, ["/stages/0/date"]),
            ({"stages": [{"date": "2019-02-30"}]}, ["/stages/0/date"]),
            ({"stages": [{"nonsense": 1}]}, ["/stages/0/nonsense"]),
            ({"stages": [{"components": [{"component": "brain"}]}]}, ["/stages/0/components/0/component"]),
            (
                {"stages": [{"components": [{"component": "paper", "sources": ["no"]}]}]},
                ["/stages/0/components/0/sources/0"],
            ),
            ({"links": [{"url": "javascript:alert(1)"}]}, ["/links/0/url"]),
            ({"artefact": {"kind": "ghost", "variants": ["1B"]}}, ["/artefact/kind"]),
            ({"origin": "imported"}, ["/origin"]),
        ]
        for more, expected in cases:
            response = self.api(self.ada).post(ROOT, BODY | more, format="json")

            self.assertEqual((response.status_code, pointers(response)), (400, expected), more)
            self.assertEqual(response["Content-Type"], "application/problem+json")

    def test_says_why_the_years_0_and_9999_are_no_dates(self):
        for date, said in {"0000": "There is no year 0", "9999-12-31": "The year 9999 is no date"}.items():
            response = self.api(self.ada).post(ROOT, BODY | {"stages": [{"date": date}]}, format="json")

            self.assertIn(said, response.json()["errors"][0]["detail"])

    def test_bodies_that_are_no_objects_or_too_large_are_refused(self):
        api = self.api(self.ada)
        for body in ("[]", '"x"', "null", "7"):
            self.assertEqual(api.post(ROOT, body, content_type="application/json").status_code, 400, body)
        huge = json.dumps(BODY | {"rationale": "x" * 3_000_000})
        self.assertEqual(api.post(ROOT, huge, content_type="application/json").status_code, 413)

    def test_is_for_those_who_speak_for_the_lab_with_a_writing_token(self):
        self.assertEqual(self.api().post(ROOT, BODY, format="json").status_code, 401)
        self.assertEqual(self.api(self.ada, scope="read").post(ROOT, BODY, format="json").status_code, 403)
        for person in (self.bo, self.eve):
            self.assertEqual(self.api(person).post(ROOT, BODY, format="json").status_code, 403)
        self.assertFalse(Entry.objects.filter(slug="torch").exists())


class DraftTests(PlatformTestCase):
    def test_is_seen_by_the_lab_and_by_nobody_else(self):
        self.draft()
        path = f"{ROOT}/invented-lab/draft"

        self.assertEqual([self.api(p).get(path).status_code for p in (self.ada, self.bo)], [200, 200])
        self.assertEqual([self.api(p).get(path).status_code for p in (None, self.eve, self.mo)], [404, 404, 404])
        listed = [row["slug"] for row in self.api(self.eve).get(ROOT).json()["results"]]
        self.assertEqual(listed, ["lamp"])

    def test_a_member_sees_but_cannot_change(self):
        self.draft()

        for path in ("draft", "lamp"):
            response = self.api(self.bo).patch(f"{ROOT}/invented-lab/{path}", {"title": "Mine"}, format="json")
            self.assertEqual(response.status_code, 403)

    def test_an_outsider_finds_nothing_to_change_where_they_may_see_nothing(self):
        self.draft()

        response = self.api(self.eve).patch(f"{ROOT}/invented-lab/draft", {"title": "Mine"}, format="json")

        self.assertEqual(response.status_code, 404)

    def test_the_published_entry_never_shows_the_draft_to_others(self):
        self.api(self.ada).patch(f"{ROOT}/invented-lab/lamp", {"title": "Secret"}, format="json")

        for person in (None, self.eve, self.bo):
            for query in ("", "?draft=true"):
                said = self.api(person).get(f"{ROOT}/invented-lab/lamp{query}").json()
                self.assertEqual((said["title"], said["draft_version"]), ("Lamp", None))
        self.assertEqual(self.api(self.ada).get(f"{ROOT}/invented-lab/lamp?draft=true").json()["title"], "Secret")

    def test_fields_that_are_given_replace_and_the_others_stay(self):
        self.draft()

        said = self.api(self.ada).patch(f"{ROOT}/invented-lab/draft", {"title": "New"}, format="json").json()

        self.assertEqual((said["title"], said["summary"], said["draft_version"]), ("New", CONTENT["summary"], 2))

    def test_whoever_was_slower_is_told_so(self):
        self.draft()
        api, path = self.api(self.ada), f"{ROOT}/invented-lab/draft"

        first = api.patch(path, {"title": "One"}, format="json", headers={"If-Match": '"v1"'})
        second = api.patch(path, {"title": "Two"}, format="json", headers={"If-Match": '"v1"'})

        self.assertEqual((first.status_code, first["ETag"]), (200, '"v2"'))
        self.assertEqual(second.status_code, 412)
        self.assertEqual(api.get(path).json()["title"], "One")

    def test_a_curated_entry_is_closed_to_the_lab_it_is_about(self):
        self.api(self.mo).post(ROOT, BODY | {"slug": "seen", "origin": "third_party"}, format="json")

        self.assertEqual(self.api(self.ada).get(f"{ROOT}/invented-lab/seen").status_code, 404)
        self.api(self.mo).post(f"{ROOT}/invented-lab/seen/publication", {}, format="json")
        response = self.api(self.ada).patch(f"{ROOT}/invented-lab/seen", {"title": "Ours"}, format="json")
        self.assertEqual(response.status_code, 403)


class PublicationTests(PlatformTestCase):
    def test_makes_revisions_and_asks_why_from_the_second_on(self):
        api, path = self.api(self.ada), f"{ROOT}/invented-lab/lamp"
        api.patch(path, {"title": "Lamp two"}, format="json")

        refused = api.post(f"{path}/publication", {}, format="json")
        made = api.post(f"{path}/publication", {"justification": "A second name."}, format="json")
        again = api.post(f"{path}/publication", {"justification": "Again."}, format="json")

        self.assertEqual((refused.status_code, pointers(refused)), (400, ["/justification"]))
        self.assertEqual((made.status_code, made.json()["number"]), (201, 2))
        self.assertEqual(made["Location"], f"{path}/revisions/2")
        self.assertEqual(again.status_code, 409)

    def test_of_a_draft_that_was_not_read_is_refused(self):
        api, path = self.api(self.ada), f"{ROOT}/invented-lab/lamp"
        read = api.patch(path, {"title": "Lamp two"}, format="json")["ETag"]
        now = api.patch(path, {"title": "Lamp three"}, format="json")["ETag"]

        why = {"justification": "A name."}
        refused = api.post(f"{path}/publication", why, format="json", headers={"If-Match": read})
        made = api.post(f"{path}/publication", why, format="json", headers={"If-Match": now})

        self.assertEqual((refused.status_code, refused["Content-Type"]), (412, "application/problem+json"))
        self.assertEqual((made.status_code, made.json()["content"]["title"]), (201, "Lamp three"))

    def test_the_same_key_publishes_once(self):
        api, path = self.api(self.ada), f"{ROOT}/invented-lab/lamp"
        api.patch(path, {"title": "Lamp two"}, format="json")

        for _ in range(2):
            response = api.post(
                f"{path}/publication", {"justification": "A name."}, format="json", headers={"Idempotency-Key": "p"}
            )
            self.assertEqual((response.status_code, response.json()["number"]), (201, 2))
        self.assertEqual(self.entry.revisions.count(), 2)

    def test_an_unfinished_draft_is_told_all_that_is_missing(self):
        self.api(self.ada).post(ROOT, {"lab": "invented-lab", "slug": "torch"}, format="json")

        response = self.api(self.ada).post(f"{ROOT}/invented-lab/torch/publication", {}, format="json")

        self.assertEqual(response.status_code, 400)
        self.assertEqual(set(pointers(response)), {"/title", "/summary", "/rationale", "/stages"})


class ReadingTests(PlatformTestCase):
    def test_a_revision_can_be_checked_against_its_digest(self):
        said = self.api().get(f"{ROOT}/invented-lab/lamp/revisions/1").json()

        self.assertEqual(said["digest"], digest(said["content"]))
        page = self.as_().get("/releases/invented-lab/lamp/r/1/content.json")
        self.assertEqual(page.content, canonical_json(said["content"]))

    def test_revisions_and_stages_are_listed_and_narrowed(self):
        revisions = self.api().get("/api/v1/revisions?release=invented-lab/lamp").json()["results"]
        stages = self.api().get("/api/v1/stages?release=invented-lab/lamp").json()["results"]

        self.assertEqual([(r["release"], r["number"]) for r in revisions], [("invented-lab/lamp", 1)])
        self.assertEqual(
            [(s["release"], s["number"], s["date"]) for s in stages], [("invented-lab/lamp", 1, "2024-05-01")]
        )
        self.assertEqual(self.api().get("/api/v1/revisions?release=a/b").json()["results"], [])

    def test_lists_are_narrowed_by_known_fields_only(self):
        self.assertEqual(len(self.api().get(f"{ROOT}?kind=model&lab=invented-lab").json()["results"]), 1)
        self.assertEqual(self.api().get(f"{ROOT}?kind=dataset").json()["results"], [])
        self.assertEqual(self.api().get(f"{ROOT}?colour=red").status_code, 400)
        self.assertEqual(self.api().get(f"{ROOT}?state=odd").status_code, 400)
        self.assertEqual(self.api(self.ada).get(f"{ROOT}?state=draft").json()["results"], [])

    def test_a_list_costs_the_same_for_one_row_and_for_many(self):
        with self.assertNumQueries(1):
            self.api().get(ROOT)
        for number in range(4):
            entry = self.draft(slug=f"lamp-{number}")
            self.api(self.ada).post(f"{ROOT}/invented-lab/{entry.slug}/publication", {}, format="json")
        with self.assertNumQueries(1):
            self.assertEqual(len(self.api().get(ROOT).json()["results"]), 5)

    def test_what_is_not_there_is_not_found(self):
        for path in (
            "releases/a/b",
            "releases/invented-lab/lamp/revisions/9",
            f"releases/invented-lab/lamp/revisions/{9**30}",
            f"files/{9**30}",
            "files/1",
        ):
            self.assertEqual(self.api().get(f"/api/v1/{path}").status_code, 404, path)


class FileTests(PlatformTestCase):
    def upload(self, person, data=b"# Card\n\nText.", kind="model_card", name="card.md"):
        body = {"file": SimpleUploadedFile(name, data), "kind": kind}
        return self.api(person).post("/api/v1/files", body, format="multipart")

    def test_is_kept_private_and_named_by_its_digest(self):
        response = self.upload(self.ada)

        self.assertEqual(response.status_code, 201)
        said = response.json()
        self.assertEqual((len(said["sha256"]), said["size"], said["public"]), (64, 13, False))
        self.assertEqual(self.api(self.ada).get(response["Location"]).json()["id"], said["id"])
        self.assertEqual(self.api(self.eve).get(response["Location"]).status_code, 404)

    def test_refuses_what_is_empty_binary_too_large_or_of_no_kind(self):
        for data, kind, status in (
            (b"", "model_card", 400),
            (b"a\0b", "model_card", 400),
            (b"x" * (2**21 + 1), "model_card", 413),
            (b"x", "odd", 400),
        ):
            self.assertEqual(self.upload(self.ada, data, kind).status_code, status)
        self.assertEqual(self.api(self.ada).post("/api/v1/files", {}, format="json").status_code, 415)

    def test_a_card_goes_onto_the_draft_of_ones_own_lab_only(self):
        mine, hers = self.upload(self.ada).json()["id"], self.upload(self.eve).json()["id"]
        path = f"{ROOT}/invented-lab/lamp/model-card"

        self.assertEqual(self.api(self.eve).put(path, {"file": hers}, format="json").status_code, 403)
        self.assertEqual(self.api(self.ada).put(path, {"file": hers}, format="json").status_code, 400)
        response = self.api(self.ada).put(path, {"file": mine}, format="json")
        self.assertEqual((response.status_code, response.json()["model_card"]["name"]), (200, "card.md"))
        self.assertEqual(self.api().get(f"{ROOT}/invented-lab/lamp").json()["model_card"], None)
