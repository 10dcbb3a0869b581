"""The pages of entries, for readers and for those who write: without script, with a plain browser."""

import re
import uuid

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from registry.core.canonical import canonical_json
from registry.releases.actions import attach_card, publish, save_draft
from registry.releases.models import Entry
from tests.people import CONTENT, PlatformTestCase
from tests.registry.releases.contents import gpt2

LAMP = "/releases/invented-lab/lamp/"


def fields_of(html, form_id=""):
    """What a browser would post of a form: names and values of its inputs, selects and text areas."""
    html = re.sub(r"<template>.*?</template>", "", html, flags=re.S)
    start = html.index(f'id="{form_id}"') if form_id else html.index('method="post"', html.index("<main"))
    html = html[start : html.index("</form>", start)]
    found = {}
    for tag, attributes, inner in re.findall(r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<input|<textarea|<select|$)", html, re.S):
        name = re.search(r'name="([^"]*)"', attributes)
        if not name or 'type="checkbox"' in attributes and "checked" not in attributes:
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        if tag == "textarea":
            text = inner.split("</textarea>")[0].removeprefix("\n")
        elif tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inner.split("</select>")[0])
            first = re.search(r'<option value="([^"]*)"', inner)
            text = (chosen or first)[1]
        else:
            text = value[1] if value else ""
        found[name[1]] = _plain(text)
    return found


def _plain(text):
    from html import unescape

    return unescape(text)


class EntryPageTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        content = gpt2() | {"stages": gpt2()["stages"]}
        from registry.releases.actions import begin_entry

        cls.curated = begin_entry(cls.lab, "gpt-2", by=cls.mo, content=content, origin="third_party")
        publish(cls.curated, by=cls.mo)

    def test_the_first_screen_says_what_why_since_when_and_by_whom(self):
        page = self.as_().get("/releases/invented-lab/gpt-2/").content.decode()
        head = page[page.index('class="head"') : page.index("</header>", page.index('class="head"'))]

        for said in ("GPT-2", "curated by third parties", "1 source", "Staged: the largest weights were withheld for 264 days",
                     "As the sources tell it.", "revision 1", "history", "cite", "feed", "JSON"):  # fmt: skip
            self.assertIn(said, head)

    def test_the_timeline_is_a_picture_with_a_table_as_its_text(self):
        page = self.as_().get("/releases/invented-lab/gpt-2/").content.decode()

        self.assertEqual(page.count('<svg class="timeline'), 2)
        table = page[page.index("The same as a table") :]
        for said in ("14 February 2019", "5 November 2019", "22 August 2019", "Replication"):
            self.assertIn(said, table)

    def test_marks_what_has_no_source_on_curated_entries_only(self):
        self.assertContains(self.as_().get("/releases/invented-lab/gpt-2/"), 'class="unsourced"')
        self.assertNotContains(self.as_().get(LAMP), 'class="unsourced"')

    def test_tells_machines_the_same(self):
        page = self.as_().get(LAMP).content.decode()

        for said in ('rel="canonical"', "/api/v1/releases/invented-lab/lamp", f"{LAMP}feed/", 'property="og:title"',
                     '"@context": "https://schema.org"', "@misc{daylight-invented-lab-lamp-r1"):  # fmt: skip
            self.assertIn(said, page)

    def test_no_text_breaks_out_of_the_page(self):
        evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
        fields = {
            "title": evil, "summary": evil, "rationale": evil, "links": [{"title": evil, "url": "https://example.org/"}],
            "concerns": [{"concern": evil, "mitigation": evil}], "alternatives": [{"alternative": evil, "why_not": evil}],
            "sources": [{"key": "a", "title": evil, "note": evil}], "events": [{"date": "2024", "text": evil, "kind": "leak"}],
        }  # fmt: skip
        entry = self.draft(slug="evil", **fields)
        publish(entry, by=self.ada)
        save_draft(entry, CONTENT | fields | {"summary": evil + evil}, by=self.ada)
        publish(entry, by=self.ada, justification=evil)

        base = "/releases/invented-lab/evil/"
        for path in (base, f"{base}r/2/", f"{base}history/", f"{base}diff/1..2/", f"{base}badge.svg", "/releases/", "/",
                     f"{base}edit/", f"{base}publish/", f"{base}feed/", "/releases/feed/"):  # fmt: skip
            page = self.as_(self.ada).get(path)
            self.assertEqual(page.status_code, 200, path)
            self.assertNotIn("<script>alert", page.content.decode(), path)
            self.assertNotIn("<img src=x", page.content.decode(), path)

    def test_costs_a_few_queries_however_much_it_says(self):
        with self.assertNumQueries(queries_of(self, LAMP)):
            self.as_().get("/releases/invented-lab/gpt-2/")
        self.assertLessEqual(queries_of(self, LAMP), 9)

    def test_a_draft_is_seen_by_the_lab_alone(self):
        self.draft()
        path = "/releases/invented-lab/draft/"

        self.assertContains(self.as_(self.bo).get(path), "Only members of Invented Lab can see it.")
        for person in (None, self.eve, self.mo):
            for more in ("", "history/", "r/1/", "diff/1..1/", "card/", "badge.svg", "feed/"):
                self.assertEqual(self.as_(person).get(path + more).status_code, 404, more)
        for page in ("/", "/releases/", "/releases/feed/"):
            self.assertNotContains(self.as_(self.eve).get(page), "/draft/")

    def test_what_is_not_there_is_not_found(self):
        for path in ("nobody/lamp/", "invented-lab/nothing/", "invented-lab/lamp/r/2/", "invented-lab/lamp/r/0/",
                     f"invented-lab/lamp/r/{9**40}/", "invented-lab/lamp/diff/1..2/", "invented-lab/lamp/diff/?before=x&after=1",
                     "invented-lab/lamp/card/", "?after=zz"):  # fmt: skip
            self.assertEqual(self.as_().get(f"/releases/{path}").status_code, 404, path)


