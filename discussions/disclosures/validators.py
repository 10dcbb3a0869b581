"""Whether a correction can be stored and shown."""

from registry.core.errors import Invalid
from registry.core.text import TextRefused, clean, looks_empty

MOST = 500


def clean_correction(text):
    """The correction on one line, or `Invalid`."""
    try:
        text = clean(text, lines=False)
    except TextRefused as problem:
        raise Invalid(str(problem), "text", "characters") from None
    if looks_empty(text):
        raise Invalid("Say what was wrong or missing.", "text", "required")
    if len(text) > MOST:
        raise Invalid(f"The correction has {len(text)} characters; at most {MOST} are possible.", "text", "max_length")
    return text
