"""Two versions of a norm beside each other, as an editor would mark them up."""

from dataclasses import dataclass

from registry.releases.markup import word_segments


@dataclass(frozen=True)
class Block:
    """One clause: `state` is same, changed, added, removed or moved; `heading` and `text` are word-level segments."""

    number: int
    state: str
    strength: list
    heading: list
    text: list
    moved_from: int | None = None


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
    pairs = [(getattr(old, n, ""), getattr(new, n, "")) for n in ("strength", "heading", "text")]
    strength, heading, text = (word_segments(a, b) for a, b in pairs)
    some = new or old
    if old is None or new is None:
        state = "added" if old is None else "removed"
    elif any(a != b for a, b in pairs):
        state = "changed"
    else:
        state = "same" if old.position == new.position else "moved"
    moved = old.position + 1 if old and new and old.position != new.position else None
    return Block(some.clause.number, state, strength, heading, text, moved)
