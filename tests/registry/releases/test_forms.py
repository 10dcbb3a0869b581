"""The sheets of a draft: what is typed becomes content and comes back unchanged; nothing typed is lost."""

from django.test import SimpleTestCase

from registry.releases.checking import validate
from registry.releases.content import normalise
from registry.releases.forms import EntrySheet, StageSheet
from registry.releases.pointers import in_words
from tests.registry.releases.contents import gpt2


def data_of(sheet):
    """What a browser would post of a sheet as it stands."""
    posted = dict(sheet.head.data)
    for rows in sheet.rows.values():
        posted |= rows.data
    return posted


class EntrySheetTests(SimpleTestCase):
    def test_posting_it_back_untouched_changes_nothing(self):
        content = gpt2()
        sheet = EntrySheet(data_of(EntrySheet.of(content)))

        self.assertTrue(sheet.is_valid())
        self.assertEqual(normalise(sheet.written_into(content)), content)

    def test_drops_rows_that_are_blank_or_marked_for_removal(self):
        content = gpt2()
        posted = data_of(EntrySheet.of(content, add="links")) | {"variants-1-DELETE": "on", "events-0-DELETE": "on"}

        sheet = EntrySheet(posted)
        self.assertTrue(sheet.is_valid())
        written = sheet.written_into(content)

        self.assertEqual([v["name"] for v in written["artefact"]["variants"]], ["124M", "774M", "1.5B"])
        self.assertEqual(len(written["events"]), len(content["events"]) - 1)
        self.assertEqual(written["links"], [])

    def test_makes_keys_for_sources_that_have_none(self):
        posted = data_of(EntrySheet.of(gpt2())) | {
            "sources-TOTAL_FORMS": "4",
            "sources-1-title": "Better language models!",
            "sources-2-title": "Better language models!",
            "sources-3-url": "https://example.org/",
        }
        sheet = EntrySheet(posted)
        self.assertTrue(sheet.is_valid())

        keys = [source["key"] for source in sheet.written_into(gpt2())["sources"]]

        self.assertEqual(keys, ["post", "better-language-models", "better-language-models-3", "source-4"])

    def test_shows_each_problem_at_its_field_though_blank_rows_stand_between(self):
        posted = data_of(EntrySheet.of(gpt2())) | {
            "links-TOTAL_FORMS": "3",
            "links-2-url": "nonsense",
            "links-2-kind": "paper",
            "concerns-0-sources": "post, gone",
        }
        sheet = EntrySheet(posted)
        self.assertTrue(sheet.is_valid())
        problems = [(p.pointer, p.detail) for p in validate(normalise(sheet.written_into(gpt2())))]

        self.assertEqual(sheet.show(problems), [])

        self.assertEqual(list(sheet.rows["links"][2].errors), ["url"])
        self.assertEqual(list(sheet.rows["concerns"][0].errors), ["sources"])

    def test_hands_back_problems_of_other_pages(self):
        sheet = EntrySheet.of(gpt2())

        self.assertEqual(sheet.show([("/stages/1/date", "No.")]), [("/stages/1/date", "No.")])

    def test_refuses_what_no_browser_would_post(self):
        for bad in (
            {"kind": "ghost"},
            {"title": "a\0b"},
            {"links-TOTAL_FORMS": "x"},
            {"links-TOTAL_FORMS": "100000"},
        ):
            sheet = EntrySheet(data_of(EntrySheet.of(gpt2())) | bad)
            self.assertFalse(sheet.is_valid(), bad)


class StageSheetTests(SimpleTestCase):
    def test_posting_it_back_untouched_changes_nothing(self):
        content = gpt2()
        for number, stage in enumerate(content["stages"]):
            sheet = StageSheet(data_of(StageSheet.of(stage, add="components")))
            self.assertTrue(sheet.is_valid())
            again = content | {"stages": [*content["stages"]]}
            again["stages"][number] = sheet.written_as_stage()

            self.assertEqual(normalise(again), content)

    def test_the_precision_of_a_date_is_that_of_its_text(self):
        for text, precision in {"2019": "year", "2019-08": "month", "2019-08-20": "day", "": "unknown"}.items():
            sheet = StageSheet(data_of(StageSheet.of(gpt2()["stages"][0])) | {"date": text})
            self.assertTrue(sheet.is_valid())

            stage = normalise({"stages": [sheet.written_as_stage()]})["stages"][0]

            self.assertEqual((stage["date"], stage["date_precision"]), (text, precision))

    def test_does_not_take_stage_ten_for_stage_one(self):
        sheet = StageSheet.of(gpt2()["stages"][0])

        self.assertEqual(sheet.show([("/stages/10/date", "No.")], under="/stages/1"), [("/stages/10/date", "No.")])


class PointersTests(SimpleTestCase):
    def test_are_said_in_words(self):
        self.assertEqual(in_words("/stages/1/components/0/mode"), "Stage 2, component 1, mode")
        self.assertEqual(in_words("/artefact/variants/0/name"), "Variant 1, name")
        self.assertEqual(in_words("/title"), "Title")
        self.assertEqual(in_words(""), "The whole draft")
