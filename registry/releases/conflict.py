"""Two people at one draft: what differs between the saved text and one's own, and what becomes of it by choice.

Nothing is decided by the machine: every field that differs is a choice, and so is every item that only one side has.
What both have alike is nobody's choice. The first choice is one's own; an item that only one side has is kept.
"""

from typing import NamedTuple

from .diff import KEYS, PROSE, label_of, matched, name_of, renamings, shown_value
from .markup import Segment, word_segments

SAVED, MINE = "saved", "mine"
DERIVED = {"date_precision": "unknown"}  # follows from how the date is written


class Choice(NamedTuple):
    """One thing that differs; `only` names the side that alone has it, where it is a whole item."""

    pointer: str
    label: str
    saved: list
    mine: list
    only: str
    first: str


def choices(saved, mine):
    """Everything that differs between two parts of a draft, in the order of the page."""
    found = []

    def ask(choice):
        found.append(choice)
        return choice.first

    merge(saved, mine, ask)
    return found


def merge(saved, mine, ask, pointer="", under=""):
    """The part that comes of it when `ask` says of each `Choice` which side is taken."""
    renamed = renamings(*(side.get("artefact", side).get("variants", []) for side in (saved, mine)))
    return _merged_record(saved, mine, ask, pointer, under, renamed)


def _merged_record(saved, mine, ask, pointer, under, renamed):
    made = {}
    for name in {**mine, **saved}:
        place, (before, after) = f"{pointer}/{name}", _sides(saved, mine, name)
        label = f"{under}, {label_of(name).lower()}" if under else label_of(name)
        if before == after:
            made[name] = after
        elif name in DERIVED:
            made[name] = DERIVED[name]
        elif isinstance(after, dict) and isinstance(before, dict):
            made[name] = _merged_record(before, after, ask, place, under, renamed)
        elif isinstance(after, list) and name in KEYS:
            made[name] = _merged_items(before, after, ask, place, KEYS[name], under, renamed)
        else:
            made[name] = before if ask(_field(place, name, label, before, after)) == SAVED else after
    return made


def _sides(saved, mine, name):
    """What both say under a name; a content leaves out what is not said."""
    present = mine.get(name, saved.get(name))
    nothing = [] if isinstance(present, list) else "" if isinstance(present, str) else None
    return saved.get(name, nothing), mine.get(name, nothing)


def _merged_items(saved, mine, ask, pointer, key, under, renamed):
    pairs, made = matched(saved, mine, key, renamed), []
    for number, item in enumerate(mine):
        place, name = f"{pointer}/{number}", _named(item, under)
        if number in pairs:
            made.append(_merged_record(saved[pairs[number]], item, ask, place, name, renamed))
        elif ask(_item(place, name, item, MINE)) == MINE:
            made.append(item)
    for number, item in enumerate(saved):
        place, name = f"{pointer}/-{number}", _named(item, under)
        if number not in pairs.values() and ask(_item(place, name, item, SAVED)) == SAVED:
            made.append(item)
    return made


def _named(item, under):
    name = name_of(item)
    return f"{under}: {name}" if under else name


def _field(pointer, name, label, before, after):
    old, new = shown_value(name, before), shown_value(name, after)
    if name in PROSE:
        segments = word_segments(old, new)
        sides = [[s for s in segments if s.op in ("same", op)] for op in ("del", "ins")]
    else:
        sides = [[Segment(op, text)] if text else [] for op, text in (("del", old), ("ins", new))]
    return Choice(pointer, label, *sides, "", MINE)


def _item(pointer, name, item, only):
    said = "; ".join(
        shown for key, value in item.items() if isinstance(value, str | list) and key not in ("components", *DERIVED)
        and (shown := shown_value(key, value))
    )  # fmt: skip
    segments = [Segment("del" if only == SAVED else "ins", said or name)]
    return Choice(pointer, name, *((segments, []) if only == SAVED else ([], segments)), only, only)
