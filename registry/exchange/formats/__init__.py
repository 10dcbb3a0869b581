"""Every format that a published revision can be had in."""

from collections.abc import Callable
from dataclasses import dataclass

from . import bibtex, citation_file, csv_table, cyclonedx, json_ld, model_card, spdx


@dataclass(frozen=True)
class Format:
    """`document` builds a tree of texts that remember what they say; `render` writes the plain tree down."""

    name: str
    label: str
    use: str
    media_type: str
    ending: str
    document: Callable
    render: Callable
    fits: Callable = lambda content: True
    filename: str = ""

    def filename_for(self, entry, number):
        return self.filename or f"{entry.lab.slug}-{entry.slug}-r{number}{self.ending}"


FORMATS = {
    made.name: made
    for made in [
        Format(
            "model-card", "Model card", "A README for a model hub, with its metadata and the whole decision.",
            "text/markdown; charset=utf-8", ".md", model_card.document, model_card.render,
        ),
        Format(
            "cyclonedx", "CycloneDX 1.7", "For tools that keep bills of materials; norms as attestations.",
            "application/vnd.cyclonedx+json; version=1.7", ".cdx.json", cyclonedx.document, cyclonedx.render,
        ),
        Format(
            "spdx", "SPDX 3.0.1", "For licence and supply-chain tools: an AI or dataset package as JSON-LD.",
            "application/spdx3+json; version=3.0.1", ".spdx3.json", spdx.document, spdx.render,
        ),
        Format(
            "croissant", "Croissant", "For search engines and loaders of datasets.",
            "application/ld+json", ".croissant.json", json_ld.croissant, json_ld.render, json_ld.is_dataset,
        ),
        Format(
            "schema-org", "schema.org", "The facts that the revision's page gives to search engines.",
            "application/ld+json", ".jsonld", json_ld.schema_org, json_ld.render,
        ),
        Format(
            "citation-cff", "CITATION.cff", "For the repository of the artefact, so that it can be cited.",
            "application/yaml", "", citation_file.document, citation_file.render, filename="CITATION.cff",
        ),
        Format(
            "bibtex", "BibTeX", "The decision and its sources, for a bibliography.",
            "application/x-bibtex; charset=utf-8", ".bib", bibtex.document, bibtex.render,
        ),
        Format(
            "csv", "CSV", "One line for each component of each stage, for spreadsheets.",
            "text/csv; charset=utf-8; header=present", ".csv", csv_table.document, csv_table.render,
        ),
    ]
}  # fmt: skip
