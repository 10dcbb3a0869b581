"""Bringing a file in and taking a revision out, as people and scripts do."""

from unittest import mock

from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.core.files import StoredFile
from registry.exchange.formats import FORMATS
from registry.norms.actions import declare
from registry.releases.actions import publish, save_draft
from registry.releases.models import Entry
from tests.people import CONTENT, PlatformTestCase

CARD = "---\nlicense: mit\nlanguage: en\n---\n# Torch\n\nTorch is a language model that writes about torches.\n"
EXPORTS = "/releases/invented-lab/lamp/r/1/export/"


class BringTests(PlatformTestCase):
    def bring(self, person, **said):
        return self.as_(person).post("/import/", said)

    def test_a_pasted_card_is_previewed_and_becomes_a_draft_with_its_card(self):
        ada = self.as_(self.ada)
        page = ada.post("/import/", {"text": CARD}, follow=True)
        address = page.redirect_chain[-1][0]

        self.assertContains(page, "Torch is a language model")
        self.assertContains(page, "A release entry has no field for languages")
        self.assertFalse(Entry.objects.filter(slug="torch").exists())
        done = ada.post(address, {"lab": "invented-lab", "slug": "", "take": ["title", "licence"], "attach": "on"})

        self.assertRedirects(done, "/releases/invented-lab/torch/edit/")
        entry = Entry.objects.get(slug="torch")
        self.assertEqual(entry.draft["title"], "Torch")
        self.assertEqual(entry.draft["summary"], "")
        self.assertEqual(entry.draft["stages"][0]["components"][0]["licence"], "MIT")
        self.assertEqual(entry.card.read().decode(), CARD)

    def test_what_a_draft_says_is_not_ticked_and_stays_unless_chosen(self):
        draft = self.draft(title="Mine")
        ada = self.as_(self.ada)
        page = ada.post("/import/", {"text": CARD, "draft": draft.pk}, follow=True)
        address = page.redirect_chain[-1][0]

        self.assertNotContains(page, 'value="title" checked')
        self.assertContains(page, "Mine")
        ada.post(address, {"take": ["licence"], "version": draft.draft_version})

        draft.refresh_from_db()
        self.assertEqual(draft.draft["title"], "Mine")
        self.assertEqual(draft.draft["stages"][0]["components"][0]["licence"], "MIT")

    def test_a_draft_that_was_saved_meanwhile_is_not_written_over(self):
        draft = self.draft(title="Mine")
        ada = self.as_(self.ada)
        address = ada.post("/import/", {"text": CARD, "draft": draft.pk})["Location"]
        seen = draft.draft_version
        save_draft(draft, CONTENT | {"title": "Saved meanwhile"}, by=self.ada)

        page = ada.post(address, {"take": ["title"], "version": seen})

        self.assertContains(page, "saved this draft while you were writing")
        draft.refresh_from_db()
        self.assertEqual(draft.draft["title"], "Saved meanwhile")

    def test_nobody_previews_the_file_of_another_or_fills_a_draft_not_theirs(self):
        address = self.as_(self.ada).post("/import/", {"text": CARD})["Location"]
        self.draft()

        self.assertEqual(self.as_(self.eve).get(address).status_code, 404)
        mine = self.as_(self.eve).post("/import/", {"text": CARD})["Location"]
        self.assertEqual(self.as_(self.eve).get(f"{mine}&draft=invented-lab/draft").status_code, 404)
        self.assertContains(self.as_(self.eve).get(mine), "You speak for no lab yet.")
        self.assertEqual(self.as_(self.bo).get(f"{mine}&draft=invented-lab/draft").status_code, 404)

    def test_bad_input_is_said_on_the_form_and_nothing_is_kept(self):
        before = StoredFile.objects.count()
        for said, words in [
            ({}, "Choose a file or paste its text."),
            ({"text": " \n"}, "Choose a file or paste its text."),
            ({"file": SimpleUploadedFile("card.md", b"")}, "The file is empty."),
            ({"file": SimpleUploadedFile("card.md", b"\xc3\x28")}, "not valid UTF-8"),
            ({"file": SimpleUploadedFile("card.md", b"x" * 2_000_001)}, "at most 2,000,000"),
            ({"file": SimpleUploadedFile("card.md", b"x"), "text": "y"}, "Give one of the two."),
        ]:
            self.assertContains(self.bring(self.ada, **said), words)
        self.assertEqual(StoredFile.objects.count(), before)

    def test_fifty_megabytes_are_refused_before_they_are_kept(self):
        page = self.bring(self.ada, file=SimpleUploadedFile("card.md", b"x" * 50_000_000))

        self.assertEqual(page.status_code, 413)

    def test_a_reader_that_breaks_is_said_and_leaves_the_site_up(self):
        address = self.as_(self.ada).post("/import/", {"text": CARD})["Location"]
        with mock.patch("registry.exchange.reading.apart.SECONDS", 0.01):
            page = self.as_(self.ada).get(address)

        self.assertContains(page, "The draft can be filled in by hand.")


