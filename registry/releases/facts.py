"""The facts of a content: each statement that may cite sources, under a key by which others can speak about it.

A key names what is spoken of, not where it stands: a cell by component, variant and date, a stage by its date, an
event by kind and date, a concern or alternative by its words. The digest names the wording. What is said about a fact
remembers both, so that after a revision it is known what it was said of (`docs/facts.md`).
"""

import hashlib
from collections import Counter
from typing import NamedTuple

from registry.core.canonical import digest

from . import dates
from .content import citing
from .diff import KEYS, SILENT, label_of, matched, name_of, renamings, shown_value

LENGTH = 600  # characters of a wording that a list of facts shows
NAMED = {"component", "variant", "date", "date_precision", "title", "schema"}  # said by the fact's title already
TERMS = ["concern", "alternative", "mode", "gate", "audience", "licence"]
SENTENCES = {"note", "rationale", "condition", "text", "mitigation", "why_not", "reason"}
WORDS = {"concerns": "concern", "alternatives": "alternative"}


class Fact(NamedTuple):
    """One statement of a content, as it is worded now."""

    key: str
    pointer: str
    anchor: str
    title: str
    says: str
    digest: str
    sources: tuple

    @property
    def slug(self):
        """The key as an element's id."""
        return "f-" + hashlib.sha256(self.key.encode()).hexdigest()[:12]


def facts_of(content):
    """Every fact, in the order of the page; two that would share a key are told apart by a number."""
    seen, found = Counter(), []
    for pointer, item in citing(content):
        key = _key(content, pointer, item)
        seen[key] += 1
        key = f"{key}~{seen[key]}" if seen[key] > 1 else key
        found.append(
            Fact(
                key, pointer, _anchor(pointer), _title(content, pointer, item), says(item), digest_of(item),
                tuple(item.get("sources", [])),
            )
        )  # fmt: skip
    return found


def digest_of(item):
    """What names a wording: all that the item says, without its sources and the items within it."""
    return digest({name: value for name, value in item.items() if name not in ("sources", "components")})


def says(item):
    """The wording as one line of plain text."""
    parts = [
        f"{label_of(name)}: {shown}"
        for name, value in sorted(item.items(), key=lambda pair: _place(pair[0]))
        if name not in SILENT | NAMED | {"sources"} and isinstance(value, str) and (shown := shown_value(name, value))
    ]
    text = "; ".join([*(part.removesuffix(".") for part in parts[:-1]), *parts[-1:]]) or item.get("title", "")
    return text if len(text) <= LENGTH else text[:LENGTH].rsplit(" ", 1)[0] + " …"


def _place(name):
    """The terms in the order of the page, and behind everything what is told in sentences; the database keeps none."""
    return TERMS.index(name) if name in TERMS else len(TERMS) + (name in SENTENCES)


def moved_keys(before, after):
    """Former key → present key of each fact that two contents share, as the diff between them knows them again."""
    pairs = _pairs(before, after)
    keys = {fact.pointer: fact.key for fact in facts_of(after)}
    return {fact.key: keys[pairs[fact.pointer]] for fact in facts_of(before) if fact.pointer in pairs}


def _pairs(before, after):
    renamed = renamings(before["artefact"]["variants"], after["artefact"]["variants"])
    found = {}
    for section in {pointer.split("/")[1] for pointer, _ in (*citing(before), *citing(after))}:
        for new, old in matched(*(c.get(section, []) for c in (before, after)), KEYS[section], renamed).items():
            found[f"/{section}/{old}"] = f"/{section}/{new}"
            cells = [content[section][n].get("components", []) for content, n in ((before, old), (after, new))]
            for inside, was in matched(*cells, KEYS["components"], renamed).items():
                found[f"/{section}/{old}/components/{was}"] = f"/{section}/{new}/components/{inside}"
    return found


def _key(content, pointer, item):
    section, _, *inside = pointer.strip("/").split("/")
    if inside:
        parts = ["cell", _when(_stage(content, pointer)), item["component"], _plain(item["variant"])]
        return "/".join(parts).strip("/")
    if section == "stages":
        return f"stage/{_when(item)}"
    if section == "events":
        return f"event/{item['kind']}/{item['date'] or 'undated'}"
    if section in WORDS:
        return f"{WORDS[section]}/{_short(item[WORDS[section]])}"
    # Corrections, changes of licence, samples: by their date, where they have one, and their words.
    return "/".join([section.replace("_", "-"), *filter(None, [item.get("date")]), _short(says(item))])


def _when(stage):
    return stage["date"] or (f"undated-{_short(stage['title'])}" if stage["title"] else "undated")


def _plain(text):
    return text.replace("/", "∕")


def _short(text):
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:12]


def _stage(content, pointer):
    return content["stages"][int(pointer.split("/")[2])]


def _title(content, pointer, item):
    if "/components/" not in pointer:
        return name_of(item)
    date = _stage(content, pointer)["date"]
    return f"{name_of(item)}, {dates.in_words(date) if date else 'without a date'}"


def _anchor(pointer):
    """Where the page of the entry shows it."""
    section, number = pointer.split("/")[1:3]
    named = {"concerns": "concerns", "alternatives": "concerns", "samples": "samples"}
    places = {"stages": f"stage-{int(number) + 1}"} | named
    return places.get(section, "since")
