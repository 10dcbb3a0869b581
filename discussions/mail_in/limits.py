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
