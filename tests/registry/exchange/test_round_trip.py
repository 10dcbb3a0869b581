"""What is exported and brought in again: nothing is lost but what the loss report named, and nothing is made up."""

import os
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from registry.exchange.exporting import export
from registry.exchange.formats import FORMATS
from registry.exchange.proposal import propose, taken_over
from registry.exchange.reading import card, citation_file, cyclonedx
from registry.exchange.said import EXTENSION, OWN, leaves
from registry.releases.content import normalise
from registry.releases.schema import EMPTY

from .generated import contents
from .sources import EXAMPLES, example, source_of

THOROUGH = settings(
    max_examples=60, deadline=None, database=None, derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate],
)  # fmt: skip
READERS = {"model-card": card.read, "cyclonedx": cyclonedx.read, "citation-cff": citation_file.read}


def brought_back(name, content):
    """(the content after a journey through a format, what the report said would be lost)."""
    source = source_of(content)
    done = export(source.entry, source.revision, FORMATS[name], declarations=[])
    fields = READERS[name](done.body.decode()).fields
    return normalise(taken_over(deepcopy(EMPTY), fields)), done.losses


def check(name, content):
    again, losses = brought_back(name, content)
    lost = {loss.pointer for loss in losses if loss.how not in (OWN, EXTENSION)}
    kept = {pointer: text for pointer, text in leaves(content) if pointer not in lost}
    found = dict(leaves(again))

    assert {pointer: found.get(pointer) for pointer in kept} == kept
    return set(found) - set(dict(leaves(content)))


class TestGenerated:
    @THOROUGH
    @given(contents())
    def test_a_card_loses_only_what_was_named(self, content):
        assert check("model-card", content) == set()

    @THOROUGH
    @given(contents())
    def test_cyclonedx_loses_nothing_but_the_card_itself(self, content):
        assert check("cyclonedx", content) == set()

    @THOROUGH
    @given(contents())
    def test_a_citation_file_loses_only_what_was_named(self, content):
        check("citation-cff", content)


class TestExamples:
    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
    @pytest.mark.parametrize("name", READERS)
    def test_survive_the_journey(self, name, path):
        content = example(path)

        made_up = check(name, content)

        if name != "citation-cff":
            assert made_up == set()

    def test_a_second_journey_changes_nothing(self):
        for path in EXAMPLES[:4]:
            once, _ = brought_back("model-card", example(path))
            twice, _ = brought_back("model-card", once)

            assert once == twice

    @pytest.mark.parametrize("name", READERS)
    def test_a_process_apart_reads_the_same(self, name):
        [path] = [path for path in EXAMPLES if path.stem == "openai__gpt-2"]
        source = source_of(example(path))
        body = export(source.entry, source.revision, FORMATS[name], declarations=[]).body

        proposal = propose(body)

        assert proposal["format"] == name
        assert proposal["fields"] == [one for one in READERS[name](body.decode()).fields]
