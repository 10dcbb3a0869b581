"""Free text that people type, brought into the form in which it is stored, or refused beside its field."""

import re

from .errors import Invalid
from .text import TextRefused, clean, looks_empty

# In Markdown they are kept, and shown as signs (see `core.markdown`); a plain text is shown as it is.
TURNS_THE_LINE = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fit_line(text, field, *, required=False):
    """A title, a name of a place, a role: plain text on one line."""
    text = _plain(text, field, lines=False)
    if required and looks_empty(text):
        raise Invalid("Write at least one letter that can be seen.", field, "required")
    return text


def fit_lines(text, field):
    """Plain text that may have several lines."""
    return _plain(text, field, lines=True).strip()


def fit_markdown(text, field):
    """Text that is rendered before it is shown."""
    return _cleaned(text, field, lines=True).strip()


def _plain(text, field, *, lines):
    text = _cleaned(text, field, lines=lines)
    if found := TURNS_THE_LINE.search(text):
        said = f"The text holds a sign that turns the direction of writing (U+{ord(found[0]):04X}). Remove it."
        raise Invalid(said, field, "characters")
    return text


def _cleaned(text, field, *, lines):
    try:
        return clean(text, lines=lines)
    except TextRefused as problem:
        raise Invalid(str(problem), field, "characters") from None
