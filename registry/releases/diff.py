"""What changed between two contents, as an editor would mark it up: by section, item by item, word by word."""

from typing import NamedTuple

from registry.releases import dates
from registry.releases.markup import WORDS, Segment, rising, word_segments
from registry.releases.rows import lowered
from registry.releases.vocabulary import (
    ArtefactKind,
    Audience,
    Basis,
    Chance,
    Component,
    EventKind,
    Gate,
    LinkKind,
    Mode,
    Selection,
    StageStatus,
)

SIMILAR = 0.5
CHOICES = {
    "mode": Mode, "gate": Gate, "audience": Audience, "status": StageStatus, "basis": Basis, "likelihood": Chance,
    "severity": Chance, "selection": Selection,
}
FIELD_NAMES = {
    "url": "Address", "sha256": "SHA-256", "terms_url": "Address of the terms", "terms_sha256": "SHA-256 of the terms",
    "restrictions": "Limits of use", "key": "Key", "keeps": "Keeps the promise", "former": "Called before",
    "field": "What was corrected", "old": "Before", "new": "After", "file": "SHA-256 of the samples",
    "top_k": "Top-k", "top_p": "Top-p", "raw_dump": "All outputs", "announced": "Announced on", "due": "Due",
}
SILENT = {"components", "schema", "date_precision"}


class Change(NamedTuple):
    """One change: `prose` has segments for each word; `value` has the old and new word; `list` has only the text."""

    pointer: str
    field: str
    kind: str
    old: str
    new: str
    segments: list
    text: str


class Item(NamedTuple):
    """One item of a section: added, removed, moved or changed, with its changes and a sentence."""

    op: str
    pointer: str
    name: str
    was: str
    changes: list
    items: list
    text: str


class Group(NamedTuple):
    """All that changed in one section."""

    section: str
    title: str
    items: list


SECTIONS = [
    ("stages", "Stages"), ("concerns", "Concerns considered"), ("alternatives", "Alternatives considered"),
    ("events", "Events"), ("corrections", "Corrections"), ("licence_changes", "Changes of the licence"),
    ("samples", "Samples"), ("links", "Links"), ("sources", "Sources"),
]


def diff(old, new):
    """Return the groups of changes from one content to another; nothing where they say the same."""
    found = [
        Group("entry", "The entry", fields_as_item("", "The entry", old, new, ["title", "summary", "rationale"])),
        Group("artefact", "Artefact", artefact_items(old["artefact"], new["artefact"])),
    ]
    renamed = renamings(old["artefact"]["variants"], new["artefact"]["variants"])
    for section, title in SECTIONS:
        items = list_items(old.get(section, []), new.get(section, []), f"/{section}", KEYS[section], renamed)
        found.append(Group(section, title, items))
    found.append(Group("model_card", "Model card", card_items(old["model_card"], new["model_card"])))
    return [group for group in found if group.items]


def fields_as_item(pointer, name, old, new, fields):
    changes = field_changes(old, new, pointer, fields)
    return [Item("changed", pointer, name, "", changes, [], f"{name} changed.")] if changes else []


def artefact_items(old, new):
    return fields_as_item("/artefact", "The artefact", old, new, ["kind", "former"]) + list_items(
        old["variants"], new["variants"], "/artefact/variants", KEYS["variants"],
        renamings(old["variants"], new["variants"]),
    )


def card_items(old, new):
    if old == new:
        return []
    if not old or not new:
        op, card = ("added", new) if new else ("removed", old)
        return [Item(op, "/model_card", card["name"], "", [], [], f"Model card “{card['name']}” {op}.")]
    text = f"Model card “{new['name']}” replaced."
    return [Item("changed", "/model_card", new["name"], "", field_changes(old, new, "/model_card"), [], text)]


def renamings(old, new):
    """Return present names of variants by former name: a former name that has become an alias is a renaming."""
    present = {variant["name"] for variant in new}
    former = {variant["name"] for variant in old}
    return {
        alias: variant["name"] for variant in new
        for alias in [*variant["aliases"], *(one["name"] for one in variant.get("former", []))]
        if alias in former and alias not in present and variant["name"] not in former
    }


