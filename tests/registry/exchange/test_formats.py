"""What is exported, held against the formats' own schemas and validators, without a network."""

import csv
import io
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jsonschema_rs
import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.schema._res import BOM_JSON, JSF
from huggingface_hub import ModelCard
from hypothesis import HealthCheck, Phase, given, settings
from pybtex.database import parse_string
from spdx_python_model import v3_0_1 as spdx3

from registry.exchange.exporting import export
from registry.exchange.formats import FORMATS
from registry.exchange.said import leaves, losses, plain
from registry.norms.models import Declaration
from tests.registry.releases import contents
from tests.shared import ROOT

from .generated import contents as contents_of_any_kind
from .sources import EXAMPLES, declaration, example, source_of

ODD = contents.entry(
    "A | title: #1 *of* [many] & \\more_ \u2028☃",
    [contents.stage("2024-05", contents.part("weights_final", contents.OPEN, licence="custom | 100% \\own"),
                    title="=1+1", rationale="# Heading\n\n| a | b |\n| - | - |")],
    links=[{"kind": "paper", "url": "https://example.org/a_b|c?d=<e>", "title": "Odd % address"},
           {"kind": "other", "url": "https://example.org/ü#fragment"}],
    concerns=[{"concern": "- a list?\n1. or two", "mitigation": "`code` {braces} $5"}],
    sources=[{"key": "a.b-c_d", "title": "50% of {what} ~ ^ \\", "url": "https://example.org/~x"}],
)  # fmt: skip


def sources():
    yield from (pytest.param(example(path), id=path.stem) for path in EXAMPLES)
    yield pytest.param(ODD, id="odd")


def written(name, content, declarations=()):
    source, made = source_of(content, declarations), FORMATS[name]
    return made.render(plain(made.document(source)))


@pytest.fixture(params=sources())
def content(request):
    return request.param


