"""schema.org as the page of the revision has it, and Croissant 1.0 for datasets."""

import json

from registry.releases.citation import identity_of_revision
from registry.releases.vocabulary import ArtefactKind

from ..said import instead, loosely
from .facts import copies_at, licences_of, links_of, maker, permalink, released_on

# https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html
CROISSANT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip


def schema_org(source):
    """The very facts that the head of the revision's page gives to search engines."""
    return identity_of_revision(source.entry, source.told_revision, "").json_ld


def is_dataset(content):
    return content["artefact"]["kind"] == ArtefactKind.DATASET


def croissant(source):
    """The dataset as a whole: a decision says nothing of its files and columns, so neither are described."""
    content, base = source.content, permalink(source)
    lab = maker(source)
    found = {
        "@context": CROISSANT, "@type": instead("sc:Dataset", content["artefact"]["kind"]),
        "conformsTo": "http://mlcommons.org/croissant/1.0", "@id": base, "name": content["title"],
        "description": content["summary"] or content["title"],
        "creator": {"@type": "sc:Organization", "name": lab["name"]} | ({"url": lab["url"]} if "url" in lab else {}),
        "citeAs": f"Release decision: {content['title']}, revision {source.revision.number}. {base}",
        "url": loosely(copies_at(content)) if copies_at(content) else base,
        "version": f"{source.revision.number}.0.0",
    }  # fmt: skip
    if released_on(content):
        found["datePublished"] = loosely(released_on(content))
    licences = licences_of(content)
    if licences:
        found["license"] = [loosely(one) for one in licences] if len(licences) > 1 else loosely(licences[0])
    others = [name for one in content["artefact"]["variants"] for name in [one["name"], *one["aliases"]] if name]
    if others:
        found["alternateName"] = [loosely(one) for one in others]
    same = [link["url"] for link in links_of(content, "dataset", "repository", "weights")]
    if same:
        found["sameAs"] = same
    if content["concerns"]:
        found["rai:dataLimitations"] = [loosely(one["concern"]) for one in content["concerns"] if one["concern"]]
    found["subjectOf"] = {"@type": "sc:Report", "@id": f"{base}#decision", "url": base,
                          "identifier": source.revision.digest}  # fmt: skip
    return found


def render(tree):
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"