def list_items(old, new, pointer, key, renamed):
    """Match items by identity, then leftovers by likeness; tell what came, went, moved and changed."""
    pairs = matched(old, new, key, renamed)
    gone = [number for number in range(len(old)) if number not in pairs.values()]
    moved = out_of_order([pairs[number] for number in sorted(pairs)])
    items = []
    for number, after in enumerate(new):
        place = f"{pointer}/{number}"
        if number not in pairs:
            items.append(whole_item("added", place, after))
            continue
        item = changed_item(old[pairs[number]], after, place, renamed, pairs[number] in moved)
        items += [item] if item else []
    return items + [whole_item("removed", f"{pointer}/{number}", old[number]) for number in gone]


def whole_item(op, pointer, item):
    """Tell of an item that came or went; a stage brings its components along."""
    inner = [whole_item(op, f"{pointer}/components/{n}", c) for n, c in enumerate(item.get("components", []))]
    changes = [
        whole_field(op, f"{pointer}/{name}", name, shown)
        for name, value in item.items() if name not in SILENT and (shown := shown_value(name, value))
    ]
    name = name_of(item)
    return Item(op, pointer, name, "", changes, inner, f"{name} {op}.")


def whole_field(op, pointer, name, shown):
    kind, label = "prose" if name in PROSE else "value", label_of(name)
    segment, (old, new) = ("ins", ("", shown)) if op == "added" else ("del", (shown, ""))
    return Change(pointer, label, kind, old, new, [Segment(segment, shown)], f"{label}: {shown}")


def changed_item(before, after, pointer, renamed, moved):
    """Tell of an item that stayed: what of it changed, and whether it moved."""
    changes = field_changes(before, after, pointer, renamed=renamed)
    inner = []
    if "components" in after:
        inner = list_items(
            before["components"], after["components"], f"{pointer}/components", KEYS["components"], renamed
        )
    if not changes and not inner and not moved:
        return None
    name, was = name_of(after), name_of(before)
    op = "changed" if changes or inner else "moved"
    verb = "moved" if op == "moved" else "changed and moved" if moved else "changed"
    text = f"{was} is now called {after['name']}." if was != name and "aliases" in after else f"{name} {verb}."
    return Item(op, pointer, name, was if was != name else "", changes, inner, text)


def field_changes(old, new, pointer, fields=None, renamed=None):
    """Compare field by field: prose word by word, values by their labels, lists by what came and went."""
    changes = []
    for name in fields or [name for name in {**new, **old} if name not in SILENT]:
        nothing = [] if isinstance(new.get(name, old.get(name)), list) else ""
        before, after = old.get(name, nothing), new.get(name, nothing)
        if name == "variant" and renamed and renamed.get(before) == after:
            continue
        if before != after:
            changes.append(change(f"{pointer}/{name}", name, before, after))
    return changes


def change(pointer, name, before, after):
    label, old, new = label_of(name), shown_value(name, before), shown_value(name, after)
    if isinstance(after, list):
        came = [in_a_word(item) for item in after if item not in before]
        went = [in_a_word(item) for item in before if item not in after]
        segments = [Segment("del", item) for item in went] + [Segment("ins", item) for item in came]
        parts = [f"removed {', '.join(went)}"] * bool(went) + [f"added {', '.join(came)}"] * bool(came)
        return Change(pointer, label, "list", old, new, segments, f"{label}: {'; '.join(parts) or 'order changed'}.")
    if name in PROSE:
        return Change(pointer, label, "prose", old, new, word_segments(before, after), f"{label} reworded.")
    segments = [Segment(op, text) for op, text in (("del", old), ("ins", new)) if text]
    return Change(pointer, label, "value", old, new, segments, f"{label}: {old or 'nothing'} → {new or 'nothing'}.")


def matched(old, new, key, renamed):
    """Return the number of the old item for each new item that has one, exact identities before likenesses."""
    waiting = {}
    for number, item in enumerate(old):
        waiting.setdefault(key(item, renamed), []).append(number)
    pairs = {}
    for number, item in enumerate(new):
        if waiting.get(identity := key(item, {})):
            pairs[number] = waiting[identity].pop(0)
    taken = set(pairs.values())
    left = [number for number in range(len(old)) if number not in taken]
    for number in (number for number in range(len(new)) if number not in pairs):
        best = max(left, key=lambda candidate: likeness(old[candidate], new[number]), default=None)
        if best is not None and likeness(old[best], new[number]) >= SIMILAR:
            pairs[number] = best
            left.remove(best)
    return pairs


