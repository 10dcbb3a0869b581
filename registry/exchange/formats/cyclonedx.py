"""CycloneDX 1.7: the artefact as a component with its model card, and what a lab declared of norms as attestations.

What the format has no field for stands in `properties`, which it leaves to others; their names are pointers into the
content, such as `daylight:/stages/0/date`.
"""

import json
import re
import uuid

from registry.analyses.model_card.spdx import BY_LOWER
from registry.core.identity import absolute
from registry.releases.vocabulary import ArtefactKind, LinkKind

from ..said import Said, as_extension, instead, leaves, loosely, said_in
from .facts import licences_of, maker, permalink, seconds

NAMESPACE = "daylight:"
TYPES = {ArtefactKind.MODEL: "machine-learning-model", ArtefactKind.DATASET: "data"}
# Types that mean something near, which is not enough to tell the kind by.
NEAR = {ArtefactKind.CODE: "library", ArtefactKind.PAPER: "file", ArtefactKind.SYSTEM: "application"}
LINKS = {
    LinkKind.PAPER: "documentation", LinkKind.REPOSITORY: "vcs", LinkKind.MODEL_CARD: "model-card",
    LinkKind.WEIGHTS: "distribution", LinkKind.DEMO: "website", LinkKind.ANNOUNCEMENT: "release-notes",
}  # fmt: skip


def document(source):
    revision = source.revision
    component = described(source)
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, permalink(source) + revision.digest)}",
        "version": revision.number,
        "metadata": {
            "timestamp": seconds(revision.published_at),
            "tools": {"components": [{"type": "application", "name": "Daylight"}]},
            "component": component,
        },
        "externalReferences": [
            {"type": "other", "url": permalink(source), "comment": f"The release decision, {revision.digest}."}
        ],
    }
    if source.declarations:
        bom |= declared(source, component["bom-ref"])
    # Last, so that it holds exactly what the fields above do not.
    component["properties"] = rest(source.content, bom)
    return bom


def described(source):
    content = source.content
    kind = content["artefact"]["kind"]
    component = {
        "type": instead(TYPES[kind], kind) if kind in TYPES else loosely(instead(NEAR[kind], kind)),
        "bom-ref": f"{source.entry.key}/r/{source.revision.number}",
        "supplier": supplier(source),
        "name": content["title"],
    }
    if content["summary"]:
        component["description"] = content["summary"]
    licences = licences_of(content)
    if licences:
        component["licenses"] = [licence(one) for one in licences]
    references = [*links(content), *sources(content)]
    if references:
        component["externalReferences"] = references
    variants = [variant(one, component["type"]) for one in content["artefact"]["variants"] if one["name"]]
    if variants:
        component["components"] = variants
    if kind == ArtefactKind.MODEL and content["concerns"]:
        component["modelCard"] = {"considerations": {"ethicalConsiderations": [risk(c) for c in content["concerns"]]}}
    return component


def supplier(source):
    made_by = maker(source)
    return {"name": made_by["name"]} | ({"url": [made_by["url"]]} if "url" in made_by else {})


def licence(stated):
    """The format says one licence for the component; of which stage and part it was, only the properties know."""
    known = BY_LOWER.get(str(stated).lower())
    return {"license": {"id" if known else "name": instead(known or stated, stated, how="loose")}}


def links(content):
    for link in content["links"]:
        if link["url"] and is_reference(link["url"]):
            kind = link["kind"]
            found = {"type": instead(LINKS[kind], kind) if kind in LINKS else "other", "url": link["url"]}
            yield found | comment(link["title"]) | placed(link["url"])


def sources(content):
    for source in content["sources"]:
        if source["url"] and is_reference(source["url"]):
            yield {"type": "evidence", "url": source["url"]} | comment(source["title"]) | placed(source["url"])


def comment(title):
    return {"comment": title} if title else {}


def placed(url):
    """Which item of the content a reference is, since the format keeps no order."""
    return {"properties": [{"name": NAMESPACE + "at", "value": url.pointers[0].rsplit("/", 1)[0]}]}


def is_reference(url):
    """Whether an address is an IRI reference in the sense of RFC 3987, as the format asks."""
    return not re.search(r"[\s<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})|\[|\]|#.*#", url)


