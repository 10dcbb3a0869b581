"""Two versions of a norm beside each other, as an editor would mark them up: in the words that readers see."""

import re
from dataclasses import dataclass, field
from html import unescape

from registry.releases.markup import word_segments


@dataclass(frozen=True)
class Block:
    """One clause: `state` is same, changed, added, removed or moved; `heading` and `text` are word-level segments.

    `more` holds what differs beside them, as (label, segments).
    """

    number: int
    state: str
    strength: list
    heading: list
    text: list
    moved_from: int | None = None
    more: list = field(default_factory=list)


INLINE = re.compile(r"</?(?:a|em|strong|del|code|span|sup|m[a-z]+)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
MORE = {"Applies where": "applies_when", "Checked": "get_how_checked_display", "Why": "rationale"}


def in_words(html):
    """Stored HTML as the words that stand on the page, without marks of Markdown; each block on a line of its own."""
    lines = unescape(TAG.sub("\n", INLINE.sub("", html))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def purposes(old, new):
    """The purpose of two versions as word-level segments."""
    return word_segments(in_words(old.purpose_html), in_words(new.purpose_html))


def compare(old, new):
    """Blocks in the order of the new version, removed clauses at the place where they stood."""
    before = {w.clause_id: w for w in old.wordings.select_related("clause")}
    after = list(new.wordings.select_related("clause").order_by("position"))
    blocks = [_block(before.get(w.clause_id), w) for w in after]
    kept = {w.clause_id for w in after}
    for wording in sorted(before.values(), key=lambda w: w.position):
        if wording.clause_id not in kept:
            blocks.insert(min(wording.position, len(blocks)), _block(wording, None))
    return blocks


def _block(old, new):
    pairs = [(_said(old, n), _said(new, n)) for n in ("strength", "heading", "html")]
    strength, heading, text = (word_segments(a, b) for a, b in pairs)
    more = [(label, word_segments(a, b)) for label, n in MORE.items() if (a := _said(old, n)) != (b := _said(new, n))]
    some = new or old
    if old is None or new is None:
        state, more = ("added" if old is None else "removed"), []
    elif more or any(a != b for a, b in pairs):
        state = "changed"
    else:
        state = "same" if old.position == new.position else "moved"
    moved = old.position + 1 if old and new and old.position != new.position else None
    return Block(some.clause.number, state, strength, heading, text, moved, more)


def _said(wording, name):
    value = getattr(wording, name, "")
    value = value() if callable(value) else value
    return in_words(value) if name == "html" else value
