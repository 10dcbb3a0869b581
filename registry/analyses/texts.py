"""Texts from an uploaded file: JSON Lines with one text a line, or plain text with one document a file.

A line that cannot be used is reported by its number and left out; nothing here guesses at what it meant.
"""

import io
import json
import math
from dataclasses import dataclass, field

from registry.analyses.errors import Unusable

MAX_BYTES = 64 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_LINES = 100_000
MAX_NAMED = 50  # broken lines listed one by one; all of them are counted
LINE_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")
BOM = b"\xef\xbb\xbf"
OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Text:
    """One document: its text as it stood in the file, and what its line said about it."""

    id: str
    text: str
    line: int = 1
    label: str = ""
    prompt: str = ""
    group: str = ""
    source: str = ""
    fields: dict = field(default_factory=dict, repr=False)


@dataclass
class Reading:
    """What a file held: the texts, and how many lines were used, broken or beyond the limit."""

    name: str
    form: str
    texts: list[Text] = field(default_factory=list)
    lines: int = 0
    broken: int = 0
    unread: int = 0
    broken_lines: list[dict] = field(default_factory=list)

    def refuse(self, line: int, problem: str) -> None:
        self.broken += 1
        if len(self.broken_lines) < MAX_NAMED:
            self.broken_lines.append({"line": line, "problem": problem})

    def counts(self) -> dict:
        """The part of a result that says what became of the file's lines."""
        return {
            "form": self.form,
            "lines": self.lines,
            "read": len(self.texts),
            "broken": self.broken,
            "broken_lines": list(self.broken_lines),
            "unread": self.unread,
        }


class BrokenLine(Exception):
    """A line that holds no usable text; the message says why."""


def read_texts(data: bytes, name: str = "the file") -> Reading:
    """Every usable text of a file; refuses a file that has none."""
    if len(data) > MAX_BYTES:
        raise Unusable(f"{name} is larger than 64 MB: give a part of it.")
    if not data.strip():
        raise Unusable(f"{name} is empty: give JSON Lines with a “text” in each line, or plain text.")
    if data.startswith(OTHER_BOMS):
        raise Unusable(f"{name} is not UTF-8 (it looks like UTF-16): save it as UTF-8.")
    data = data.removeprefix(BOM)
    if is_json_lines(data, name):
        return read_lines(data, name)
    return read_document(data, name)


def is_json_lines(data: bytes, name: str) -> bool:
    """By its name, or because one of the first lines begins like an object."""
    if name.lower().endswith(LINE_SUFFIXES):
        return True
    head = data[:65536].split(b"\n")[:20]
    return any(line.lstrip().startswith(b'{"') or line.lstrip().startswith(b"{ ") for line in head)


def read_document(data: bytes, name: str) -> Reading:
    """A plain text file is one document, named after the file."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(f"{name} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    if "\0" in text:
        raise Unusable(f"{name} holds NUL characters, so it is not a text file: give JSON Lines or plain text.")
    return Reading(name, "text", [Text(id=name[:200], text=text)], lines=text.count("\n") + 1)


def read_lines(data: bytes, name: str) -> Reading:
    """One JSON object a line; blank lines are nothing."""
    reading = Reading(name, "jsonl")
    for number, line in enumerate(io.BytesIO(data), start=1):
        if not line.strip():
            continue
        reading.lines += 1
        if reading.lines > MAX_LINES:
            reading.unread += 1
            continue
        try:
            reading.texts.append(text_of_line(line, number))
        except BrokenLine as problem:
            reading.refuse(number, str(problem))
    if not reading.texts:
        raise Unusable(no_text_sentence(reading))
    return reading


def no_text_sentence(reading: Reading) -> str:
    """Why a file of lines was refused, by its first broken line."""
    if not reading.broken_lines:
        return f"{reading.name} is empty: give JSON Lines with a “text” in each line, or plain text."
    first = reading.broken_lines[0]
    return (
        f"No line of {reading.name} can be used (line {first['line']} {first['problem']}): "
        f'each line must be an object like {{"id": "1", "text": "…"}}.'
    )


def text_of_line(line: bytes, number: int) -> Text:
    """The text of one line, or the reason why there is none."""
    row = object_of_line(line)
    if "text" not in row:
        raise BrokenLine("has no “text”")
    if not isinstance(row["text"], str):
        raise BrokenLine("has a “text” that is not a string")
    values = {key: plain(row, key) for key in ("id", "prompt", "group", "source", "label")}
    rest = {key: value for key, value in row.items() if key not in ("text", *values)}
    return Text(
        id=values.pop("id")[:200] or f"line {number}",
        text=row["text"],
        line=number,
        label=values.pop("label").strip().lower(),
        fields=rest,
        **values,
    )


def object_of_line(line: bytes) -> dict:
    """Strict JSON: UTF-8, no doubled keys, no NaN or infinity, no NUL, no half characters."""
    if len(line) > MAX_LINE:
        raise BrokenLine("is longer than 1 MB")
    if b"\0" in line or (b"\\u0000" in line.lower() and has_nul_escape(line)):
        raise BrokenLine("holds a NUL character")
    try:
        row = DECODER.decode(line.decode("utf-8").strip())
    except UnicodeDecodeError:
        raise BrokenLine("is not UTF-8") from None
    except RecursionError:
        raise BrokenLine("is nested too deeply") from None
    except ValueError as error:
        raise BrokenLine(str(error) if isinstance(error, Strict) else "is not JSON") from None
    if not isinstance(row, dict):
        raise BrokenLine("is not a JSON object")
    if b"\\ud" in line.lower() and has_half_character(row):
        raise BrokenLine("holds half of a character (a lone surrogate)")
    return row


class Strict(ValueError):
    """JSON that Python would read and others would not, or not alike."""


def unique_keys(pairs: list[tuple]) -> dict:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise Strict("names a field twice")
    return row


def no_constant(name: str):
    raise Strict("holds NaN or Infinity, which JSON does not have")


def finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise Strict("holds a number that is too large")
    return value


DECODER = json.JSONDecoder(object_pairs_hook=unique_keys, parse_constant=no_constant, parse_float=finite)


def has_nul_escape(line: bytes) -> bool:
    """Whether a `\\u0000` is an escape and not the tail of an escaped backslash."""
    return b"\\u0000" in line.replace(b"\\\\", b"").lower()


def has_half_character(row) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def plain(row: dict, key: str) -> str:
    """A field as text; numbers are written out, anything else in these fields breaks the line."""
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenLine(f"has a “{key}” that is not text")
    return str(value)
