"""Each kind of real decision, registered by a third party through the form and through the API, comes out the same."""

import re

from django.test import SimpleTestCase

from registry.releases.checking import validate
from registry.releases.content import normalise
from registry.releases.forms import EntrySheet, StageSheet
from registry.releases.models import Entry
from registry.releases.summary import summarise
from tests.people import PlatformTestCase
from tests.registry.releases import cases
from tests.registry.releases.test_forms import data_of

SAID = {
    "withheld_decoder": ["closed", "The decoding script makes it easy"],
    "paused_demo": ["Demo paused", "Paused, because:"],
    "filtered_small_model": ["GLIDE filtered", "Withheld"],
    "leak": ["against the lab’s decision", "leak"],
    "licence_after_twelve_days": ["All rights reserved → CreativeML OpenRAIL-M"],
    "renamed_sizes": ["Called 117M until 20 August 2019", "was corrected to “124M”", "250000 texts"],
    "dataset_taken_down_and_released_again": ["A study found links", "withdrawn"],
    "promise_never_kept": ["overdue", "not kept and not called off"],
}
WORDS = {
    "withheld_decoder": "partial", "paused_demo": "partial", "filtered_small_model": "withheld", "leak": "gated",
    "licence_after_twelve_days": "staged", "renamed_sizes": "staged",
    "dataset_taken_down_and_released_again": "staged", "promise_never_kept": "staged",
}  # fmt: skip


class CaseTests(PlatformTestCase):
    def test_the_api_takes_and_gives_back_each_case(self):
        script = self.api(self.mo)
        for make in cases.ALL:
            with self.subTest(case=make.__name__):
                slug = make.__name__.replace("_", "-")
                body = {"lab": "invented-lab", "slug": slug, "origin": "third_party", **make()}

                begun = script.post("/api/v1/releases", body, format="json")
                self.assertEqual(begun.status_code, 201, begun.content[:500])
                done = script.post(f"/api/v1/releases/invented-lab/{slug}/publication", {}, format="json")
                self.assertEqual(done.status_code, 201, done.content[:500])

                content = done.json()["content"]
                self.assertEqual(content, normalise(make()))
                self.assertEqual(validate(content), [])
                shown = self.api().get(f"/api/v1/releases/invented-lab/{slug}").json()
                self.assertEqual({name: shown[name] for name in content if name != "title"},
                                 {name: value for name, value in content.items() if name != "title"})  # fmt: skip
                page = self.as_().get(f"/releases/invented-lab/{slug}/").content.decode()
                for said in [*SAID[make.__name__], "curated by third parties"]:
                    self.assertIn(said, page)

    def test_the_form_makes_the_same_content_of_each_case(self):
        browser = self.as_(self.mo)
        for make in cases.ALL:
            with self.subTest(case=make.__name__):
                slug = make.__name__.replace("_", "-")
                content = normalise(make())
                self.type_in(browser, slug, content)

                done = browser.post(f"/releases/invented-lab/{slug}/publish/", {"version": self.version(slug)})
                self.assertEqual(done.status_code, 302, done.content[-2000:])

                entry = Entry.objects.select_related("current").get(slug=slug)
                self.assertEqual(entry.current.content, content)
                self.assertEqual(entry.is_curated, True)

    def type_in(self, browser, slug, content):
        """Begin, fill in the sheet, then one page for each stage."""
        new = {"lab": "invented-lab", "title": content["title"], "slug": slug, "kind": content["artefact"]["kind"]}
        self.assertEqual(browser.post("/releases/new/", new).status_code, 302)
        edit = f"/releases/invented-lab/{slug}/edit/"
        sheet = data_of(EntrySheet.of(content))
        for _ in content["stages"]:
            self.post(browser, edit, sheet | {"add": "stages"})
        for number, stage in enumerate(content["stages"], 1):
            self.post(browser, f"{edit}stages/{number}/", data_of(StageSheet.of(stage)))

    def post(self, browser, address, data):
        version = re.search(r'name="version" value="([^"]+)"', browser.get(address).content.decode())[1]
        answer = browser.post(address, data | {"version": version})
        self.assertEqual(answer.status_code, 302, answer.content.decode()[-3000:])

    def version(self, slug):
        return Entry.objects.get(slug=slug).draft_version


class WordTests(SimpleTestCase):
    def test_each_case_has_its_word_and_says_why(self):
        for make in cases.ALL:
            with self.subTest(case=make.__name__):
                summary = summarise(normalise(make()))

                self.assertEqual(str(summary.label), WORDS[make.__name__], summary.sentence)
                self.assertTrue(summary.because[0].startswith(f"{summary.label.label}, because "), summary.because[0])
