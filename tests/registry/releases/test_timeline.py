import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from registry.releases.schema import EMPTY
from registry.releases.timeline import timeline_keys, timeline_svg, timeline_table
from tests.registry.releases import contents
from tests.registry.releases.contents import CLOSED, OPEN, entry, part, stage

TODAY = date(2026, 6, 30)


def drawn(content, today=TODAY, narrow=False):
    return ElementTree.fromstring(timeline_svg(content, today, narrow))  # noqa: S314


def with_class(root, name):
    return [element for element in root.iter() if name in element.get("class", "").split()]


def words(root, name):
    return [element.text or element[-1].tail for element in with_class(root, name) if element.tag == "text"]


def labels(root):
    return ["".join(element.itertext()).removeprefix(element[0].text if len(element) else "")
            for element in with_class(root, "tl-label")]


def bars(root):
    return [bar[0].text for bar in with_class(root, "tl-bar")]


def place(element, name="x"):
    return float(element.get(name).rstrip("%"))


class TestPicture:
    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize("make", [*contents.ALL, lambda: EMPTY], ids=lambda make: make.__name__)
    def test_is_well_formed_named_and_without_inline_style(self, make, narrow):
        root = drawn(make(), narrow=narrow)

        assert root.get("role") == "img"
        named = {root.get("aria-labelledby"), root.get("aria-describedby")}
        assert named == {root[0].get("id"), root[1].get("id")}
        assert [root[0].tag, root[1].tag] == ["title", "desc"]
        assert not any(element.get("style") for element in root.iter())

    def test_has_ids_that_stay_unique_when_both_drawings_stand_on_one_page(self):
        both = timeline_svg(contents.gpt2(), TODAY) + timeline_svg(contents.gpt2(), TODAY, narrow=True)

        ids = re.findall(r'\bid="([^"]+)"', both)
        assert len(ids) == len(set(ids)) == 8

    def test_puts_the_largest_weights_first_and_joins_what_shares_a_history(self):
        assert labels(drawn(contents.gpt2())) == [
            "1.5B", "774M", "355M", "124M", "Training code and", "training data", "Inference code, samples",
            "and paper", "Data sample", "Technical report and", "detector", "Model card", "Events",
        ]

    def test_draws_each_level_from_day_to_day(self):
        assert bars(drawn(contents.gpt2()))[:2] == [
            "Weights of 1.5B: closed from 14 February 2019 to 5 November 2019.",
            "Weights of 1.5B: open from 5 November 2019 on.",
        ]

    def test_places_days_exactly(self):
        closed, opened = with_class(drawn(contents.gpt2()), "tl-bar")[:2]

        # 323 days to the last event and 64 after it: 264 of 387 days were spent closed.
        assert place(closed) == 0
        assert place(opened) == place(closed, "width") == round(264 * 100 / 387, 2)
        assert place(opened) + place(opened, "width") == pytest.approx(100, abs=0.02)

    def test_marks_events_on_their_rows_and_in_a_row_of_their_own(self):
        root = drawn(contents.gpt2())

        assert words(root, "tl-event") == ["replicated", "corrected", "licence changed"]

    def test_marks_a_leak(self):
        assert words(drawn(contents.llama()), "tl-event")[-1] == "leaked"

    def test_writes_on_a_bar_what_restricts_it(self):
        assert words(drawn(contents.alphafold3()), "tl-word") == [
            "application, non-commercial", "non-commercial", "queries only, non-commercial",
        ]

    def test_dashes_what_is_planned_and_shows_today(self):
        content = entry("X", [
            stage("2026-01-01", part("weights_final", CLOSED)),
            stage("2027-01-01", part("weights_final", OPEN), status="planned"),
        ])
        root = drawn(content)

        assert bars(root) == ["Weights: closed from 1 January 2026 on.", "Weights: open, planned for 1 January 2027."]
        closed, planned = with_class(root, "tl-bar")
        assert "tl-planned" in planned.get("class")
        assert place(closed, "width") < place(planned)
        assert len(with_class(root, "tl-now")) == 1

    def test_outlines_what_was_not_stated_yet_and_never_draws_it_as_closed(self):
        root = drawn(contents.opt())

        assert [bar[0].text for bar in with_class(root, "tl-unstated")] == ["Weights of 66B: not stated."]
        assert with_class(root, "tl-closed") == []

    def test_lists_beneath_what_has_no_place_on_the_axis(self):
        content = entry("X", [
            stage("2020", part("paper", OPEN)), stage("", part("training_code", OPEN), title="Code"),
            stage("", part("training_data", OPEN), title="Data", status="planned", condition="After an audit."),
            stage("2021", part("demo", OPEN), title="Demo", status="planned"),
        ])

        assert words(drawn(content), "tl-tick")[-3:] == [
            "Date unknown: Code.", "Planned without a date: Data; condition: After an audit.",
            "Planned for 2021 and not marked as done: Demo.",
        ]

    def test_escapes_what_people_wrote(self):
        bad = '<script>alert("x")</script>&'
        content = entry("X", [stage("2020", part("weights_final", OPEN, bad[:30]), title=bad)], [bad[:30]], events=[
            {"date": "2020-02-01", "kind": "leak", "text": bad},
        ])

        svg = timeline_svg(content, TODAY)
        assert "<script" not in svg
        assert ElementTree.fromstring(svg).tag == "svg"  # noqa: S314


