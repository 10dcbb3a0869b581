"""What each kind of statement must say."""

import re

from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines
from registry.releases.shape import unsafe_address

from .models import Statement

Kind = Statement.Kind
MOST = {"value": 2_000, "reason": 2_000, "quote": 2_000, "source_title": 300, "source_url": 2_000, "archive_url": 2_000}
LINES = {"value", "reason", "quote"}
SHA256 = re.compile("[0-9a-f]{64}")


def fit_words(kind, **given):
    """The words of a statement as they are kept; raises `Invalid` with every problem under its field."""
    words = {name: _fit(name, given.get(name) or "") for name in MOST}
    words["archive_sha256"] = _fit_digest(given.get("archive_sha256") or "")
    for field, missing in _missing(kind, words):
        if missing:
            raise Invalid(missing, field, "required")
    return words


def _fit(name, text):
    text = fit_lines(text, name) if name in LINES else fit_line(text, name)
    if len(text) > MOST[name]:
        raise Invalid(f"This may be {MOST[name]} characters long at most.", name, "too_long")
    if name.endswith("_url") and text and (problem := unsafe_address(text)):
        raise Invalid(problem, name, "url")
    return text


def _fit_digest(text):
    text = text.strip().lower().removeprefix("sha256:")
    if text and not SHA256.fullmatch(text):
        raise Invalid("Write the SHA-256 of the archived copy as 64 hex digits.", "archive_sha256", "format")
    return text


def _missing(kind, words):
    """What cannot be left out, as (field, sentence)."""
    source = words["source_title"] or words["source_url"]
    if kind == Kind.CHECK:
        yield "source_title", "" if source else "Name the source that you checked it against."
        yield "quote", "" if words["quote"] else "Quote the words of the source that say so."
        kept = words["source_url"] or words["archive_url"] or words["archive_sha256"]
        yield "source_url", "" if kept else "Give the source's address, or where or as what it is archived."
    if kind == Kind.DISPUTE:
        yield "reason", "" if words["reason"] else "Say why you dispute it."
        yield "source_title", "" if source else "Name a source of your own, so that others can follow you."
    if kind == Kind.ASSERTION:
        yield "value", "" if words["value"] else "Say what the fact should say instead."
    if kind == Kind.SOURCE:
        yield "source_title", "" if source else "Give the source's title or address."
    if kind == Kind.RETRACTION:
        yield "reason", "" if words["reason"] else "Say why it is taken back."
