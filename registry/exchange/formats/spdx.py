"""SPDX 3.0.1 as JSON-LD: an AI package, a dataset package or a package, with the licence and the lab that supplies it.

https://spdx.github.io/spdx-spec/v3.0.1/. What a profile asks for is written only where the content states it, and
conformance to a profile is claimed only where all that it asks for is there.
"""

import json
import re

from registry.analyses.model_card.spdx import BY_LOWER
from registry.releases.vocabulary import ArtefactKind, Gate, LinkKind, Mode

from ..said import instead, loosely
from .cyclonedx import is_reference
from .facts import copies_at, licences_of, links_of, maker, permalink, released_on, seconds, subject_lines

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
CLASSES = {ArtefactKind.MODEL: "ai_AIPackage", ArtefactKind.DATASET: "dataset_DatasetPackage"}
PURPOSES = {
    ArtefactKind.MODEL: "model", ArtefactKind.DATASET: "data", ArtefactKind.CODE: "source",
    ArtefactKind.PAPER: "documentation", ArtefactKind.SYSTEM: "application",
}  # fmt: skip
LINKS = {
    LinkKind.PAPER: "documentation", LinkKind.REPOSITORY: "vcs", LinkKind.MODEL_CARD: "documentation",
    LinkKind.WEIGHTS: "binaryArtifact", LinkKind.DATASET: "other", LinkKind.DEMO: "altWebPage",
    LinkKind.ANNOUNCEMENT: "releaseNotes", LinkKind.OTHER: "other",
}  # fmt: skip
# https://spdx.github.io/spdx-spec/v3.0.1/model/Dataset/Vocabularies/DatasetAvailabilityType/
GATES = {
    Gate.NONE: "directDownload", Gate.CLICKTHROUGH: "clickthrough", Gate.REGISTRATION: "registration",
    Gate.QUERY_ONLY: "query", Gate.SCRAPING_SCRIPT: "scrapingScript",
}  # fmt: skip
EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def document(source):
    base = permalink(source)
    lab = {
        "type": "Organization", "spdxId": f"{base}#lab", "creationInfo": "_:created", "name": maker(source)["name"],
    }  # fmt: skip
    site = {"type": "SoftwareAgent", "spdxId": f"{base}#registry", "creationInfo": "_:created", "name": "Daylight"}
    created = {
        "type": "CreationInfo", "@id": "_:created", "specVersion": "3.0.1",
        "created": seconds(source.revision.published_at), "createdBy": [site["spdxId"]],
    }  # fmt: skip
    package = packaged(source, base)
    parts = [package, *variants(source, base, package), *licensed(source, base, package)]
    elements = [lab, site, *parts]
    whole = {
        "type": "SpdxDocument", "spdxId": f"{base}#document", "creationInfo": "_:created",
        "profileConformance": profiles(package, parts), "rootElement": [package["spdxId"]],
        "element": [one["spdxId"] for one in elements],
        "name": f"Release decision of {source.entry.key}, revision {source.revision.number}",
    }  # fmt: skip
    return {"@context": CONTEXT, "@graph": [created, whole, *elements]}


def packaged(source, base):
    content = source.content
    kind = content["artefact"]["kind"]
    package = {
        "type": instead(CLASSES[kind], kind) if kind in CLASSES else "software_Package",
        "spdxId": f"{base}#artefact", "creationInfo": "_:created", "name": content["title"],
        "suppliedBy": f"{base}#lab", "originatedBy": [f"{base}#lab"],
        "software_primaryPurpose": instead(PURPOSES[kind], kind),
        "software_sourceInfo": f"Release decision in Daylight: {base}, {source.revision.digest}.",
    }  # fmt: skip
    for name, value in [("summary", content["summary"]), ("description", content["rationale"])]:
        if value:
            package[name] = value if name == "summary" else loosely(value)
    if released_on(content):
        day = released_on(content)
        package["releaseTime"] = instead(f"{day}T00:00:00Z", day, how="loose")
    if copies_at(content) and is_reference(copies_at(content)):
        package["software_downloadLocation"] = copies_at(content)
    demos = links_of(content, LinkKind.DEMO, LinkKind.ANNOUNCEMENT)
    if demos and is_reference(demos[0]["url"]):
        package["software_homePage"] = loosely(demos[0]["url"])
    references = [reference(link) for link in content["links"] if link["url"]]
    if references:
        package["externalRef"] = references
    if kind == ArtefactKind.MODEL and content["concerns"]:
        weighed = [concern(one) for one in content["concerns"] if one["concern"]]
        package["ai_limitation"] = instead("\n".join(weighed), *weighed, how="loose")
    if kind == ArtefactKind.DATASET:
        package |= of_dataset(content)
    return package