def queries_of(case, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        case.as_().get(path)
    return len(queries)


class ListTests(PlatformTestCase):
    def test_costs_one_query_for_one_row_and_for_many(self):
        with self.assertNumQueries(1):
            self.as_().get("/releases/")
        for number in range(6):
            publish(self.draft(slug=f"lamp-{number}", title=f"Lamp {number}"), by=self.ada)
        with self.assertNumQueries(1):
            self.assertContains(self.as_().get("/releases/"), "Lamp 5")

    def test_reads_newest_decision_first_page_by_page(self):
        for number in range(35):
            stages = [CONTENT["stages"][0] | {"date": f"2020-01-{number % 28 + 1:02d}"}]
            publish(self.draft(slug=f"lamp-{number}", title=f"Lamp no. {number:02d}", stages=stages), by=self.ada)

        first = self.as_().get("/releases/").content.decode()
        older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        second = self.as_().get(f"/releases/{older}").content.decode()

        slugs = re.findall(r'<h2><a href="/releases/invented-lab/([^/]+)/">', first + second)
        self.assertEqual(slugs[0], "lamp")
        self.assertEqual((len(slugs), len(set(slugs))), (36, 36))

    def test_is_narrowed_by_word_and_kind(self):
        self.assertContains(self.as_().get("/releases/?kind=model"), LAMP)
        self.assertNotContains(self.as_().get("/releases/?kind=dataset"), LAMP)
        self.assertContains(self.as_().get("/releases/?word=odd"), "No decision fits these filters.")

    def test_the_front_page_says_what_this_is_and_lists_decisions(self):
        page = self.as_().get("/")

        self.assertContains(page, "public register of those decisions")
        self.assertContains(page, LAMP)

    def test_feeds_are_atom_and_absolute(self):
        for path in ("/releases/feed/", f"{LAMP}feed/"):
            feed = self.as_().get(path)
            self.assertContains(feed, f"{settings.BASE_URL}/releases/invented-lab/lamp/r/1/")
            self.assertTrue(feed["Content-Type"].startswith("application/atom+xml"))


class RevisionPageTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        changed = CONTENT | {"summary": "A small invented model, released in two steps."}
        save_draft(cls.entry, changed, by=cls.ada)
        publish(cls.entry, by=cls.ada, justification="It was two steps.")

    def test_stays_what_it_was_and_leads_to_the_current_one(self):
        page = self.as_().get(f"{LAMP}r/1/")

        for said in ("released in one step", self.entry.revisions.get(number=1).digest, "the current one is", f"{LAMP}diff/1..2/"):
            self.assertContains(page, said)

    def test_its_canonical_json_can_be_downloaded(self):
        response = self.as_().get(f"{LAMP}r/1/content.json")

        self.assertEqual(response.content, canonical_json(self.entry.revisions.get(number=1).content))
        self.assertIn("attachment", response["Content-Disposition"])

    def test_the_difference_reads_as_mark_up_both_ways(self):
        self.assertContains(self.as_().get(f"{LAMP}diff/1..2/"), "<del>one step</del><ins>two steps</ins>")
        self.assertContains(self.as_().get(f"{LAMP}diff/2..1/"), "<del>two steps</del><ins>one step</ins>")
        self.assertContains(self.as_().get(f"{LAMP}diff/2..2/"), "The two say the same.")

    def test_the_history_gives_each_reason_and_compares_any_two(self):
        page = self.as_().get(f"{LAMP}history/")

        self.assertContains(page, "It was two steps.")
        response = self.as_().get(f"{LAMP}diff/?before=1&after=2")
        self.assertRedirects(response, f"{LAMP}diff/1..2/")


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
            "date": "2024-06", "components-0-component": "weights_final", "components-0-mode": "downloadable",
            "components-0-gate": "none", "components-0-audience": "public", "components-0-variant": "7B", "sources": "post",
        }  # fmt: skip
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

        response = browser.post("/releases/new/", {"lab": "invented-lab", "title": "My <Lamp>", "slug": "lamp", "kind": "code", "once": "a"})

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
        page = browser.post(f"{LAMP}publish/", {"once": "x", "justification": " "})
        self.assertContains(page, "This field is required.")
        long = browser.post(f"{LAMP}publish/", {"once": "y", "justification": "x" * 2001})
        self.assertContains(long, "x" * 2001)
        self.assertEqual(self.entry.revisions.count(), 1)

    def test_the_last_step_lists_what_is_missing_with_the_way_there(self):
        self.draft(slug="torch", title="", stages=[{"date": "2024", "components": [{"variant": "1B"}]}])

        page = self.as_(self.ada).get("/releases/invented-lab/torch/publish/")

        self.assertContains(page, "/releases/invented-lab/torch/edit/#id_title")
        self.assertContains(page, "/releases/invented-lab/torch/edit/stages/1/#id_components-0-component")
        self.assertNotContains(page, "visible to everyone")

    def test_half_a_date_is_kept_and_said_at_its_field(self):
        entry = self.draft(slug="torch")
        browser, path = self.as_(self.ada), "/releases/invented-lab/torch/edit/stages/1/"
        for text, said in {"2019-0": "Write the date as", "0000": "There is no year 0", "9999": "The year 9999 is no date"}.items():
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
        self.assertContains(page, "<del>Ada</del><ins>Eve</ins>", status_code=409)
        self.torch.refresh_from_db()
        self.assertEqual(self.torch.draft["summary"], "A summary by Ada.")

        self.as_(self.cleo).post(self.path, fields_of(page.content.decode(), "entry"))
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
            self.assertEqual(self.as_(self.bo).post(f"/releases/invented-lab/{slug}/edit/card/", {"text": "# x"}).status_code, 403)

    def test_somebody_signed_out_is_led_through_signing_in(self):
        for page in ("edit/", "edit/stages/1/", "publish/"):
            self.assertIn("/accounts/login/", self.as_().get(LAMP + page)["Location"])

    def test_a_lab_cannot_edit_what_others_curate_about_it(self):
        from registry.releases.actions import begin_entry

        entry = begin_entry(self.lab, "seen", by=self.mo, content=CONTENT, origin="third_party")
        publish(entry, by=self.mo)

        self.assertEqual(self.as_(self.ada).get("/releases/invented-lab/seen/edit/").status_code, 403)
        self.assertEqual(self.as_(self.mo).get("/releases/invented-lab/seen/edit/").status_code, 200)


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