class ImportApiTests(PlatformTestCase):
    def test_previews_without_taking_and_takes_what_is_named(self):
        api = self.api(self.ada)
        seen = api.post("/api/v1/imports", {"text": CARD, "release": "invented-lab/torch"})

        self.assertEqual(seen.status_code, 200)
        self.assertEqual([one["name"] for one in seen.data["understood"]], ["title", "licence", "summary"])
        self.assertEqual(seen.data["understood"][1]["where"], "line 2")
        self.assertIsNone(seen.data["release"])
        self.assertFalse(Entry.objects.filter(slug="torch").exists())

        done = api.post("/api/v1/imports", {"text": CARD, "release": "invented-lab/torch", "take": ["title"]})
        self.assertEqual(done.status_code, 201)
        self.assertEqual(done["Location"], "/api/v1/releases/invented-lab/torch")
        self.assertEqual(Entry.objects.get(slug="torch").draft["title"], "Torch")

    def test_refuses_with_pointers(self):
        api = self.api(self.ada)
        for body, pointer in [
            ({}, "/file"),
            ({"text": "a", "file": 1}, "/file"),
            ({"text": " "}, "/text"),
            ({"text": CARD, "take": ["title"]}, "/release"),
            ({"text": CARD, "take": ["colour"], "release": "invented-lab/torch"}, "/take"),
            ({"text": CARD, "take": [], "release": "nobody/torch"}, "/release"),
            ({"text": CARD, "take": [], "release": "invented-lab/torch", "attach": True}, "/attach"),
            ({"file": 999_999}, "/file"),
        ]:
            answer = api.post("/api/v1/imports", body)
            self.assertEqual((answer.status_code, answer.data["errors"][0]["pointer"]), (400, pointer), body)

    def test_an_outdated_version_is_told_and_changes_nothing(self):
        draft = self.draft()
        body = {"text": CARD, "take": ["title"], "release": "invented-lab/draft"}

        answer = self.api(self.ada).post("/api/v1/imports", body, HTTP_IF_MATCH='"v0"')

        self.assertEqual(answer.status_code, 412)
        draft.refresh_from_db()
        self.assertEqual(draft.draft["title"], "Lamp")

    def test_whoever_may_not_write_a_draft_cannot_fill_it(self):
        self.draft()
        body = {"text": CARD, "take": ["title"], "release": "invented-lab/draft"}

        self.assertEqual(self.api(self.bo).post("/api/v1/imports", body).status_code, 403)
        self.assertEqual(self.api(self.eve).post("/api/v1/imports", body).status_code, 403)


