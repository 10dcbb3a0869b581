"""What readers understand of other people's files, what they name instead, and what they refuse."""

import json
import time

import pytest

from registry.analyses.errors import Unusable
from registry.exchange.proposal import MOST_BYTES, propose
from registry.exchange.reading import card, citation_file, cyclonedx
from registry.exchange.reading.apart import format_of

CARD = """---
license: apache-2.0
language: [en, de]
tags: [text-generation]
library_name: transformers
datasets:
- squad
- example/lamp-data
base_model: example/base
model_name: Lamp
co2_eq_emissions: 12
odd_key: odd value
model-index:
- name: Lamp
  results:
  - task: {type: text-classification}
    dataset: {name: GLUE MRPC, type: glue, split: validation}
    metrics:
    - {type: accuracy, value: 0.91}
    - {type: f1}
---
# Lamp, a small model

Lamp is a language model that writes short answers to questions about lamps.
"""
CFF = """cff-version: 1.2.0
message: Please cite it.
title: Lamp
type: dataset
abstract: Pictures of lamps.
authors:
- name: Invented Lab
license: CC-BY-4.0
date-released: 2024-05-01
doi: 10.1234/lamp
repository-code: https://example.org/code
keywords: [lamps]
identifiers:
- type: swh
  value: swh:1:dir:aa
"""


def component(**more):
    return {"type": "machine-learning-model", "name": "Lamp", **more}


def bom(version="1.6", **more):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": version, "metadata": {"component": component(**more)}})


def fields(found):
    return {one["name"]: one["value"] for one in found.fields}


def missed(found):
    return {one["what"]: one for one in found.missed}


class TestCard:
    def test_metadata_become_fields_with_their_lines(self):
        found = card.read(CARD)

        assert fields(found) == {
            "title": "Lamp",
            "licence": "Apache-2.0",
            "links": [
                {"kind": "dataset", "title": "Dataset: squad", "url": "https://huggingface.co/datasets/squad"},
                {"kind": "dataset", "title": "Dataset: example/lamp-data",
                 "url": "https://huggingface.co/datasets/example/lamp-data"},
                {"kind": "other", "title": "Base model: example/base", "url": "https://huggingface.co/example/base"},
            ],
            "results": "accuracy 0.91 (text-classification, GLUE MRPC, validation)",
            "summary": "Lamp is a language model that writes short answers to questions about lamps.",
        }  # fmt: skip
        assert {one["name"]: one["where"] for one in found.fields} == {
            "title": "line 10", "licence": "line 2", "links": "line 6, line 9", "results": "line 13",
            "summary": "line 24",
        }  # fmt: skip

    def test_every_other_key_is_named_with_its_reason(self):
        found = missed(card.read(CARD))

        assert {"language", "tags", "library_name", "co2_eq_emissions", "odd_key", "model-index"} <= set(found)
        assert found["language"]["where"] == "line 3"
        assert found["language"]["says"] == "en, de"
        assert found["model-index"]["why"] == "1 of its results lack a metric or a value."

    @pytest.mark.parametrize(
        ("front", "why"),
        [
            ("license: [mit, apache-2.0]", "several licences"),
            ("license: other", "does not name the licence"),
            ("license: unknown", "does not name the licence"),
        ],
    )
    def test_no_licence_is_guessed(self, front, why):
        found = card.read(f"---\n{front}\n---\n\nWords.\n")

        assert "licence" not in fields(found)
        assert why in missed(found)["license"]["why"]

    def test_a_named_licence_is_taken_by_its_name(self):
        found = card.read("---\nlicense: other\nlicense_name: lamp-1.0\n---\nWords.\n")

        assert fields(found)["licence"] == "lamp-1.0"

    def test_what_broken_front_matter_says_is_named(self):
        found = card.read("---\nlicense: [mit\n---\n# Lamp\n")

        assert "not valid YAML" in missed(found)["front matter"]["why"]


class TestCitationFile:
    def test_fields_and_what_has_no_place(self):
        found = citation_file.read(CFF)

        assert fields(found) == {
            "title": "Lamp", "kind": "dataset", "summary": "Pictures of lamps.", "licence": "CC-BY-4.0",
            "date": "2024-05-01",
            "links": [
                {"kind": "other", "title": "DOI 10.1234/lamp", "url": "https://doi.org/10.1234/lamp"},
                {"kind": "repository", "title": "", "url": "https://example.org/code"},
            ],
        }  # fmt: skip
        assert set(missed(found)) == {"authors", "keywords", "identifier"}
        assert missed(found)["keywords"]["where"] == "line 12"

    def test_software_may_be_a_model_so_no_kind_is_guessed(self):
        assert "kind" not in fields(citation_file.read("cff-version: 1.2.0\ntype: software\ntitle: Lamp\n"))


