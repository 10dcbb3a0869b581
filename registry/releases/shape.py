"""The shape of plain JSON: what a record may hold, how it is tidied, and what is wrong with it, by pointer."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

# Longer texts are refused anyway, and composing a long run of combining marks takes quadratic time.
TIDY_LIMIT = 50_000
UNKNOWN_FIELDS_NAMED = 10
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
BREAKS = re.compile("[\n\t\u2028\u2029]")
SURROGATES = re.compile("[\ud800-\udfff]")
http_address = URLValidator(schemes=["http", "https"])


class Problem(NamedTuple):
    pointer: str
    code: str
    detail: str


@dataclass(frozen=True)
class Text:
    limit: int
    lines: bool = False
    default: str = ""


@dataclass(frozen=True)
class Address(Text):
    limit: int = 2000


@dataclass(frozen=True)
class Pattern(Text):
    pattern: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Choice:
    choices: type
    default: str = ""
    blank: bool = True

    @cached_property
    def words(self):
        """Its words, which the enumeration makes anew whenever it is asked."""
        return tuple(self.choices.values)


@dataclass(frozen=True)
class Count:
    limit: int
    default: int = 0


@dataclass(frozen=True)
class Number:
    """A number that may also be left unsaid; decimals where it is not `whole`."""

    limit: float
    whole: bool = True
    default: None = None


@dataclass(frozen=True)
class Listing:
    item: object
    limit: int


@dataclass(frozen=True)
class Record:
    """`later` fields came after the first contents were stored: they stand only where they say something.

    What was stored before is therefore tidied to itself, and keeps its digest.
    """

    fields: dict = field(default_factory=dict)
    optional: bool = False
    later: dict = field(default_factory=dict)

    @property
    def all(self):
        return self.fields | self.later


def blank(shape):
    """Return what stands where nothing was said."""
    if isinstance(shape, Listing):
        return []
    if isinstance(shape, Record):
        return None if shape.optional else {name: blank(inner) for name, inner in shape.fields.items()}
    return shape.default


def tidy(shape, value):
    """Fill what is missing and trim texts; keep what does not fit, so that `problems` can name it."""
    if value is None:
        return blank(shape)
    if isinstance(shape, Listing) and isinstance(value, list):
        return [tidy(shape.item, item) for item in value]
    if isinstance(shape, Record) and isinstance(value, dict):
        known = {name: tidy(inner, value.get(name)) for name, inner in shape.fields.items()}
        more = {name: tidy(inner, value.get(name)) for name, inner in shape.later.items()}
        known |= {name: said for name, said in more.items() if said != blank(shape.later[name])}
        return known | {name: kept for name, kept in value.items() if name not in shape.all}
    if isinstance(shape, Text | Choice) and isinstance(value, str):
        return tidy_text(value) or shape.default
    if isinstance(shape, Number) and type(value) is float and value.is_integer():
        return int(value)
    return value


def tidy_text(text):
    """Trim a text, compose its characters (NFC) and end its lines with a plain line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if len(text) > TIDY_LIMIT else unicodedata.normalize("NFC", text)


def problems(shape, value, pointer="") -> Iterator[Problem]:
    """Yield what is wrong with a value of this shape; no value makes it raise."""
    kind, noun = EXPECTED[type(shape)]
    if value is None and (isinstance(shape, Number) or (isinstance(shape, Record) and shape.optional)):
        return
    if type(value) is not kind and not (isinstance(shape, Number) and type(value) is float):
        yield Problem(pointer, "type", f"This must be {noun}, not {name_of(value)}.")
        return
    yield from CHECKS[type(shape)](shape, value, pointer)


