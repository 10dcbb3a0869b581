from datetime import date

import pytest

from registry.releases.schema import EMPTY
from registry.releases.summary import summarise
from registry.releases.vocabulary import SummaryWord
from tests.registry.releases import contents
from tests.registry.releases.contents import BY_FORM, CLOSED, OPEN, entry, part, stage

TODAY = date(2026, 6, 30)


class TestRealDecisions:
    @pytest.mark.parametrize(("make", "label", "sentence"), [
        (contents.gpt2, "staged", "Staged: the largest weights were withheld for 264 days, then released."),
        (
            contents.opt, "staged",
            "Staged: the weights came out in 2 steps from 3 May 2022 to 22 June 2022; the largest weights can be "
            "downloaded by verified researchers on application.",
        ),
        (
            contents.voicebox, "withheld",
            "Withheld: the weights have not been released; what can be had or used: samples and paper.",
        ),
        (
            contents.galactica, "partial",
            "In part: the weights can be downloaded by anyone for non-commercial use; the demo was paused on "
            "17 November 2022.",
        ),
        (
            contents.llama, "gated",
            "Gated: the weights can be downloaded by verified researchers on application; "
            "a leak followed after 7 days.",
        ),
        (
            contents.alphafold3, "staged",
            "Staged: the weights were withheld for 187 days, then released for non-commercial use on application.",
        ),
        (
            contents.dialogpt, "partial",
            "In part: the weights can be downloaded by anyone; the inference code is withheld.",
        ),
        (contents.pythia, "full", "Full: weights, inference code and paper can be downloaded by anyone."),
    ], ids=lambda value: getattr(value, "__name__", None))
    def test_read_as_a_newspaper_would_put_them(self, make, label, sentence):
        summary = summarise(make(), TODAY)

        assert (summary.label, summary.sentence) == (label, sentence)

    def test_give_their_reasons(self):
        because = summarise(contents.gpt2(), TODAY).because

        assert "The largest weights were closed from 14 February 2019 until 5 November 2019 (264 days)." in because
        assert "Others reached the same result after 189 days." in because
        assert because[-1].startswith("“Staged” means")

    def test_stand_as_of_the_day(self):
        early = summarise(contents.gpt2(), date(2019, 3, 1))

        assert early.label == "withheld"
        assert early.sentence == (
            "Withheld: the weights of 355M, 774M and 1.5B have not been released; "
            "the weights of 124M can be downloaded by anyone."
        )


class TestWords:
    def label(self, *stages, kind="model", variants=(), **more):
        return summarise(entry("X", list(stages), variants, kind, **more), TODAY).label

    def test_are_unstated_for_an_empty_entry(self):
        summary = summarise(EMPTY, TODAY)

        assert summary.label == SummaryWord.UNSTATED
        assert summary.sentence == "Not stated: nothing is said in full of the weights."

    def test_are_unstated_where_only_a_paper_is_spoken_of(self):
        assert self.label(stage("2020", part("paper", OPEN))) == "unstated"

    def test_are_full_with_weights_code_and_paper(self):
        parts = [part(name, OPEN) for name in ("weights_final", "inference_code", "paper")]

        assert self.label(stage("2020", *parts)) == "full"
        assert self.label(stage("2020", *parts[:2])) == "partial"

    def test_allow_a_click_in_full_and_no_more(self):
        def with_gate(gate):
            parts = [part(name, {**OPEN, "gate": gate}) for name in ("weights_final", "inference_code", "paper")]
            return self.label(stage("2020", *parts))

        assert with_gate("clickthrough") == "full"
        assert with_gate("registration") == "gated"

    def test_are_staged_with_two_stages_of_one_family(self):
        first = stage("2020-01", part("weights_final", OPEN, "small"))
        second = stage("2020-06", part("weights_final", OPEN, "large"))

        assert self.label(first, second, variants=["small", "large"]) == "staged"

    def test_are_staged_with_a_planned_one(self):
        summary = summarise(entry("X", [
            stage("2020", part("weights_final", CLOSED)),
            stage("2027-03", part("weights_final", OPEN), status="planned"),
        ]), TODAY)

        assert summary.label == "staged"
        assert summary.sentence == (
            "Staged: the weights have not been released; a further stage for the weights is planned for March 2027."
        )

    def test_do_not_say_that_anything_came_out_in_steps_that_released_nothing(self):
        summary = summarise(entry("X", [
            stage("2020", part("weights_final", CLOSED, "small")),
            stage("2021", part("weights_final", CLOSED, "large")),
            stage("2027-03", part("weights_final", OPEN), status="planned"),
        ], variants=["small", "large"]), TODAY)

        assert summary.sentence == (
            "Staged: the weights of small have not been released; the weights of large have not been released; "
            "a further stage for the weights is planned for March 2027."
        )

    def test_say_that_a_plan_is_overdue(self):
        plan = stage("2021", part("weights_final", OPEN), status="planned")

        assert summarise(entry("X", [plan]), TODAY).sentence == (
            "Staged: a further stage for the weights was planned for 2021 and is not marked as done."
        )

    def test_are_not_staged_by_a_second_document(self):
        first = stage("2020-01", part("weights_final", CLOSED), part("paper", OPEN))

        assert self.label(first, stage("2020-06", part("model_card", OPEN))) == "withheld"

    def test_are_not_staged_by_repeating_what_held(self):
        first, again = (stage(year, part("weights_final", CLOSED)) for year in ("2020", "2021"))

        assert self.label(first, again) == "withheld"

    def test_are_staged_where_withheld_code_followed(self):
        summary = summarise(entry("X", [
            stage("2020-01-01", part("weights_final", OPEN), part("inference_code", CLOSED)),
            stage("2020-01-31", part("inference_code", OPEN)),
        ]), TODAY)

        assert summary.sentence == "Staged: the inference code was withheld for 30 days, then released."

    def test_speak_of_data_where_the_entry_is_a_dataset(self):
        summary = summarise(entry("Images", [
            stage("2008", part("training_data", OPEN)),
            stage("2020-06-29", part("training_data", OPEN), status="withdrawn"),
        ], kind="dataset"), TODAY)

        assert summary[:2] == ("withheld", "Withheld: the training data were withdrawn on 29 June 2020.")

    def test_speak_of_access_where_nothing_is_said_of_weights(self):
        access = {"mode": "hosted", "gate": "registration", "audience": "registered_public"}
        summary = summarise(entry("Chat", [stage("2022-11-30", part("demo", access))], kind="system"), TODAY)

        assert summary[:2] == (
            "gated", "Gated: the demo can be used on the lab's machines by anyone after registration.",
        )

    def test_name_the_strictest_variants_first(self):
        content = entry("X", [
            stage("2022", part("weights_final", OPEN, "7B"), part("weights_final", BY_FORM, "70B")),
        ], ["7B", "70B"])

        assert summarise(content, TODAY).sentence == (
            "Gated: the largest weights can be downloaded by verified researchers on application; "
            "the weights of 7B can be downloaded by anyone."
        )