class TestCycloneDX:
    @pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
    def test_the_model_with_its_card(self, version):
        found = cyclonedx.read(bom(
            version, description="A small model.", licenses=[{"license": {"id": "MIT"}}], publisher="Invented Lab",
            externalReferences=[{"type": "vcs", "url": "https://example.org/code"}, {"type": "other", "url": "urn:x"}],
            modelCard={
                "modelParameters": {"task": "classification"},
                "quantitativeAnalysis": {"performanceMetrics": [
                    {"type": "accuracy", "value": "0.9", "slice": "women"}]},
                "considerations": {"ethicalConsiderations": [{"name": "Misuse", "mitigationStrategy": "A filter."}],
                                   "users": ["Everybody"]},
            },
        ))  # fmt: skip

        assert fields(found) == {
            "title": "Lamp", "summary": "A small model.", "kind": "model", "licence": "MIT",
            "links": [{"kind": "repository", "title": "vcs", "url": "https://example.org/code"}],
            "concerns": [{"concern": "Misuse", "mitigation": "A filter."}], "results": "accuracy 0.9 (women)",
        }  # fmt: skip
        places = {one["where"] for one in found.missed}
        assert places == {
            "/metadata/component/publisher", "/metadata/component/externalReferences/1",
            "/metadata/component/modelCard/modelParameters/task",
            "/metadata/component/modelCard/considerations/users",
        }  # fmt: skip

    def test_the_first_model_of_several_is_read_and_the_others_named(self):
        found = cyclonedx.read(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6",
            "components": [{"type": "library", "name": "torch"}, component(), component(name="Other")],
        }))  # fmt: skip

        assert fields(found)["title"] == "Lamp"
        assert set(missed(found)) == {"component torch", "component Other"}

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("{", "not valid JSON"),
            ("[]", "not a CycloneDX document"),
            ('{"bomFormat": "CycloneDX", "specVersion": "1.4"}', "Its version is 1.4"),
            ('{"bomFormat": "CycloneDX", "specVersion": "1.6"}', "no component"),
            ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "x": NaN}', "not valid JSON"),
            ("[" * 100_000, "nested over 60 levels"),
            ('{"a":' * 5000 + "1" + "}" * 5000, "nested over 60 levels"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, text, why):
        found = cyclonedx.read(text)

        assert found.fields == []
        assert why in found.missed[0]["why"]

    def test_properties_of_ours_lead_nowhere_but_into_the_content(self):
        places = ["/../etc", "/stages/999/title", "/title/deeper", "/model_card/name", "/stages/x", "/links/0/kind/0"]
        given = [{"name": f"daylight:{place}", "value": "x"} for place in places]
        given.append({"name": "daylight:schema", "value": "daylight-release/1"})
        found = cyclonedx.read(bom(properties=given))

        assert fields(found)["title"] == "Lamp"
        assert {"daylight:/../etc", "model_card"} <= set(missed(found))


class TestBadInput:
    BOMB = "a: &a [x, x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
    )

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "empty"),
            (b" \n\t", "empty"),
            (b"\xff\xfe\xfa", "not valid"),
            (b"\xc3\x28", "not valid UTF-8"),
            (b"a\0b", "zero bytes"),
            (b"x" * (MOST_BYTES + 1), "at most 2,000,000"),
        ],
    )
    def test_is_refused_with_what_to_do(self, data, why):
        with pytest.raises(Unusable, match=why):
            propose(data)

    @pytest.mark.parametrize("name", ["model-card", "citation-cff"])
    @pytest.mark.parametrize("hostile", [BOMB, "x: " + "[" * 50_000, "x: " + "{a: " * 5000, "- " * 30_000])
    def test_hostile_yaml_is_named_soon_and_breaks_nothing(self, name, hostile):
        text = f"---\n{hostile}\n---\n# Lamp\n" if name == "model-card" else f"cff-version: 1.2.0\n{hostile}\n"
        began = time.monotonic()

        proposal = propose(text.encode(), name)

        assert time.monotonic() - began < 15
        assert proposal["missed"]

    def test_a_field_that_a_draft_could_not_hold_is_among_what_was_missed(self):
        long = {"description": "x" * 700}
        proposal = propose(bom(**long).encode())

        assert [one["name"] for one in proposal["fields"]] == ["title", "kind"]
        assert proposal["missed"][0]["why"] == "Summary: This may be 600 characters long at most; it is 700."

    @pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t])
    def test_line_ends_and_marks_of_editors_make_no_difference(self, change):
        assert propose(change(CARD).encode()) == propose(CARD.encode())
        assert propose(change(bom()).encode()) == propose(bom().encode())

    def test_the_format_is_found_out_from_the_text(self):
        assert [format_of(text) for text in (CARD, CFF, bom(), "Words.")] == [
            "model-card", "citation-cff", "cyclonedx", "model-card"]  # fmt: skip
