"""Writing an entry without script: begin, fill in, leave, come back, two at once, publish, put a card on it."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from registry.labs.actions import register_lab
from registry.releases.actions import attach_card, begin_entry, publish, save_draft
from registry.releases.checking import validate
from registry.releases.content import normalise
from registry.releases.models import Entry
from registry.releases.pointers import address
from tests.people import CONTENT, PlatformTestCase
from tests.registry.releases.browsing import fields_of

LAMP = "/releases/invented-lab/lamp/"


class OriginTests(PlatformTestCase):
    """Which labs are offered to whom, and as what."""

    def offered(self, user):
        form = self.as_(user).get("/releases/new/").context.get("form")
        return [label for _, label in form.fields["lab"].choices] if form else []

    def test_to_moderators_are_labs_of_others_to_curate_and_their_own_to_speak_for(self):
        other = register_lab(name="Other Works", slug="other-works", by=self.eve)
        curated = "Invented Lab (you curate)"
        self.assertEqual(self.offered(self.mo), [curated, "Other Works (you curate)"])

        other.memberships.create(user=self.mo, role="editor")
        self.assertEqual(self.offered(self.mo), [curated, "Other Works"])

        other.memberships.filter(user=self.mo).update(role="member")
        self.assertEqual(self.offered(self.mo), [curated])
        self.assertEqual((self.offered(self.ada), self.offered(self.bo)), (["Invented Lab"], []))


class WritingTests(PlatformTestCase):
    """A researcher without script: begins, fills in, leaves, comes back, publishes."""

    def test_somebody_without_a_lab_is_told_how_to_register_one(self):
        self.assertContains(self.as_(self.eve).get("/releases/new/"), "/labs/new/")
        self.assertContains(self.as_(self.bo).get("/releases/new/"), "Register a lab")

    def test_the_whole_way_from_nothing_to_a_published_entry(self):
        browser = self.as_(self.ada)
        form = fields_of(browser.get("/releases/new/").content.decode())
        response = browser.post("/releases/new/", form | {"title": "Töpfer’s Torch 2!", "kind": "model"})
        base = "/releases/invented-lab/topfers-torch-2/"
        self.assertRedirects(response, f"{base}edit/")

        sheet = fields_of(browser.get(f"{base}edit/").content.decode(), "entry")
        sheet |= {"summary": "A torch.", "rationale": "Because.", "variants-0-name": "7B", "sources-0-title": "Post"}
        response = browser.post(f"{base}edit/", sheet | {"add": "variants"})
        self.assertRedirects(response, f"{base}edit/?add=variants#variants", fetch_redirect_response=False)
        sheet = fields_of(browser.get(f"{base}edit/?add=variants").content.decode(), "entry")
        self.assertEqual((sheet["variants-0-name"], sheet["variants-1-name"]), ("7B", ""))

        response = browser.post(f"{base}edit/", sheet | {"variants-1-name": "70B", "add": "stages"})
        self.assertRedirects(response, f"{base}edit/stages/1/")
        stage = fields_of(browser.get(f"{base}edit/stages/1/").content.decode(), "stage")
        stage |= {
            "date": "2024-06",
            "components-0-component": "weights_final",
            "components-0-mode": "downloadable",
            "components-0-gate": "none",
            "components-0-audience": "public",
            "components-0-variant": "7B",
            "sources": "post",
        }
        response = browser.post(f"{base}edit/stages/1/", stage | {"then": "publish"})
        self.assertRedirects(response, f"{base}publish/")

        last = fields_of(browser.get(f"{base}publish/").content.decode())
        response = browser.post(f"{base}publish/", last)
        self.assertRedirects(response, base)
        content = Entry.objects.get(slug="topfers-torch-2").current.content
        self.assertEqual([v["name"] for v in content["artefact"]["variants"]], ["7B", "70B"])
        self.assertEqual((content["stages"][0]["date"], content["stages"][0]["date_precision"]), ("2024-06", "month"))
        self.assertContains(self.as_().get(base), "Because.")

    def test_a_short_name_that_is_taken_is_told_and_nothing_typed_is_lost(self):
        browser = self.as_(self.ada)

        response = browser.post(
            "/releases/new/",
            {"lab": "invented-lab", "title": "My <Lamp>", "slug": "lamp", "kind": "code", "once": "a"},
        )

        self.assertContains(response, "has an entry with this short name")
        self.assertContains(response, escape("My <Lamp>"))

    def test_pressing_begin_twice_begins_once(self):
        browser = self.as_(self.ada)
        form = {"lab": "invented-lab", "title": "Torch", "kind": "model", "once": uuid.uuid4().hex}

        places = {browser.post("/releases/new/", form)["Location"] for _ in range(2)}

        self.assertEqual(places, {"/releases/invented-lab/torch/edit/"})
        self.assertEqual(Entry.objects.filter(slug="torch").count(), 1)

    def test_pressing_publish_twice_publishes_once(self):
        browser = self.as_(self.ada)
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)
        form = fields_of(browser.get(f"{LAMP}publish/").content.decode()) | {"justification": "A name."}

        for _ in range(2):
            self.assertRedirects(browser.post(f"{LAMP}publish/", form), LAMP)
        self.assertEqual(self.entry.revisions.count(), 2)

    def test_publishing_asks_why_and_keeps_what_was_typed(self):
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)
        browser = self.as_(self.ada)

        self.assertContains(browser.get(f"{LAMP}publish/"), "Publish revision 2, visible to everyone")
        page = browser.post(f"{LAMP}publish/", {"once": "x", "justification": " ", "version": "2"})
        self.assertContains(page, "Fill this in.")
        long = browser.post(f"{LAMP}publish/", {"once": "y", "justification": "x" * 2001, "version": "2"})
        self.assertContains(long, "x" * 2001)
        self.assertEqual(self.entry.revisions.count(), 1)

    def test_publishes_nothing_that_was_not_on_the_page_and_shows_what_changed_since(self):
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)
        browser = self.as_(self.ada)
        form = fields_of(browser.get(f"{LAMP}publish/").content.decode()) | {"justification": "A name."}
        self.lab.memberships.filter(user=self.bo).update(role="editor")
        save_draft(self.entry, CONTENT | {"title": "Lamp three"}, by=self.bo)

        page = browser.post(f"{LAMP}publish/", form)

        self.assertContains(page, "Bo Example saved this draft while you were reading it.", status_code=412)
        self.assertContains(page, "<del>two</del>", status_code=412)
        self.assertEqual(self.entry.revisions.count(), 1)
        self.assertRedirects(browser.post(f"{LAMP}publish/", fields_of(page.content.decode())), LAMP)
        revision = self.entry.revisions.get(number=2)
        self.assertEqual((revision.content["title"], revision.justification), ("Lamp three", "A name."))

    def test_a_page_whose_remembered_draft_was_tampered_with_shows_no_changes_of_it(self):
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)

        forged = {"justification": "A name.", "version": "1", "seen": "eyJ0aXRsZSI6IngifQ:x:y"}
        page = self.as_(self.ada).post(f"{LAMP}publish/", forged)

        self.assertContains(page, "Nothing was published yet.", status_code=412)
        self.assertNotContains(page, "This changed since you opened the page", status_code=412)

    def test_the_last_step_lists_what_is_missing_with_the_way_there(self):
        self.draft(slug="torch", title="", stages=[{"date": "2024", "components": [{"variant": "1B"}]}])

        page = self.as_(self.ada).get("/releases/invented-lab/torch/publish/")

        self.assertContains(page, "/releases/invented-lab/torch/edit/#id_title")
        self.assertContains(page, "/releases/invented-lab/torch/edit/stages/1/#id_components-0-component")
        self.assertNotContains(page, "visible to everyone")

    def test_half_a_date_is_kept_and_said_at_its_field(self):
        entry = self.draft(slug="torch")
        browser, path = self.as_(self.ada), "/releases/invented-lab/torch/edit/stages/1/"
        for text, said in {
            "2019-0": "Write the date as",
            "0000": "There is no year 0",
            "9999": "The year 9999 is no date",
        }.items():
            form = fields_of(browser.get(path).content.decode(), "stage") | {"date": text}
            page = browser.post(path, form, follow=True)

            self.assertContains(page, said)
            entry.refresh_from_db()
            self.assertEqual(entry.draft["stages"][0]["date"], text)

    def test_what_cannot_be_kept_is_shown_again_as_typed(self):
        entry = self.draft(slug="torch")
        browser, path = self.as_(self.ada), "/releases/invented-lab/torch/edit/"
        form = fields_of(browser.get(path).content.decode(), "entry")
        for field, text in {"summary": "long " * 200, "title": "bell \x07 bell", "rationale": "y" * 20_001}.items():
            page = browser.post(path, form | {field: text, "concerns-0-concern": "Typed beside it."})

            self.assertContains(page, "This is not saved yet.")
            self.assertContains(page, escape(text.strip()))
            self.assertContains(page, "Typed beside it.")
        entry.refresh_from_db()
        self.assertEqual(entry.draft_version, 1)

    def test_a_stage_can_be_removed(self):
        self.draft(slug="torch", stages=[CONTENT["stages"][0], {"title": "Second"}])
        browser, path = self.as_(self.ada), "/releases/invented-lab/torch/edit/stages/2/"
        form = fields_of(browser.get(path).content.decode(), "stage")

        browser.post(path, form | {"remove": "1"})

        self.assertEqual([s["title"] for s in Entry.objects.get(slug="torch").draft["stages"]], ["Release"])
        self.assertEqual(browser.get(path).status_code, 404)


class SavingTogetherTests(PlatformTestCase):
    def setUp(self):
        self.cleo = self.lab.memberships.create(user=self.eve, role="editor").user
        self.torch = self.draft(slug="torch")
        self.path = "/releases/invented-lab/torch/edit/"

    def sheet(self, person, path=None, form="entry"):
        return fields_of(self.as_(person).get(path or self.path).content.decode(), form)

    def test_two_people_at_one_page_see_both_texts_and_lose_nothing(self):
        hers, his = self.sheet(self.ada), self.sheet(self.cleo)
        self.as_(self.ada).post(self.path, hers | {"summary": "A summary by Ada."})

        page = self.as_(self.cleo).post(self.path, his | {"summary": "A summary by Eve."})

        self.assertEqual(page.status_code, 409)
        self.assertContains(page, "Ada Example saved this draft while you were writing.", status_code=409)
        self.assertContains(page, "A summary by <del>Ada</del>.", status_code=409)
        self.assertContains(page, "A summary by <ins>Eve</ins>.", status_code=409)
        self.torch.refresh_from_db()
        self.assertEqual(self.torch.draft["summary"], "A summary by Ada.")

        self.as_(self.cleo).post(self.path, fields_of(page.content.decode(), "conflict"))
        self.torch.refresh_from_db()
        self.assertEqual(self.torch.draft["summary"], "A summary by Eve.")

    def test_two_pages_of_one_draft_are_in_nobodys_way(self):
        stage_path = f"{self.path}stages/1/"
        whole, stage = self.sheet(self.ada), self.sheet(self.cleo, stage_path, "stage")

        self.as_(self.cleo).post(stage_path, stage | {"title": "By Eve"})
        self.as_(self.ada).post(self.path, whole | {"title": "By Ada"})

        self.torch.refresh_from_db()
        self.assertEqual((self.torch.draft["title"], self.torch.draft["stages"][0]["title"]), ("By Ada", "By Eve"))

    def test_saves_by_itself_and_answers_with_the_next_version(self):
        browser, form = self.as_(self.ada), self.sheet(self.ada)

        first = browser.post(self.path, form | {"title": "One"}, headers={"X-Autosave": "1"}).json()
        second = browser.post(
            self.path, form | {"title": "Two", "version": first["version"]}, headers={"X-Autosave": "1"}
        )  # fmt: skip
        stale = browser.post(self.path, form | {"title": "Three"}, headers={"X-Autosave": "1"})
        bad = browser.post(
            self.path, form | {"title": "x" * 201, "version": second.json()["version"]}, headers={"X-Autosave": "1"}
        )  # fmt: skip

        self.assertEqual(set(first), {"saved_at", "version"})
        self.assertEqual([r.status_code for r in (second, stale, bad)], [200, 412, 400])
        self.torch.refresh_from_db()
        self.assertEqual(self.torch.draft["title"], "Two")


class PermissionTests(PlatformTestCase):
    def test_writing_pages_are_for_those_who_may_edit(self):
        self.draft(slug="torch")
        for slug, statuses in {"torch": [403, 404, 404], "lamp": [403, 403, 403]}.items():
            for page in ("edit/", "edit/stages/1/", "publish/"):
                path = f"/releases/invented-lab/{slug}/{page}"
                for send in ("get", "post"):
                    found = [getattr(self.as_(p), send)(path).status_code for p in (self.bo, self.eve, self.mo)]
                    self.assertEqual(found, statuses, path)
            self.assertEqual(
                self.as_(self.bo).post(f"/releases/invented-lab/{slug}/edit/card/", {"text": "# x"}).status_code, 403
            )

    def test_somebody_signed_out_is_led_through_signing_in(self):
        for page in ("edit/", "edit/stages/1/", "publish/"):
            self.assertIn("/accounts/login/", self.as_().get(LAMP + page)["Location"])

    def test_a_lab_cannot_edit_what_others_curate_about_it(self):
        entry = begin_entry(self.lab, "seen", by=self.mo, content=CONTENT, origin="third_party")
        publish(entry, by=self.mo)

        self.assertEqual(self.as_(self.ada).get("/releases/invented-lab/seen/edit/").status_code, 403)
        self.assertEqual(self.as_(self.mo).get("/releases/invented-lab/seen/edit/").status_code, 200)


class PointerTests(PlatformTestCase):
    def test_every_problem_leads_to_a_field_that_is_there(self):
        entry = self.draft("wrong")
        wrong = {
            "artefact": {"kind": "model", "variants": [{"name": "1B"}, {"name": "1B"}]},
            "stages": [{"date": "2024-05", "date_precision": "day", "components": [{"component": "paper"}] * 2}],
            "events": [{"date": "2024", "date_precision": "day", "variant": "9B"}],
            "sources": [{"key": "a"}],
        }
        save_draft(entry, CONTENT | wrong, by=self.ada, unfinished=True)
        pointers = [p.pointer for p in validate(normalise(entry.draft))]
        pointers += ["/title", "/artefact/kind", "/stages", "/model_card", "/sources/0/url", "/rationale"]
        browser = self.as_(self.ada)

        for pointer in pointers:
            page, _, place = address(entry, pointer).partition("#")
            self.assertContains(browser.get(page), f'id="{place}"', msg_prefix=pointer)

    def test_problems_name_places_in_words(self):
        details = " ".join(
            p.detail
            for p in validate(normalise(CONTENT | {"artefact": {"kind": "model", "variants": [{"name": "1B"}] * 2}}))
        )

        self.assertIn("“1B” stands already: Variant 1, name.", details)
        self.assertNotIn("/", details)


class CardTests(PlatformTestCase):
    CARD = "# Torch\n\nTorch is a language model with 7B parameters for English text.\n\n## License\n\nMIT\n"

    def test_is_uploaded_or_pasted_and_shown_letter_by_letter(self):
        browser = self.as_(self.ada)
        for body in ({"file": SimpleUploadedFile("torch.md", self.CARD.encode())}, {"text": self.CARD}):
            self.draft(slug=f"torch-{len(body['text']) if 'text' in body else 'file'}")
            path = f"/releases/invented-lab/{Entry.objects.latest('pk').slug}/"
            browser.post(f"{path}edit/card/", body)

            self.assertContains(browser.get(f"{path}card/"), "Torch is a language model")
            self.assertEqual(self.as_(self.eve).get(f"{path}card/").status_code, 404)

    def test_is_put_with_the_form_above_it_so_that_nothing_typed_there_is_lost(self):
        browser = self.as_(self.ada)
        page = browser.get(f"{LAMP}edit/").content.decode()
        self.assertRegex(page, r'<textarea name="text" form="entry"')
        self.assertRegex(page, r'<input type="file" name="file" form="entry"')
        typed = fields_of(page, "entry") | {"summary": "Typed above the card."}

        done = browser.post(f"{LAMP}edit/", typed | {"text": self.CARD, "card": "put"})
        self.assertEqual(done["Location"], f"{LAMP}edit/#model-card")
        self.entry.refresh_from_db()
        self.assertEqual((self.entry.draft["summary"], self.entry.card.name), ("Typed above the card.", "card.md"))

        typed = fields_of(browser.get(f"{LAMP}edit/").content.decode(), "entry") | {"summary": "Typed again."}
        refused = browser.post(f"{LAMP}edit/", typed | {"card": "put", "text": " "})
        self.assertContains(refused, "What you typed into the draft is saved.")
        typed = fields_of(browser.get(f"{LAMP}edit/").content.decode(), "entry")
        browser.post(f"{LAMP}edit/", typed | {"card": "remove"})
        self.entry.refresh_from_db()
        self.assertEqual((self.entry.draft["summary"], self.entry.card), ("Typed again.", None))

    def test_what_is_no_card_is_refused_and_the_text_kept(self):
        browser = self.as_(self.ada)

        self.assertContains(browser.post(f"{LAMP}edit/card/", {"text": "  "}), "Choose a file or paste")
        huge = browser.post(f"{LAMP}edit/card/", {"text": "# A\n" + "x" * (2**21)})
        self.assertContains(huge, "larger than the 2 MB")
        self.assertContains(huge, "x" * 1000)

    def test_the_draft_is_filled_with_what_is_ticked_and_nothing_else(self):
        browser, entry = self.as_(self.ada), self.draft(slug="torch", title="", summary="Ours.")
        attach_card(entry, self.file(self.CARD), by=self.ada)
        path = "/releases/invented-lab/torch/prefill/"
        page = browser.get(path).content.decode()
        self.assertIn('value="title" checked', page)
        self.assertNotIn('value="summary" checked', page)

        browser.post(path, {"version": fields_of(page)["version"], "take": ["title", "licence"]})

        entry.refresh_from_db()
        self.assertEqual((entry.draft["title"], entry.draft["summary"]), ("Torch", "Ours."))
        self.assertEqual(entry.draft["stages"][0]["components"][0]["licence"], "MIT")

    def test_filling_in_is_for_those_who_may_edit_and_needs_a_card(self):
        path = f"{LAMP}prefill/"

        self.assertEqual(self.as_(self.ada).get(path).status_code, 404)
        attach_card(self.entry, self.file(self.CARD), by=self.ada)
        self.assertEqual([self.as_(p).get(path).status_code for p in (self.bo, self.eve)], [403, 403])

    def test_filling_in_tells_when_somebody_was_faster(self):
        attach_card(self.entry, self.file(self.CARD), by=self.ada)

        page = self.as_(self.ada).post(f"{LAMP}prefill/", {"version": "1", "take": ["title"]})

        self.assertContains(page, "saved this draft while you were writing")
