import copy
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.releases.content import normalise
from registry.releases.diff import diff
from registry.releases.markup import word_segments
from registry.releases.schema import EMPTY
from tests.registry.releases import contents


def changed(edit, make=contents.gpt2):
    old = make()
    new = copy.deepcopy(old)
    edit(new)
    return diff(old, new)


def only(groups):
    assert len(groups) == 1
    assert len(groups[0].items) == 1
    return groups[0].items[0]


def texts(item):
    return [change.text for change in item.changes]


class TestDiff:
    @pytest.mark.parametrize("make", contents.ALL, ids=lambda make: make.__name__)
    def test_is_empty_where_nothing_changed(self, make):
        assert diff(make(), make()) == []

    def test_marks_up_prose_word_by_word(self):
        item = only(changed(lambda new: new.update(rationale="As the records tell it.")))

        assert item.changes[0].kind == "prose"
        assert [tuple(segment) for segment in item.changes[0].segments] == [
            ("same", "As the "), ("del", "sources"), ("ins", "records"), ("same", " tell it."),
        ]

    def test_writes_values_as_people_say_them(self):
        def open_the_code(new):
            new["stages"][0]["components"][7].update(contents.OPEN)

        stage = only(changed(open_the_code))

        assert stage.text == "Stage of 14 February 2019: Smallest model only changed."
        assert [(item.name, texts(item)) for item in stage.items] == [("Training code", [
            "Mode: fully closed → downloadable.", "Audience: the lab itself → public.",
        ])]

    def test_knows_a_stage_again_by_its_title_when_its_date_changes(self):
        def correct_the_date(new):
            new["stages"][2].update(date="2019-08-19")

        item = only(changed(correct_the_date))

        assert (item.op, texts(item)) == ("changed", ["Date: 20 August 2019 → 19 August 2019."])

    def test_tells_what_moved_without_calling_it_removed_and_added(self):
        item = only(changed(lambda new: new["stages"].insert(0, new["stages"].pop())))

        assert (item.op, item.pointer) == ("moved", "/stages/0")

    def test_tells_what_was_added_with_all_its_parts(self):
        def add_a_stage(new):
            new["stages"].append(contents.entry("", [
                contents.stage("2020-02", contents.part("training_log", contents.OPEN), title="Log published"),
            ])["stages"][0])

        item = only(changed(add_a_stage))

        assert item.text == "Stage of February 2020: Log published added."
        assert [inner.text for inner in item.items] == ["Training log added."]
        assert "Date: February 2020" in texts(item)

    def test_tells_what_was_removed(self):
        groups = changed(lambda new: new.update(events=new["events"][:2]))

        assert [(item.op, item.text) for item in groups[0].items] == [
            ("removed", "Licence change of 3 January 2020 removed."),
        ]

    def test_knows_a_renamed_variant_by_its_alias_and_does_not_repeat_it_everywhere(self):
        def rename(new):
            new["artefact"]["variants"][3] = {"name": "1558M", "aliases": ["1.5B", "1542M"], "note": ""}
            for stage in new["stages"]:
                for item in stage["components"]:
                    item["variant"] = "1558M" if item["variant"] == "1.5B" else item["variant"]
            new["events"][1]["variant"] = "1558M"

        item = only(changed(rename))

        assert item.text == "Variant 1.5B is now called 1558M."
        assert texts(item) == ["Name: 1.5B → 1558M.", "Aliases: removed 1558M; added 1.5B."]

    def test_tells_sources_by_their_key(self):
        item = only(changed(lambda new: new["sources"][0].update(url="https://example.org/")))

        assert texts(item) == ["Address: https://openai.com/index/post → https://example.org/."]

    def test_tells_citations_that_came_and_went(self):
        def cite_another(new):
            new["sources"].append({"key": "report", "title": "Report", "url": "", "note": ""})
            new["concerns"][0]["sources"] = ["report"]

        groups = changed(cite_another)

        assert [(group.section, group.items[0].text) for group in groups] == [
            ("concerns", "Concern “Deceptive text at scale.” changed."), ("sources", "Source “report” added."),
        ]
        assert texts(groups[0].items[0]) == ["Sources: removed post; added report."]

    def test_knows_a_reworded_concern_again(self):
        item = only(changed(lambda new: new["concerns"][0].update(concern="Deceptive text at very great scale.")))

        assert [tuple(segment) for segment in item.changes[0].segments] == [
            ("same", "Deceptive text at "), ("ins", "very great "), ("same", "scale."),
        ]

    def test_tells_a_new_model_card(self):
        card = {"name": "card.md", "sha256": "0" * 64, "size": 5}

        assert only(changed(lambda new: new.update(model_card=card))).text == "Model card “card.md” added."

    def test_bears_any_two_entries(self):
        for one in contents.ALL:
            for other in contents.ALL:
                assert bool(diff(one(), other())) == (one is not other)

    def test_tells_everything_of_a_first_revision(self):
        groups = diff(EMPTY, contents.gpt2())

        assert [group.section for group in groups] == [
            "entry", "artefact", "stages", "concerns", "events", "sources",
        ]


