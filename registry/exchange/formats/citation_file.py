"""CITATION.cff 1.2.0 of the artefact, for its repository; the decision itself stands among the identifiers."""

import re

import yaml

from registry.analyses.model_card.spdx import BY_LOWER
from registry.releases.schema import CONTENT
from registry.releases.vocabulary import ArtefactKind, LinkKind

from ..said import instead, loosely
from ..tables import label_of
from .facts import licences_of, maker, permalink, released_on

# What RFC 3986 lets an address hold; others stay out, as the format asks.
URL = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
# Licences that are younger than the format's list of them.
UNKNOWN_TO_CFF = {"cdla-permissive-2.0", "bsd-3-clause-clear"}


def document(source):
    content = source.content
    is_data = content["artefact"]["kind"] == ArtefactKind.DATASET
    kind = content["artefact"]["kind"]
    found = {
        "cff-version": "1.2.0",
        "message": "If you use this, please cite it as below.",
        "type": instead("dataset", kind) if is_data else loosely(instead("software", kind)),
        "title": content["title"],
        "authors": [made_by(source)],
    }
    if content["summary"]:
        found["abstract"] = content["summary"]
    if released_on(content):
        found["date-released"] = loosely(released_on(content))
    licences = licences_of(content)
    known = [BY_LOWER.get(str(one).lower()) for one in licences if str(one).lower() not in UNKNOWN_TO_CFF]
    if len(licences) == 1 and known and known[0]:
        found["license"] = instead(known[0], licences[0], how="loose")
    return found | addresses(content, permalink(source), source.revision.number)


def made_by(source):
    lab = maker(source)
    return {"name": lab["name"]} | ({"website": lab["url"]} if "url" in lab else {})


def addresses(content, decision, number):
    """Every link as an identifier; the first repository and the first copy in fields of their own as well."""
    links = [link for link in content["links"] if URL.fullmatch(link["url"] or "")]
    found = {}
    for name, kind in [("repository-code", LinkKind.REPOSITORY), ("repository-artifact", LinkKind.WEIGHTS)]:
        first = next((link["url"] for link in links if link["kind"] == kind), None)
        if first:
            found[name] = loosely(first)
    identifiers, seen, whole = [], set(), True
    for link in content["links"]:
        one = {"type": "url", "value": link["url"], "description": described(link)}
        same = (str(one["value"]), str(one["description"]))
        if same in seen or link not in links:
            # What follows moves up, so that it is no longer read back to its place.
            whole = False
            continue
        seen.add(same)
        identifiers.append(one if whole else one | {n: loosely(one[n]) for n in ("value", "description")})
    decided = {"type": "url", "value": decision, "description": f"The release decision, revision {number}"}
    return found | {"identifiers": [*identifiers, decided]}


def described(link):
    """`Paper: Title`, from which both are read back."""
    label = label_of(CONTENT.all["links"].item.all["kind"], link["kind"])
    if not link["title"]:
        return instead(label, link["kind"])
    return instead(f"{label}: {link['title']}", link["kind"], link["title"])


def render(tree):
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000)
