"""Contents as exporters get them, without a database: the example entries and made-up ones."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

from registry.core.canonical import digest
from registry.exchange.exporting import Source
from registry.labs.models import Lab
from registry.releases.content import normalise
from registry.releases.models import Entry, Revision
from tests.shared import ROOT

EXAMPLES = sorted((ROOT / "registry/examples/releases").glob("*.json"))


def example(path):
    return normalise(json.loads(path.read_text(encoding="utf-8"))["content"])


def source_of(content, declarations=()):
    """What an exporter asks for a content, as revision 3 of an invented lab's entry."""
    content = normalise(content)
    entry = Entry(lab=Lab(slug="invented-lab", name="Invented Lab", homepage="https://example.org/"), slug="lamp")
    revision = Revision(
        entry=entry, number=3, content=content, digest=digest(content), published_at=datetime(2030, 5, 1, tzinfo=UTC)
    )
    source = Source(entry, revision)
    source.__dict__["declarations"] = list(declarations)
    return source


def declaration(**fields):
    """What a lab declares, as far as an exporter looks at it."""
    return SimpleNamespace(**fields)
