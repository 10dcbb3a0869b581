"""A card as Daylight writes it: headings, paragraphs and tables, read back to the letter."""

import json
import re

from registry.releases.schema import CONTENT
from registry.releases.shape import Choice, Listing, Number, Text

from ..tables import cells, in_words, tables, unescaped, value_of

MARK = "<!-- daylight-card/1 -->"
KIND = "**What it is:** "
END = "*The release decision of "
PROSE = {"Why": "rationale"}


def read_own(text, front, found):
    """Title, summary and kind at the top, long texts under their headings, lists in tables."""
    content, where = {}, {}
    for title, line, lines in sections(text, front.end):
        if line is None:
            top(lines, found)
        elif title in by_title():
            rows(by_title()[title], lines, content, where, found)
        elif title in prose_names():
            found.add(prose_names()[title], joined(lines), f"line {line}", joined(lines))
        else:
            under_item(title, line, lines, content, found)
    for name, value in content.items():
        found.add(name, value, where[name], "")


def sections(text, start):
    """(heading, number of its line, [(number, line)]) of each part; the first has no heading."""
    first = text.count("\n", 0, start) + 1
    title, at, lines = "", None, []
    for number, line in enumerate(text[start:].split("\n"), first):
        if line.startswith(END):
            break
        if line.startswith(("## ", "### ")):
            yield title, at, lines
            title, at, lines = line.lstrip("#").strip(" "), number, []
        else:
            lines.append((number, line))
    yield title, at, lines


def by_title():
    return {table.title: table for table in tables()}


def prose_names():
    return PROSE | {in_words(n): n for n, s in CONTENT.all.items() if isinstance(s, Text) and s.limit >= 20_000}


def joined(lines):
    return "\n".join(line for _, line in lines).strip()


def top(lines, found):
    for number, line in lines:
        place = f"line {number}"
        if line.startswith("# "):
            found.add("title", unescaped(line[2:]), place, line)
        elif line.startswith(KIND):
            kind = value_of(CONTENT.all["artefact"].all["kind"], line.removeprefix(KIND).strip())
            found.add("kind", kind or "", place, line)
        elif line and line != MARK:
            found.add("summary", unescaped(line), place, line)


def rows(table, lines, content, where, found):
    """The items of a table; a column that is not known is named and passed over."""
    read = [(number, row) for number, line in lines if (row := cells(line)) is not None]
    if len(read) < 2:
        return
    (at, head), *rest = read
    for column in head:
        if column not in table.fields and column not in ("No.", parent_column(table)):
            found.miss(f"column “{column}” of {table.title}", f"line {at}", "The table has no such column here.")
    for number, row in rest[1:]:
        told = dict(zip(head, row, strict=False))
        item = {
            name: parsed(shape, told[column], number, found)
            for column, (name, shape) in table.fields.items() if column in told
        }  # fmt: skip
        place(table, told, item, content, number, found)
    where.setdefault(section_of(table), f"line {at}")


def parent_column(table):
    return in_words(table.parent).removesuffix("s") if table.parent else ""


def section_of(table):
    """The field of a draft that a table belongs to."""
    return table.path[1] if table.path[0] == "artefact" else table.path[0]


def place(table, told, item, content, number, found):
    if not table.parent:
        content.setdefault(section_of(table), []).append(item)
        return
    above = told.get(parent_column(table), "")
    items = content.get(table.parent, [])
    if above.isascii() and above.isdigit() and 1 <= int(above) <= len(items):
        items[int(above) - 1].setdefault(table.path[-1], []).append(item)
    else:
        found.miss(table.title, f"line {number}", f"There is no {parent_column(table).lower()} {above!r} above it.")


def parsed(shape, cell, number, found):
    """A cell as the value that was written into it."""
    if isinstance(shape, Listing):
        return [unescaped(one) for one in cell.split("<br>") if one]
    if isinstance(shape, Number):
        return number_in(cell, number, found)
    text = cell[1:-1] if cell.startswith("<http") and cell.endswith(">") else unescaped(cell)
    if isinstance(shape, Choice) and text:
        value = value_of(shape, text)
        if value is None:
            found.miss(f"“{text}”", f"line {number}", "This is not one of the words that may stand here.")
        return value or ""
    return text


def number_in(cell, number, found):
    """A number, or nothing where the cell is empty."""
    try:
        return json.loads(unescaped(cell)) if cell else None
    except ValueError:
        found.miss(f"“{cell}”", f"line {number}", "This is not a number.")
        return None


def under_item(title, line, lines, content, found):
    """A long text of one item, under a heading such as `Why, stage 2`."""
    match = re.fullmatch(r"(.+), (.+) (\d{1,3})", title)
    for table in tables():
        noun = in_words(table.path[-1]).lower().removesuffix("s")
        name = prose_names().get(match[1]) or match[1].lower().replace(" ", "_") if match else ""
        items = content.get(section_of(table), [])
        if match and match[2] == noun and not table.parent and 1 <= int(match[3]) <= len(items):
            items[int(match[3]) - 1][name] = joined(lines)
            return
    found.miss(title or "text", f"line {line}", "This section is not one that a release entry has.", joined(lines))
