"""Taking over into a draft: nothing is replaced that was not chosen, lists get what they lack."""

from copy import deepcopy

from registry.exchange.proposal import rows, taken_over
from registry.releases.content import normalise

DRAFT = normalise({
    "title": "Old", "artefact": {"variants": ["1B"]}, "links": [{"kind": "paper", "url": "https://example.org/a"}],
    "sources": [{"key": "post", "title": "The old post"}],
    "stages": [{"date": "2020-01-01", "title": "First",
                "components": [{"component": "weights_final", "mode": "api", "licence": "MIT"}]}],
})  # fmt: skip


def field(name, value):
    return {"name": name, "value": value, "where": "line 1", "says": ""}


def filled(*fields):
    return normalise(taken_over(deepcopy(DRAFT), list(fields)))


class TestTakenOver:
    def test_texts_are_replaced_and_the_rest_stays(self):
        assert filled(field("title", "New")) == DRAFT | {"title": "New"}

    def test_lists_get_only_what_they_do_not_have(self):
        links = [{"kind": "paper", "url": "https://example.org/a"}, {"kind": "weights", "url": "https://example.org/b"}]

        assert [link["url"] for link in filled(field("links", links))["links"]] == [
            "https://example.org/a", "https://example.org/b"]  # fmt: skip

    def test_variants_are_known_by_their_names(self):
        content = filled(field("variants", [{"name": "1B"}, {"name": "2B"}]))

        assert [v["name"] for v in content["artefact"]["variants"]] == ["1B", "2B"]

    def test_a_licence_goes_to_the_line_of_the_first_stage(self):
        [line] = filled(field("licence", "Apache-2.0"))["stages"][0]["components"]

        assert (line["licence"], line["mode"]) == ("Apache-2.0", "api")

    def test_results_become_a_line_whose_mode_is_not_stated(self):
        line = filled(field("results", "accuracy 0.9"))["stages"][0]["components"][1]

        assert (line["component"], line["mode"], line["note"]) == ("evaluation_results", "", "accuracy 0.9")

    def test_a_source_with_a_key_that_is_taken_gets_another_wherever_it_is_cited(self):
        content = filled(
            field("sources", [{"key": "post", "title": "Another post"}]),
            field("events", [{"date": "2021", "text": "It leaked.", "sources": ["post"]}]),
        )

        assert [s["key"] for s in content["sources"]] == ["post", "post-2"]
        assert content["events"][0]["sources"] == ["post-2"]

    def test_the_same_source_again_is_no_second_one(self):
        assert filled(field("sources", [{"key": "post", "title": "The old post"}])) == DRAFT


class TestRows:
    def test_suggest_only_what_the_draft_does_not_say(self):
        proposal = {"fields": [field("title", "New"), field("summary", "Words."), field("licence", "MIT")]}

        assert [(row["name"], row["suggested"], row["now"]) for row in rows(proposal, DRAFT)] == [
            ("title", False, ["Old"]), ("licence", False, ["MIT"]), ("summary", True, [])]  # fmt: skip