def record_problems(shape, value, pointer):
    unknown = [key for key in value if key not in shape.all]
    for key in unknown[:UNKNOWN_FIELDS_NAMED]:
        yield Problem(f"{pointer}/{token(key)}", "unknown_field", f"There is no field “{token(key)}” here.")
    if len(unknown) > UNKNOWN_FIELDS_NAMED:
        more = len(unknown) - UNKNOWN_FIELDS_NAMED
        yield Problem(pointer, "unknown_field", f"There are {more} more unknown fields here.")
    for name, inner in shape.fields.items():
        if name in value:
            yield from problems(inner, value[name], f"{pointer}/{name}")
        else:
            yield Problem(f"{pointer}/{name}", "required", "This field is missing.")
    for name, inner in shape.later.items():
        if name in value:
            yield from problems(inner, value[name], f"{pointer}/{name}")


def listing_problems(shape, value, pointer):
    if len(value) > shape.limit:
        yield Problem(pointer, "too_many", f"There may be {shape.limit} of these at most; there are {len(value)}.")
    for index, item in enumerate(value[: shape.limit]):
        yield from problems(shape.item, item, f"{pointer}/{index}")


def text_problems(shape, value, pointer):
    if SURROGATES.search(value):
        yield Problem(pointer, "encoding", "This text holds half a character and cannot be stored.")
    if CONTROLS.search(value) or (not shape.lines and BREAKS.search(value)):
        where = "control characters" if shape.lines else "line breaks or control characters"
        yield Problem(pointer, "control_character", f"This text may not hold {where}.")
    if len(value) > shape.limit:
        detail = f"This may be {shape.limit} characters long at most; it is {len(value)}."
        yield Problem(pointer, "too_long", detail)


def pattern_problems(shape, value, pointer):
    yield from text_problems(shape, value, pointer)
    if value and len(value) <= shape.limit and not re.fullmatch(shape.pattern, value, re.ASCII):
        yield Problem(pointer, "format", shape.meaning)


def address_problems(shape, value, pointer):
    found = list(text_problems(shape, value, pointer))
    if value and not found and (detail := unsafe_address(value)):
        found.append(Problem(pointer, "url", detail))
    yield from found


def unsafe_address(url):
    """Return a sentence on why a web address cannot be linked to, or an empty string."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return "The address must begin with https:// or http://."
        if "@" in parts.netloc or "\\" in url or parts.port == 0:
            return "The address may not hold a user name, a password or a backslash."
        http_address(url)
    except (ValidationError, ValueError):
        return "This is not a whole web address, such as https://example.org/page."
    return ""


def choice_problems(shape, value, pointer):
    if value in shape.words or (value == "" and shape.blank):
        return
    words = ", ".join(word for word in shape.words if word)
    yield Problem(pointer, "choice", f"“{token(value)}” is not one of: {words}.")


def count_problems(shape, value, pointer):
    if not 0 <= value <= shape.limit:
        yield Problem(pointer, "range", f"This must be from 0 to {shape.limit}.")


def number_problems(shape, value, pointer):
    # Also refuses what is not a number at all, which compares as neither less nor more.
    if not 0 <= value <= shape.limit:
        yield Problem(pointer, "range", f"This must be from 0 to {shape.limit:,}.")
    elif shape.whole and type(value) is float:
        yield Problem(pointer, "type", "This must be a whole number.")


def token(key):
    """Write a key as a short, storable part of a JSON pointer."""
    text = str(key)[:60].encode("utf-8", "backslashreplace").decode()
    return CONTROLS.sub("�", text).replace("~", "~0").replace("/", "~1")


def name_of(value):
    return JSON_NAMES.get(type(value), "something else")


JSON_NAMES = {
    dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number",
    type(None): "null",
}
EXPECTED = {
    Record: (dict, "an object"), Listing: (list, "a list"), Text: (str, "a text"), Pattern: (str, "a text"),
    Address: (str, "a text"), Choice: (str, "a text"), Count: (int, "a whole number"),
    Number: (int, "a number"),
}
CHECKS = {
    Record: record_problems, Listing: listing_problems, Text: text_problems, Pattern: pattern_problems,
    Address: address_problems, Choice: choice_problems, Count: count_problems,
    Number: number_problems,
}