class ExportTests(PlatformTestCase):
    def test_every_format_comes_with_its_type_name_and_etag(self):
        for made in FORMATS.values():
            if made.name == "croissant":
                continue
            answer = self.as_().get(EXPORTS + made.name)
            self.assertEqual(answer["Content-Type"], made.media_type)
            name = made.filename or f"invented-lab-lamp-r1{made.ending}"
            self.assertEqual(answer["Content-Disposition"], f'attachment; filename="{name}"')
            again = self.as_().get(EXPORTS + made.name, HTTP_IF_NONE_MATCH=answer["ETag"])
            self.assertEqual((again.status_code, again.content), (304, b""))

    def test_what_is_not_to_be_had_is_not_found(self):
        for path in ("croissant", "word", "croissant/losses/"):
            self.assertEqual(self.as_().get(EXPORTS + path).status_code, 404, path)
        self.draft()
        self.assertEqual(self.as_(self.ada).get("/releases/invented-lab/draft/r/1/export/").status_code, 404)

    def test_the_page_leads_to_files_losses_badge_and_paragraph(self):
        page = self.as_().get(EXPORTS)

        self.assertContains(page, f'href="{EXPORTS}cyclonedx"')
        self.assertContains(page, f'href="{EXPORTS}csv/losses/"')
        self.assertContains(page, "Lamp is a model of Invented Lab.")
        self.assertContains(page, "[![Daylight: partial](http")
        self.assertContains(self.as_().get("/releases/invented-lab/lamp/"), f'href="{EXPORTS}"')

    def test_the_losses_of_page_and_api_are_the_same(self):
        page = self.as_().get(f"{EXPORTS}csv/losses/")
        api = self.api().get("/api/v1/releases/invented-lab/lamp/revisions/1/exports/csv")

        self.assertContains(page, "Rationale")
        self.assertEqual(
            [(loss["pointer"], loss["how"]) for loss in api.data["losses"]],
            [("/summary", "absent"), ("/artefact/kind", "absent"), ("/artefact/variants/0/name", "absent"),
             ("/rationale", "absent"), ("/stages/0/rationale", "own")][:4],
        )  # fmt: skip
        self.assertEqual(sum(api.data["counts"].values()), api.data["stated"])
        rows = self.api().get("/api/v1/releases/invented-lab/lamp/revisions/1/exports").data["results"]
        self.assertEqual([row["format"] for row in rows], [name for name in FORMATS if name != "croissant"])

    def test_declarations_are_in_cyclonedx_and_what_is_not_stated_is_not(self):
        declare(self.entry, self.clause, stance="adheres", reason="See the card.", by=self.ada,
                evidence=[{"title": "Card", "url": "https://example.org/card"}])  # fmt: skip
        other = self.norm.clauses.get(number=2)
        declare(self.entry, other, stance="adheres", reason="", by=self.ada)
        declare(self.entry, other, stance="no_assertion", reason="", by=self.ada)

        bom = self.as_().get(EXPORTS + "cyclonedx").json()

        self.assertEqual([claim["reasoning"] for claim in bom["declarations"]["claims"]], ["See the card."])
        self.assertEqual(bom["definitions"]["standards"][0]["requirements"][0]["identifier"], "N-1/1")

    def test_an_evil_title_stays_a_text_everywhere(self):
        evil = '<script>alert(1)</script> \\input{x} | a'
        save_draft(self.entry, CONTENT | {"title": evil}, by=self.ada)
        publish(self.entry, by=self.ada, justification="So.")

        page = self.as_().get("/releases/invented-lab/lamp/r/2/export/")

        self.assertNotContains(page, "<script>alert")
        self.assertContains(page, r"\textbackslash{}input\textbraceleft{}x\textbraceright{}")
        self.assertContains(page, r"\&lt;script\&gt;alert")


class BadgeTests(PlatformTestCase):
    def badge(self, **headers):
        return self.as_().get("/releases/invented-lab/lamp/badge.svg", **headers)

    def test_says_word_and_state_for_eyes_and_ears_without_script(self):
        self.entry.subject.open_concerns = 2
        self.entry.subject.save()

        picture = ElementTree.fromstring(self.badge().content)

        svg = "{http://www.w3.org/2000/svg}"
        self.assertEqual(picture.find(f"{svg}title").text, "Daylight: partial, 2 open concerns")
        self.assertEqual([text.text for text in picture.iter(f"{svg}text")], ["Daylight", "partial, 2 open concerns"])
        self.assertEqual(picture.get("role"), "img")
        self.assertEqual([*picture.iter(f"{svg}script")], [])

    def test_is_kept_by_caches_and_asked_again_for_little(self):
        first = self.badge()

        self.assertEqual(first["Cache-Control"], "public, max-age=3600")
        self.assertEqual(self.badge(HTTP_IF_NONE_MATCH=first["ETag"]).status_code, 304)