class TestAxis:
    @pytest.mark.parametrize("days", [0, 1, 3, 10, 40, 100, 400, 1_000, 2_600, 20_000])
    @pytest.mark.parametrize("narrow", [False, True])
    def test_has_a_few_labels_at_every_span(self, days, narrow):
        first = date(1960, 2, 14)
        content = entry("X", [
            stage(first.isoformat(), part("paper", CLOSED)),
            stage((first + timedelta(days=days)).isoformat(), part("paper", OPEN)),
        ])

        shown = words(drawn(content, narrow=narrow), "tl-tick")
        assert shown[0] == "14 Feb 1960"
        assert 2 <= len(shown) <= (6 if narrow else 11)

    def test_says_no_more_of_a_date_than_is_known(self):
        assert words(drawn(contents.voicebox()), "tl-tick")[0] == "June 2023"

    def test_counts_in_years_over_seven_years(self):
        content = entry("X", [stage("2015-03-01", part("paper", CLOSED)), stage("2022-03-01", part("paper", OPEN))])

        assert words(drawn(content), "tl-tick") == [
            "1 Mar 2015", "2017", "2018", "2019", "2020", "2021", "2022", "2023",
        ]


class TestTable:
    def test_tells_the_same_as_text(self):
        facts = timeline_table(contents.alphafold3(), TODAY)

        assert [(fact.when, fact.what, fact.change) for fact in facts] == [
            ("8 May 2024", "Paper", "Downloadable"),
            ("8 May 2024", "Weights and Inference code", "Fully closed"),
            ("8 May 2024", "Demo", "Hosted (queries only; anyone, not for commerce)"),
            (
                "11 November 2024", "Inference code",
                "Fully closed → downloadable (anyone, not for commerce; licence CC-BY-NC-SA-4.0)",
            ),
            (
                "11 November 2024", "Weights",
                "Fully closed → downloadable (application, decided by a person; anyone, not for commerce)",
            ),
            ("9 June 2026", "Inference code", "Downloadable (licence Apache-2.0)"),
            ("9 June 2026", "The entry", "Licence change"),
        ]

    def test_says_that_access_stopped_and_what_leaked(self):
        stopped = timeline_table(contents.galactica(), TODAY)[-1]
        leaked = timeline_table(contents.llama(), TODAY)[-1]

        assert (stopped.what, stopped.change, stopped.note) == ("Demo", "Paused: access stopped", "Demo paused")
        assert (leaked.kind, leaked.what, leaked.change) == ("leak", "Weights", "Downloadable")

    def test_carries_the_sources_of_each_fact(self):
        assert timeline_table(contents.gpt2(), TODAY)[0].sources == ["post"]


class TestKeys:
    def test_name_only_the_levels_that_are_drawn(self):
        assert [level for level, _ in timeline_keys(contents.gpt2(), TODAY)] == ["open", "closed", "unstated"]
        assert [level for level, _ in timeline_keys(contents.llama(), TODAY)] == ["open", "restricted"]
