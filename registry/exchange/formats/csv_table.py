"""CSV (RFC 4180): one line for each component of each stage, for spreadsheets and statistics."""

import csv
import io

from registry.releases.schema import COMPONENT, STAGE
from registry.releases.shape import Listing, Record, Text

from ..said import Said, instead

# What spreadsheets take for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def document(source):
    of_stage, of_part = columns(STAGE), columns(COMPONENT)
    lines = [["entry", "title", "stage", *(f"stage_{name}" for name in of_stage), *of_part]]
    for number, stage in enumerate(source.content["stages"], 1):
        front = [source.entry.key, source.content["title"], str(number), *(cell(stage.get(name)) for name in of_stage)]
        for part in stage["components"] or [{}]:
            lines.append([*front, *(cell(part.get(name)) for name in of_part)])
    return lines


def columns(record):
    return [
        name for name, shape in record.all.items()
        if not isinstance(shape, Record) and not (isinstance(shape, Listing) and not isinstance(shape.item, Text))
    ]  # fmt: skip


def cell(value):
    if isinstance(value, list):
        return instead(" ".join(value), *value)
    if value is None:
        return ""
    return Said(f"'{value}", value.pointers, value.how) if value.startswith(FORMULA) else value


def render(lines):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()