def concern(one):
    if not one["mitigation"]:
        return loosely(one["concern"])
    return instead(f"{one['concern']} (What was done: {one['mitigation']})", one["concern"], one["mitigation"])


def reference(link):
    """An address; of its kind only what the format has a word for, from which ours cannot be told again."""
    kind = instead(LINKS[link["kind"]], link["kind"], how="loose")
    found = {"type": "ExternalRef", "externalRefType": kind, "locator": [link["url"]]}
    return found | ({"comment": link["title"]} if link["title"] else {})


def of_dataset(content):
    """What kinds of data there are is nothing that a release decision states; how they are had is."""
    found = {"dataset_datasetType": ["noAssertion"]}
    gates = [line["gate"] for _, line in subject_lines(content) if line["mode"] in (Mode.DOWNLOADABLE, Mode.FULLY_OPEN)]
    if gates and gates[-1] in GATES:
        found["dataset_datasetAvailability"] = instead(GATES[gates[-1]], gates[-1], how="loose")
    return found


def variants(source, base, package):
    """Sizes and the like as packages of their own, tied to the one that they are variants of."""
    named = [one for one in source.content["artefact"]["variants"] if one["name"]]
    for number, one in enumerate(named, 1):
        yield {
            "type": str(package["type"]), "spdxId": f"{base}#variant-{number}", "creationInfo": "_:created",
            "name": one["name"], **({"description": one["note"]} if one["note"] else {}),
            **({"dataset_datasetType": ["noAssertion"]} if package["type"] == "dataset_DatasetPackage" else {}),
        }  # fmt: skip
    if named:
        yield related(
            base, "variants", package, "hasVariant", [f"{base}#variant-{number}" for number, _ in enumerate(named, 1)]
        )


def licensed(source, base, package):
    """Declared licences: SPDX ids as they are, any other as a reference with its words."""
    for number, stated in enumerate(licences_of(source.content), 1):
        known = BY_LOWER.get(str(stated).lower())
        one = {"spdxId": f"{base}#licence-{number}", "creationInfo": "_:created"}
        if known:
            one |= {
                "type": "simplelicensing_LicenseExpression",
                "simplelicensing_licenseExpression": instead(known, stated, how="loose"),
            }
        else:
            one |= {"type": "simplelicensing_SimpleLicensingText", "name": loosely(stated),
                    "simplelicensing_licenseText": loosely(stated)}  # fmt: skip
        yield one
        yield related(base, f"licence-{number}-declared", package, "hasDeclaredLicense", [one["spdxId"]])


def related(base, name, package, kind, to):
    return {
        "type": "Relationship", "spdxId": f"{base}#{name}", "creationInfo": "_:created", "from": package["spdxId"],
        "relationshipType": kind, "to": to,
    }  # fmt: skip


def profiles(package, parts):
    """The AI and Dataset profiles ask for a place and a day of release, which not every decision has."""
    found = ["core", "software", "simpleLicensing"]
    asked = {"software_downloadLocation", "releaseTime", "software_packageVersion"} - set(package)
    if package["type"] == "ai_AIPackage" and not asked:
        found.append("ai")
    if package["type"] == "dataset_DatasetPackage" and not asked and "builtTime" in package:
        found.append("dataset")
    return found


def render(tree):
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"
