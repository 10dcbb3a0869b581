"""The lists of a content as tables: columns follow from the content's own records, whatever is added to these.

Used by the writer and the reader of cards alike, so that what one writes the other understands.
"""

import re
from functools import cache
from typing import NamedTuple

from registry.releases.schema import CONTENT
from registry.releases.shape import Choice, Listing, Number, Record, Text

TITLES = {
    "variants": "Variants", "stages": "Stages", "components": "Components", "concerns": "Concerns weighed",
    "alternatives": "Alternatives considered", "events": "Since then", "links": "Links", "sources": "Sources",
}  # fmt: skip
COLUMNS = {"url": "Address", "why_not": "Why not", "text": "What happened", "licence": "Licence"}
PARENT = {"stages": "Stage"}
OPENERS = re.compile(r"^(?:(?=[-+=]+(?:\s|$))|(\d+)(?=[.)](?:\s|$)))")
MARKS = re.compile(r"([\\|<>*_`\[\]#~$!&])")
CELL = re.compile(r"(?<!\\)(?:\\\\)*\|")


class Table(NamedTuple):
    """`path` leads to the list; `parent` is the list that holds lists of these, if any."""

    title: str
    path: tuple
    parent: str
    fields: dict  # column → (name, shape)


def in_words(name):
    text = name.replace("_", " ")
    return text[0].upper() + text[1:]


@cache
def tables():
    """Every list of records in a content as a table of its plain fields, each under a title of its own."""
    found, taken = [], set()
    for table in lists():
        title = table.title if table.title not in taken else f"{in_words(table.path[-2])}: {table.title.lower()}"
        taken.add(title)
        found.append(table._replace(title=title))
    return found


def lists(record=CONTENT, path=(), parent=""):
    for name, shape in record.all.items():
        if isinstance(shape, Record):
            yield from lists(shape, (*path, name), parent)
        elif isinstance(shape, Listing) and isinstance(shape.item, Record):
            yield Table(TITLES.get(name, in_words(name)), (*path, name), parent, columns(shape.item))
            if not parent:
                yield from lists(shape.item, (*path, name), name)


def columns(record):
    """The fields that fit in a cell: texts, choices and lists of texts. Long prose stands in sections of its own."""
    return {
        COLUMNS.get(name, in_words(name)): (name, shape)
        for name, shape in record.all.items()
        if not name.endswith("_precision") and fits_cell(shape)
    }


def fits_cell(shape):
    if isinstance(shape, Listing):
        return isinstance(shape.item, Text)
    return isinstance(shape, Choice | Number) or (isinstance(shape, Text) and shape.limit < 20_000)


def label_of(shape, value):
    """A choice as people read it."""
    return dict(shape.choices.choices).get(str(value), str(value))


def value_of(shape, label):
    """The choice that a label means, or None."""
    return next((value for value, known in shape.choices.choices if known == label), None)


def escaped(text):
    """A text as one line of Markdown that shows exactly this text."""
    return OPENERS.sub(r"\1\\", MARKS.sub(r"\\\1", text)).replace("\n", "<br>")


def unescaped(text):
    parts = re.split(r"(\\.|<br>)", text)
    return "".join(
        "\n" if part == "<br>" else part[1:] if len(part) == 2 and part[0] == "\\" else part for part in parts
    )


def cells(line):
    """The cells of a table's line, still escaped; None where it is no line of a table."""
    line = line.strip(" ")
    if len(line) < 2 or line[0] != "|" or line[-1] != "|":
        return None
    found, start = [], 1
    for match in CELL.finditer(line, 1):
        found.append(line[start : match.end() - 1].strip(" "))
        start = match.end()
    return found if start == len(line) else None
