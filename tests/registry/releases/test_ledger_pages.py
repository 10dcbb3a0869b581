"""The ledger on its page and over the API, old names in search, and new fields on the sheets."""

from registry.releases.actions import begin_entry, publish
from registry.releases.content import normalise
from registry.releases.forms import EntrySheet, StageSheet
from registry.releases.pointers import address, in_words
from tests.people import CONTENT, PlatformTestCase
from tests.registry.releases import cases
from tests.registry.releases.test_forms import data_of

GPT2 = "/releases/invented-lab/gpt-2/"


class LedgerPageTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        made = {"gpt-2": cases.renamed_sizes, "llama": cases.leak, "sd": cases.licence_after_twelve_days}
        for slug, make in made.items():
            entry = begin_entry(cls.lab, slug, by=cls.mo, content=make(), origin="third_party")
            publish(entry, by=cls.mo)

    def test_shows_any_day(self):
        browser = self.as_()
        before = browser.get(f"{GPT2}ledger/?on=2019-11-04")
        after = browser.get(f"{GPT2}ledger/?on=2019-11-05")

        self.assertContains(before, "How it stood on 4 November 2019.")
        self.assertEqual(before.context["ledger"]["audiences"], ["The lab itself", "Public"])
        self.assertEqual(after.context["ledger"]["audiences"], ["Public"])
        self.assertContains(browser.get(f"{GPT2}ledger/?on=2019-02-30"), "February 2019 has no day 30.")
        self.assertContains(browser.get(f"{GPT2}ledger/?on=1990"), "Nothing is stated of that day.")

    def test_is_given_as_json(self):
        script, where = self.api(), "/api/v1/releases/invented-lab/sd/ledger"
        cells = [c for c in script.get(where).json()["cells"] if c["component"] == "weights_final"]
        on_day = script.get(f"{where}?on=2022-08-21").json()

        told = ("audience", "gate", "licence", "since", "until", "stage", "ended_by")
        self.assertEqual(
            [tuple(cell[name] for name in told) for cell in cells],
            [
                ("verified_researchers", "application_manual", "custom", "2022-08-10", "2022-08-22", 1, 2),
                ("public", "clickthrough", "CreativeML-OpenRAIL-M", "2022-08-22", "", 2, None),
            ],
        )
        self.assertEqual([c["terms_url"] for c in on_day["cells"]], ["https://example.org/terms"])
        self.assertEqual(script.get(f"{where}?on=yesterday").status_code, 400)
        self.assertEqual(script.get(f"{where}?of=x").status_code, 400)

    def test_a_leak_is_no_decision(self):
        found = self.api().get("/api/v1/releases/invented-lab/llama/ledger").json()

        self.assertEqual(found["word"], "gated")
        self.assertEqual([c["audience"] for c in found["cells"] if c["basis"] == "unauthorised"], ["public"])

    def test_of_a_draft_is_seen_by_those_who_see_the_draft(self):
        self.draft("hidden", title="Hidden")
        for address_of in ("/releases/invented-lab/hidden/ledger/", "/api/v1/releases/invented-lab/hidden/ledger"):
            self.assertEqual(self.as_(self.eve).get(address_of).status_code, 404)
            self.assertEqual(self.as_(self.bo).get(address_of).status_code, 200)

    def test_old_names_and_corrections_are_found_by_search(self):
        for words in ("117M", "1542M", "1558M"):
            self.assertContains(self.as_().get("/search/", {"q": words}), "GPT-2")


class SheetTests(PlatformTestCase):
    def test_each_case_comes_back_untouched(self):
        for make in cases.ALL:
            content = normalise(make())
            sheet = EntrySheet(data_of(EntrySheet.of(content, add="samples")))

            self.assertTrue(sheet.is_valid())
            self.assertEqual(normalise(sheet.written_into(content)), content)

    def test_a_planned_stage_without_a_key_gets_one_from_its_title(self):
        sheet = StageSheet(data_of(StageSheet.of({"status": "planned", "title": "All of it!", "components": []}
                                                 | {name: "" for name in ("date", "basis", "condition", "rationale",
                                                                          "sources")})))  # fmt: skip
        self.assertTrue(sheet.is_valid())

        self.assertEqual(sheet.written_as_stage()["key"], "all-of-it")

    def test_problems_of_what_lies_deeper_stand_at_their_field(self):
        content = normalise(CONTENT | {"samples": [{"raw_dump": {"url": "nonsense"}}]})
        sheet = EntrySheet.of(content)

        left = sheet.show([("/samples/0/raw_dump/url", "No."), ("/artefact/former/0/until", "Not so.")])

        self.assertEqual((left, list(sheet.rows["samples"][0].errors)), ([], ["raw_dump_url"]))
        self.assertEqual(list(sheet.head.errors), ["former"])
        self.assertEqual(in_words("/licence_changes/1/old"), "Change of licence 2, before")
        self.assertTrue(address(self.entry, "/samples/0/raw_dump/url").endswith("#id_samples-0-raw_dump_url"))
        self.assertTrue(address(self.entry, "/stages/0/keeps/0").endswith("edit/stages/1/#id_keeps"))

    def test_a_contradiction_is_kept_in_the_draft_and_refused_at_publishing(self):
        stages = [CONTENT["stages"][0] | {"announced": "2024-06-01"}]
        entry = self.draft("odd", stages=CONTENT["stages"])
        edit = self.as_(self.ada)
        page = edit.get(f"/releases/invented-lab/{entry.slug}/edit/stages/1/").content.decode()
        version = page.split('name="version" value="')[1].split('"')[0]
        data = data_of(StageSheet.of(normalise({"stages": stages})["stages"][0])) | {"version": version}

        saved = edit.post(f"/releases/invented-lab/{entry.slug}/edit/stages/1/", data)
        shown = edit.get(f"/releases/invented-lab/{entry.slug}/publish/")

        self.assertEqual(saved.status_code, 302)
        self.assertContains(shown, "took effect on 1 May 2024, but it was announced later, on 1 June 2024.")
