"""Sets of comments' numbers as ranges: `1-5,8` from a browser, int4multirange in PostgreSQL, pairs in Python."""

import re

from django.db import models

from registry.core.errors import Invalid

MOST = 500  # ranges in one report of a browser
WRITTEN = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")


class MultirangeField(models.Field):
    """PostgreSQL's set of whole numbers; it merges two of them in one statement. Read as `[(first, last), …]`."""

    def db_type(self, connection):
        return "int4multirange"

    def from_db_value(self, value, expression, connection):
        return pairs(value)


def pairs(multirange):
    """The first and last number of each range of what the database gave."""
    return [(found.lower, found.upper - 1) for found in multirange or ()]


def read(text):
    """`1-5,8` as PostgreSQL writes it, or `Invalid`."""
    parts = [part for part in text.split(",") if part]
    if len(parts) > MOST:
        raise Invalid(f"At most {MOST} ranges can be told at once.", "ranges")
    found = [WRITTEN.fullmatch(part) for part in parts]
    if not all(found):
        raise Invalid("Ranges are written as 1-5,8.", "ranges")
    ends = [(int(match[1]), int(match[2] or match[1])) for match in found]
    if any(first > last for first, last in ends):
        raise Invalid("A range begins with its lower number.", "ranges")
    return "{" + ",".join(f"[{first},{last}]" for first, last in ends) + "}"


def missing(seen, highest):
    """The numbers from 1 to `highest` that are in no range."""
    numbers = set(range(1, highest + 1))
    for first, last in seen:
        numbers.difference_update(range(first, last + 1))
    return numbers
