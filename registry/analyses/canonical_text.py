"""Canonical text: what is left of a text once everything that only depends on typing and layout is gone."""

import re
import unicodedata
from itertools import islice

# Thai, Lao, Burmese, Khmer, kana and Han are written without blanks: there each character counts as one word.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = re.compile(f"[{UNSPACED}]|[^\\s{UNSPACED}]+")
ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#34;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&#x27;": "'",
    "&nbsp;": " ",
    "&#160;": " ",
    "&hellip;": "...",
    "&mdash;": "-",
    "&ndash;": "-",
    "&ldquo;": '"',
    "&rdquo;": '"',
    "&lsquo;": "'",
    "&rsquo;": "'",
}
ENTITY = re.compile("|".join(map(re.escape, ENTITIES)))
LATEX_QUOTES = re.compile("``|''")


def canonical_text(text: str) -> str:
    """Straight quotes, plain dashes, single blanks, composed characters; nothing invisible, no HTML entities."""
    text = ENTITY.sub(lambda match: ENTITIES[match[0]], text)
    text = unicodedata.normalize("NFC", text).translate(REPLACEMENTS)
    return " ".join(LATEX_QUOTES.sub('"', text).split())


def word_ends(text: str, limit: int | None = None) -> list[int]:
    """Where each of the first `limit` words of a canonical text ends."""
    return [match.end() for match in islice(WORD.finditer(text), limit)]


def first_words(text: str, count: int) -> str:
    """The text up to and including its word number `count`."""
    ends = word_ends(text, count)
    return text[: ends[-1]] if ends else ""


def without_prompt(text: str, prompt: str) -> str:
    """A canonical text without the canonical prompt it begins with."""
    if prompt and text.startswith(prompt):
        return text[len(prompt) :].lstrip()
    return text


def _replacements() -> dict[int, str | None]:
    """One table for `str.translate`; white space is left to `split`."""
    invisible = [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE0080),
    ]
    controls = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
    table: dict[int, str | None] = dict.fromkeys([*invisible, *controls])
    table |= dict.fromkeys([0x2018, 0x2019, 0x201A, 0x201B, 0x2032, 0x2BC, 0xFF07, 0x60, 0xB4], "'")
    table |= dict.fromkeys([0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xFF02], '"')
    table |= dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")
    return table | {0x2026: "..."}


REPLACEMENTS = _replacements()
