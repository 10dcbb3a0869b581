"""CITATION.cff (https://citation-file-format.github.io/, up to 1.2.0): what it says of the work it stands beside."""

from registry.analyses.model_card.front_matter import key_spans, lines_of
from registry.analyses.model_card.yaml_reader import read_mapping
from registry.releases.schema import CONTENT

from ..tables import value_of
from .found import NO_FIELD, Found, line_at, texts_of

DECISION = "The release decision, revision "
ADDRESSES = {
    "repository-code": "repository",
    "repository-artifact": "weights",
    "repository": "repository",
    "url": "other",
}
OF_THE_FILE = {"cff-version", "message"}


def read(text):
    found = Found("citation-cff")
    data, problem = read_mapping(text)
    if problem:
        said = problem.message.replace("The front matter", "The file").replace("the body", "another file")
        found.miss("the file", line_at(text, problem.offset), said)
        return found
    lines = lines_of(text)
    spans = key_spans(lines, 0, len(lines))
    links = {}
    for key, value in data.items():
        place = line_at(text, spans[key][0]) if key in spans else ""
        if value in (None, "", [], {}) or key in OF_THE_FILE:
            continue
        if key in ("title", "abstract") and isinstance(value, str):
            found.add("title" if key == "title" else "summary", value.strip(), place, value)
        elif key == "type":
            of_type(value, place, found)
        elif key == "license":
            of_licence(value, place, found)
        elif key == "date-released":
            found.add("date", str(value), place, value)
        elif key == "doi":
            links.setdefault(f"https://doi.org/{value}", ({"kind": "other", "title": f"DOI {value}"}, place))
        elif key in ADDRESSES:
            links.setdefault(str(value), ({"kind": ADDRESSES[key], "title": ""}, place))
        elif key == "identifiers":
            of_identifiers(value, place, links, found)
        else:
            found.miss(key, place, REASONS.get(key, NO_FIELD), value)
    add_links(links, found)
    return found


REASONS = {
    "authors": "The entry belongs to the lab that you choose; people are not taken over.",
    "version": "A release entry has variants and revisions, and no version. Add a variant where it is one.",
    "commit": "A release entry has no field for a commit.",
    "keywords": "A release entry has no keywords.",
    "references": "Whether a reference is a source of the decision, the file does not say. Add those that are.",
    "preferred-citation": "A release entry makes its own citation.",
    "contact": "Who is asked is for the lab's page.",
    "license-url": "Add it as a link where it matters.",
}


def of_type(value, place, found):
    if value == "dataset":
        found.add("kind", "dataset", place, value)
    else:
        found.miss("type", place, "“software” may be a model, code or a system. Choose which on the sheet.", value)


def of_licence(value, place, found):
    several = texts_of(value)
    if len(several) == 1:
        found.add("licence", several[0], place, several[0])
    else:
        found.miss(
            "license", place, "It offers several licences to choose from; an entry states one for each part.", value
        )


def of_identifiers(value, place, links, found):
    for one in value if isinstance(value, list) else []:
        stated = one if isinstance(one, dict) else {}
        address, words = str(stated.get("value", "")), str(stated.get("description") or "")
        if words.startswith(DECISION):
            found.miss(
                "identifier", place, "This is the address of a revision here, which a new draft does not have.", address
            )
        elif stated.get("type") == "doi":
            links[f"https://doi.org/{address}"] = ({"kind": "other", "title": words or f"DOI {address}"}, place)
        elif stated.get("type") == "url":
            links[address, words] = (kind_and_title(words), place)
        else:
            found.miss("identifier", place, "Only a URL or a DOI can be a link.", one)


def kind_and_title(words):
    """`Paper: Title` as Daylight writes it; any other description is a title."""
    label, colon, title = words.partition(": ")
    kind = value_of(CONTENT.all["links"].item.all["kind"], label)
    return {"kind": kind, "title": title if colon else ""} if kind else {"kind": "other", "title": words}


def add_links(links, found):
    """Each address once: an identifier, which says more, before the fields that repeat it."""
    described = {key[0] for key in links if isinstance(key, tuple)}
    kept = [
        (about | {"url": key if isinstance(key, str) else key[0]}, place)
        for key, (about, place) in links.items() if not (isinstance(key, str) and key in described)
    ]  # fmt: skip
    if kept:
        places = ", ".join(dict.fromkeys(place for _, place in kept))
        found.add("links", [link for link, _ in kept], places, [link["url"] for link, _ in kept])