@pytest.fixture(scope="module")
def validator():
    """The official schema, with those that it refers to; dates and addresses are checked as well."""
    there = Path(JSF).parent
    named = ["jsf-0.82.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "cryptography-defs.SNAPSHOT.schema.json"]
    read = [(f"http://cyclonedx.org/schema/{name}", json.loads((there / name).read_text())) for name in named]
    schema = json.loads(Path(BOM_JSON[SchemaVersion.V1_7]).read_text())
    return jsonschema_rs.Draft7Validator(schema, registry=jsonschema_rs.Registry(read), validate_formats=True)


def faults(validator, document):
    return [(error.instance_path, error.message[:200]) for error in validator.iter_errors(document)]


class TestCycloneDX:
    def test_is_accepted_by_the_official_schema(self, validator, content):
        assert faults(validator, json.loads(written("cyclonedx", content))) == []

    def test_the_schema_refuses_what_is_wrong(self, validator):
        bom = json.loads(written("cyclonedx", ODD))
        bom["metadata"]["component"]["type"] = "lamp"

        assert len(faults(validator, bom)) == 1

    def test_declarations_become_claims_with_evidence_and_without_figures(self, validator):
        bom = json.loads(written("cyclonedx", ODD, [declared("adheres"), declared("partly", pk=8, evidence=[])]))

        assert faults(validator, bom) == []
        attestation = bom["declarations"]["attestations"][0]
        assert [m["conformance"] for m in attestation["map"]] == [
            {"rationale": "Follows, as the lab declares."},
            {"rationale": "Follows in part, as the lab declares."},
        ]
        assert bom["declarations"]["evidence"][0]["data"] == [
            {"name": "The card", "contents": {"url": "https://example.org/card"}}]  # fmt: skip
        assert bom["definitions"]["standards"][0]["requirements"][0]["text"] == "MUST: Name each component."
        refs = {r["bom-ref"] for r in bom["definitions"]["standards"][0]["requirements"]}
        assert {m["requirement"] for m in attestation["map"]} <= refs


def declared(stance, *, pk=7, evidence=({"title": "The card", "url": "https://example.org/card"},)):
    norm = SimpleNamespace(key="N-1", title="Invented norm", summary="For tests.")
    return declaration(
        pk=pk, lab_id=1, lab=SimpleNamespace(slug="invented-lab", name="Invented Lab", pk=1), version_id=4, clause_id=5,
        clause=SimpleNamespace(key="N-1/1", norm=norm, get_absolute_url=lambda: "/norms/N-1/c/1/"), reason="See there.",
        version=SimpleNamespace(number=2, get_absolute_url=lambda: "/norms/N-1/v/2/"), evidence=list(evidence), as_of=3,
        stance=stance, get_stance_display=lambda: Declaration.Stance(stance).label,
        made_at=datetime(2030, 5, 2, tzinfo=UTC),
        wording=SimpleNamespace(heading="Name what is released", strength="MUST", text="Name each component."),
    )  # fmt: skip


class TestSpdx:
    schema = jsonschema_rs.Draft202012Validator(json.loads((ROOT / "tests/vendor/spdx-3.0.1.schema.json").read_text()))

    def test_is_accepted_by_the_official_schema(self, content):
        assert faults(self.schema, json.loads(written("spdx", content))) == []

    def test_the_schema_refuses_what_is_wrong(self):
        graph = json.loads(written("spdx", ODD))
        graph["@graph"][4]["software_primaryPurpose"] = "lamp"

        assert faults(self.schema, graph) != []

    def test_is_read_by_the_classes_made_from_the_official_model(self, content):
        read = spdx3.SHACLObjectSet()

        spdx3.JSONLDDeserializer().read(io.BytesIO(written("spdx", content).encode()), read)

        [document] = read.foreach_type(spdx3.SpdxDocument)
        assert document.rootElement[0].name == content["title"]
        assert read.missing_ids == set()

    def test_unknown_things_are_refused(self):
        graph = json.loads(written("spdx", ODD))
        graph["@graph"][4]["software_primaryPurpose"] = "lamp"

        with pytest.raises(Exception, match="lamp|valid"):
            spdx3.JSONLDDeserializer().read(io.BytesIO(json.dumps(graph).encode()), spdx3.SHACLObjectSet())


class TestCroissant:
    def test_is_accepted_by_the_official_validator(self):
        import mlcroissant

        [laion] = [example(path) for path in EXAMPLES if "laion-5b" in path.stem]

        dataset = mlcroissant.Dataset(jsonld=json.loads(written("croissant", laion)))

        assert dataset.metadata.name == "LAION-5B"
        assert not dataset.metadata.issues.errors


class TestCitationFile:
    schema = json.loads((ROOT / "tests/vendor/citation-file-format-1.2.0.schema.json").read_text())
    validator = jsonschema_rs.Draft7Validator(schema, validate_formats=True)

    def test_is_accepted_by_the_official_schema(self, content):
        # Days stay texts, as the schema's note to implementers asks.
        read = yaml.load(written("citation-cff", content), yaml.BaseLoader)  # noqa: S506

        assert faults(self.validator, read) == []


class TestModelCard:
    def test_is_read_by_the_hubs_own_client(self, content):
        card = ModelCard(written("model-card", content), ignore_metadata_errors=False)

        about = card.data.to_dict()
        assert about.get("model_name", about.get("pretty_name")) == content["title"]


class TestBibtex:
    def test_is_read_with_every_source_under_its_key(self, content):
        read = parse_string(written("bibtex", content), "bibtex")

        keys = {f"invented-lab-lamp-{source['key']}" for source in content["sources"]}
        assert {"daylight-invented-lab-lamp-r3", *keys} == set(read.entries)


class TestCsv:
    def test_has_one_line_for_each_component_of_each_stage(self, content):
        lines = list(csv.DictReader(io.StringIO(written("csv", content))))

        stated = [(str(n), part["component"], part["mode"], part["licence"])
                  for n, stage in enumerate(content["stages"], 1) for part in stage["components"]]  # fmt: skip
        read = [(line["stage"], line["component"], line["mode"], line["licence"]) for line in lines]
        assert read == stated

    def test_nothing_is_a_formula_to_a_spreadsheet(self):
        [line] = csv.DictReader(io.StringIO(written("csv", ODD)))

        assert line["stage_title"] == "'=1+1"


class TestGenerated:
    """What a perverse person would write is valid in every format too."""

    few = settings(
        max_examples=25, deadline=None, database=None, derandomize=bool(os.environ.get("CI")),
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip

    @few
    @given(content=contents_of_any_kind())
    def test_is_valid_in_every_format(self, validator, content):
        assert faults(validator, json.loads(written("cyclonedx", content))) == []
        read = yaml.load(written("citation-cff", content), yaml.BaseLoader)  # noqa: S506
        assert faults(TestCitationFile.validator, read) == []
        assert faults(TestSpdx.schema, json.loads(written("spdx", content))) == []
        spdx3.JSONLDDeserializer().read(io.BytesIO(written("spdx", content).encode()), spdx3.SHACLObjectSet())
        assert len(parse_string(written("bibtex", content), "bibtex").entries) == 1 + len(content["sources"])
        assert ModelCard(written("model-card", content), ignore_metadata_errors=False).data


class TestNotStated:
    @pytest.mark.parametrize("name", [name for name in FORMATS if name != "croissant"])
    def test_what_is_not_stated_is_never_exported_as_closed(self, name):
        silent = contents.entry("Lamp", [contents.stage("2024-05-01", contents.part("weights_final", {"mode": ""}))])

        text = written(name, silent).lower()

        assert "closed" not in text
        assert "no assertion" not in text


class TestLosses:
    @pytest.mark.parametrize("made", FORMATS.values(), ids=FORMATS)
    def test_what_counts_as_said_stands_in_the_file(self, made, content):
        """Read from the file's bytes alone: escapes, line breaks and case set aside."""
        source = source_of(content)
        document = made.document(source)
        text = bare(made.render(plain(document)))
        lost = {loss.pointer for loss in losses(content, document) if loss.how == "absent"}

        for pointer, value in texts(content):
            if pointer not in lost:
                assert bare(value) in text, pointer

    def test_an_export_counts_every_value_once(self, content):
        source = source_of(content)
        for made in FORMATS.values():
            if made.fits(content):
                done = export(source.entry, source.revision, made, declarations=[])
                assert sum(done.counts.values()) == done.stated


def texts(value, pointer=""):
    """The free texts of a content; choices are written in each format's own words."""
    chosen = (
        "kind", "status", "basis", "mode", "gate", "audience", "component", "likelihood", "severity", "licence",
        "selection",
    )  # fmt: skip
    return [(p, text) for p, text in leaves(value, pointer) if p.rsplit("/", 1)[1] not in chosen]


def bare(text):
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        pass
    text = text.replace("<br>", "").replace("\\n", "").replace("\\L", "\u2028")
    text = re.sub(r"\\text[a-z]+\{\}", "", text)
    return "".join(c for c in text if c.isalnum()).lower()