def variant(one, kind):
    found = {"type": str(kind), "name": one["name"]} | ({"description": one["note"]} if one["note"] else {})
    place = one["name"].pointers[0].rsplit("/", 1)[0]
    return found | {"properties": [{"name": NAMESPACE + "at", "value": place}]}


def risk(concern):
    found = {"name": concern["concern"]} if concern["concern"] else {}
    return found | ({"mitigationStrategy": concern["mitigation"]} if concern["mitigation"] else {})


def rest(content, bom):
    """What no field above says, value by value."""
    said = {pointer for pointer, how in said_in(bom).items() if how == "own"}
    return [{"name": NAMESPACE + "schema", "value": str(content["schema"])}] + [
        {"name": NAMESPACE + pointer, "value": extension(Said(text, [pointer]))}
        for pointer, text in leaves(content) if pointer not in said
    ]  # fmt: skip


def extension(value):
    """A card is a file: its name and digest can be told, but not taken over without it."""
    return loosely(value) if value.pointers[0].startswith("/model_card/") else as_extension(value)


def declared(source, target):
    """Norms as standards, what the lab says of their clauses as claims, evidence as it was given."""
    labs = {d.lab_id: d.lab for d in source.declarations}
    assessors = [
        {"bom-ref": f"lab:{lab.slug}", "thirdParty": lab.pk != source.entry.lab_id, "organization": {"name": lab.name}}
        for lab in labs.values()
    ]
    claims, evidence, maps = [], [], {}
    for one in source.declarations:
        given = [proof(one, number, item) for number, item in enumerate(one.evidence)]
        evidence += given
        claims.append(claim(one, target, [item["bom-ref"] for item in given]))
        maps.setdefault(one.lab_id, []).append(judged(one))
    attestations = [
        {
            "summary": f"What {labs[pk].name} says of norms in {source.entry}, in its own words.",
            "assessor": f"lab:{labs[pk].slug}", "map": found,
        }
        for pk, found in maps.items()
    ]  # fmt: skip
    declarations = {"assessors": assessors, "attestations": attestations, "claims": claims}
    return {
        "declarations": declarations | ({"evidence": evidence} if evidence else {}),
        "definitions": {"standards": standards(source.declarations)},
    }


def claim(one, target, evidence):
    found = {
        "bom-ref": f"claim:{one.pk}", "target": target,
        "predicate": f"{one.get_stance_display()}: {one.clause.key}, version {one.version.number}{as_of(one)}.",
    }  # fmt: skip
    if one.reason:
        found["reasoning"] = one.reason
    return found | ({"evidence": evidence} if evidence else {})


def as_of(one):
    return f", declared of revision {one.as_of}" if one.as_of else ", declared of the draft"


def judged(one):
    """The stance in words: no figure was given, so none is written."""
    found = {"requirement": requirement_of(one), "claims": [f"claim:{one.pk}"]}
    if one.stance == "not_applicable":
        return found
    return found | {"conformance": {"rationale": f"{one.get_stance_display()}, as the lab declares."}}


def requirement_of(one):
    return f"{one.clause.key}@{one.version.number}"


def proof(one, number, item):
    """A piece of evidence, as the declaration names it."""
    url = absolute(item["url"]) if item["url"].startswith("/") else item["url"]
    shown = {"contents": {"url": url}} if is_reference(url) else {}
    return {
        "bom-ref": f"evidence:{one.pk}:{number}", "created": seconds(one.made_at),
        "data": [{"name": item["title"] or url} | shown],
    }  # fmt: skip


def standards(declarations):
    found = {}
    for one in declarations:
        norm, wording = one.clause.norm, one.wording
        standard = found.setdefault(one.version_id, {
            "bom-ref": f"{norm.key}@{one.version.number}", "name": norm.title, "version": str(one.version.number),
            "description": norm.summary, "requirements": [],
            "externalReferences": [{"type": "website", "url": absolute(one.version.get_absolute_url())}],
        })  # fmt: skip
        if requirement_of(one) not in {r["bom-ref"] for r in standard["requirements"]}:
            standard["requirements"].append({
                "bom-ref": requirement_of(one), "identifier": one.clause.key,
                "title": wording.heading if wording else one.clause.key,
                "text": f"{wording.strength}: {wording.text}" if wording else "",
                "externalReferences": [{"type": "website", "url": absolute(one.clause.get_absolute_url())}],
            })  # fmt: skip
    return list(found.values())


def render(tree):
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"
