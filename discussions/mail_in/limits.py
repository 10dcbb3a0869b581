"""How much a mail may hold: what is beyond it is refused before it is parsed, so that parsing takes a moment."""

import re

MEGABYTE = 1024 * 1024
MOST_LINES = 300_000
MOST_HEADER_BYTES = 64 * 1024
MOST_NESTED = 40  # parts that hold others; the parser of the standard library calls itself for each
MOST_BOUNDARIES = 2_000
MOST_PARTS = 200
MOST_HEADER = 2_000  # characters of one header that are looked at
MOST_HTML, MOST_TAGS = 300_000, 8_000  # nh3 needs time in the square of the nesting
MOST_TEXT = 100_000  # characters of text that are looked at; five times what can be posted
MOST_FIELDS = 2_000  # header lines without a break, in a part as at the top
MOST_FIELD = 4_096  # bytes of one Content- header: the standard library needs time in the square of its length
FIELD = re.compile(rb"[!-9;-~]{1,100}:")
CONTENT = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
NESTING = re.compile(rb"^content-type:\s{0,100}(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
HEADER_END = re.compile(rb"\r?\n\r?\n")


class TooMuch(ValueError):
    """A mail that is not read; the message says why, for its sender's mail server."""


def check(raw, most_bytes):
    """Raise `TooMuch` where a mail is too large or too deep to be parsed within a moment."""
    if len(raw) > most_bytes:
        raise TooMuch(f"A mail may have {most_bytes // MEGABYTE} MB. Leave out what is attached.")
    end = HEADER_END.search(raw, 0, MOST_HEADER_BYTES + 4)
    if end is None and len(raw) > MOST_HEADER_BYTES:
        raise TooMuch("The headers of this mail are too long.")
    if raw.count(b"\n") > MOST_LINES:
        raise TooMuch("This mail has too many lines.")
    nested = sum(1 for _ in NESTING.finditer(raw))
    if nested > MOST_NESTED or (nested and raw.count(b"\n--") > MOST_BOUNDARIES):
        raise TooMuch("This mail holds too many parts.")
    if any(len(found[0]) > MOST_FIELD for found in CONTENT.finditer(raw)) or (nested and _has_long_head(raw)):
        raise TooMuch("The headers within this mail are too long.")


def _has_long_head(raw):
    """Whether some part has more headers than any program writes."""
    fields = size = 0
    for line in raw.split(b"\n"):
        if FIELD.match(line):
            fields += 1
        elif not (fields and line[:1] in {b" ", b"\t"}):
            fields = size = 0
            continue
        size += len(line)
        if fields > MOST_FIELDS or size > MOST_HEADER_BYTES:
            return True
    return False