def either_text(segments):
    old = "".join(segment.text for segment in segments if segment.op != "ins")
    new = "".join(segment.text for segment in segments if segment.op != "del")
    return old, new


class TestWordSegments:
    @settings(max_examples=300, deadline=None)
    @given(st.text(alphabet="ab .\n", max_size=60), st.text(alphabet="ab .\n", max_size=60))
    def test_give_both_texts_again(self, old, new):
        assert either_text(word_segments(old, new)) == (old, new)

    def test_read_a_reworded_phrase_as_one(self):
        segments = word_segments("We fear quick abuse now.", "We fear slow decay now.")

        assert [tuple(segment) for segment in segments] == [
            ("same", "We fear "), ("del", "quick abuse"), ("ins", "slow decay"), ("same", " now."),
        ]

    @pytest.mark.parametrize("words", [
        [str(number) for number in range(300)], ["a", "b", "c"], [".", ","], ["x\n", "y\n"], ["same "],
    ], ids=["many", "few", "marks", "lines", "one"])
    def test_take_less_than_a_second_for_long_texts(self, words):
        chance = random.Random(7)
        old, new = (" ".join(chance.choices(words, k=20_000))[:20_000] for _ in range(2))

        begun = time.perf_counter()
        segments = word_segments(old, new)

        assert time.perf_counter() - begun < 1
        assert either_text(segments) == (old, new)

    def test_find_single_words_in_long_prose(self):
        chance = random.Random(8)
        words = chance.choices([f"word{number}" for number in range(900)], k=3_000)
        edited = list(words)
        for place in range(50, 3_000, 100):
            edited[place] = "changed"

        segments = word_segments(" ".join(words), " ".join(edited))

        assert [segment.text for segment in segments if segment.op == "ins"] == ["changed"] * 30


class TestLaterFields:
    """What was added to contents later is told in words, whether it came, went or changed."""

    def changed(self, old, new):
        base = {"title": "Lamp", "stages": [{"date": "2019", "title": "First"}]}
        return diff(normalise(base | old), normalise(base | new))

    def test_a_promise_that_is_put_off(self):
        plan = {"status": "planned", "title": "Rest", "key": "rest", "due": "2020-06"}
        later = plan | {"due": "2021", "reason": "It takes longer."}
        item = only(self.changed({"stages": [plan]}, {"stages": [later]}))

        assert texts(item) == ["Due: June 2020 → 2021.", "Reason reworded."]

    def test_a_stage_that_keeps_a_promise_and_one_that_no_longer_does(self):
        keeping = {"stages": [{"date": "2019", "title": "First", "keeps": ["rest"]}]}

        assert texts(only(self.changed({}, keeping))) == ["Keeps the promise: added rest."]
        assert texts(only(self.changed(keeping, {}))) == ["Keeps the promise: removed rest."]

    def test_corrections_licences_and_samples_that_came(self):
        groups = self.changed({}, {
            "corrections": [{"date": "2019-08-20", "field": "Size", "old": "117M", "new": "124M"}],
            "licence_changes": [{"date": "2020-01-03", "old": "MIT", "new": "custom"}],
            "samples": [{"title": "In the paper", "prompts_tried": 1000, "temperature": 0.7}],
        })  # fmt: skip

        assert [(group.title, group.items[0].text) for group in groups] == [
            ("Corrections", "Correction of 20 August 2019 added."),
            ("Changes of the licence", "Change of the licence of 3 January 2020 added."),
            ("Samples", "Samples “In the paper” added."),
        ]
        assert texts(groups[2].items[0]) == ["Title: In the paper", "Prompts tried: 1,000", "Temperature: 0.7"]

    def test_a_setting_that_is_no_longer_stated(self):
        old, new = ({"samples": [{"title": "A", "top_k": 40, "raw_dump": {"count": n}}]} for n in (5, 6))
        new["samples"][0]["top_k"] = None

        assert texts(only(self.changed(old, new))) == ["Top-k: 40 → nothing.", "All outputs: 5 → 6."]

    def test_a_former_name_with_its_date(self):
        variant = {"name": "124M"}
        old = {"artefact": {"variants": [variant]}}
        new = {"artefact": {"variants": [variant | {"former": [{"name": "117M", "until": "2019-08-20"}]}]}}

        assert texts(only(self.changed(old, new))) == ["Called before: added 117M until 20 August 2019."]