def likeness(one, other):
    """Say how alike two items are, from 0 to 1: a stage by date or title, anything else by its words."""
    if "status" not in one and ("component" in one or "key" in one):
        return 0.0
    if "status" in one:
        same = [one["date"] == other["date"] != "", one["title"] == other["title"] != ""]
        return max(0.6 * any(same), statements_alike(one, other))
    words, others = ({*WORDS.findall(name_of(item).lower())} for item in (one, other))
    return len(words & others) / max(1, len(words | others))


def statements_alike(one, other):
    """A stage without its old date and title is known again by what it states."""
    mine, theirs = (
        {(item["component"], item["variant"], item["mode"]) for item in stage["components"]} for stage in (one, other)
    )
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def out_of_order(numbers):
    """Return the items that moved: all but a longest run of those that kept their order."""
    return set(numbers) - {number for _, number in rising(list(enumerate(numbers)))}


def name_of(item):
    """Name an item as a sentence would."""
    if "field" in item:
        return f"Correction of {dates.in_words(item['date'])}"
    if "prompts_tried" in item:
        return f"Samples “{item['title']}”" if item["title"] else "A set of samples"
    if "component" in item and "old" in item:
        return f"Change of the licence of {dates.in_words(item['date'])}"
    if "component" in item:
        label = Component(item["component"]).label if item["component"] in Component.values else "A component"
        return f"{label} of {item['variant']}" if item["variant"] else label
    if "status" in item:
        when = dates.in_words(item["date"]) if item["date"] else "without a date"
        title = f": {item['title']}" if item["title"] else ""
        return f"Stage of {when}{title}" if item["date"] else f"Stage {when}{title}"
    if "kind" in item and "text" in item:
        return f"{EventKind(item['kind']).label} of {dates.in_words(item['date'])}"
    if "aliases" in item:
        return f"Variant {item['name']}"
    if "key" in item:
        return f"Source “{item['key']}”"
    if "url" in item:
        return f"{LinkKind(item['kind']).label} link {item['title'] or item['url']}"
    text = item.get("concern", item.get("alternative", ""))
    kind = "Concern" if "concern" in item else "Alternative"
    return f"{kind} “{text if len(text) <= 80 else text[:79] + '…'}”"


def label_of(name):
    return FIELD_NAMES.get(name, name.replace("_", " ").capitalize())


def shown_value(name, value):
    """Write a value for people: choices by label, dates in words, lists joined."""
    if isinstance(value, list):
        return ", ".join(in_a_word(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part not in ("", None))
    if isinstance(value, int | float):
        return f"{value:,}"
    if name in ("date", "announced", "due"):
        return dates.in_words(value) if value else ""
    choices = CHOICES.get(name)
    if name in ("kind", "component"):
        choices = next((c for c in (ArtefactKind, LinkKind, EventKind, Component) if value in c.values), None)
    return lowered(choices(value).label) if choices and value and value in choices.values else str(value or "")


def in_a_word(item):
    """An item of a short list: a text, or a former name with the date until which it was used."""
    if isinstance(item, dict):
        return f"{item['name']} until {dates.in_words(item['until'])}" if item["until"] else item["name"]
    return item


PROSE = {
    "summary", "rationale", "condition", "note", "concern", "mitigation", "alternative", "why_not", "text", "title",
    "reason", "rule", "content_warning",
}
KEYS = {
    "stages": lambda stage, renamed: (stage["date"], stage["title"]),
    "components": lambda item, renamed: (item["component"], renamed.get(item["variant"], item["variant"])),
    "variants": lambda variant, renamed: renamed.get(variant["name"], variant["name"]),
    "concerns": lambda item, renamed: item["concern"],
    "alternatives": lambda item, renamed: item["alternative"],
    "events": lambda event, renamed: (event["date"], event["kind"], event["text"]),
    "corrections": lambda item, renamed: (item["date"], item["field"], renamed.get(item["variant"], item["variant"])),
    "licence_changes": lambda item, renamed: (item["date"], item["component"], item["new"]),
    "samples": lambda item, renamed: (item["title"], renamed.get(item["variant"], item["variant"])),
    "links": lambda link, renamed: link["url"],
    "sources": lambda source, renamed: source["key"],
}
