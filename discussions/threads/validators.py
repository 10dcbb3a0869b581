"""Whether what was typed can be stored and shown; the text is made safe to show by `core.markdown`."""

from registry.core.errors import Invalid
from registry.core.markdown import MarkdownRefused, render
from registry.core.text import TextRefused, clean, looks_empty

from .mentions import people_named
from .models import MAX_RETRACTION

MAX_TITLE = 200


def clean_title(title):
    """A title in one line, or `Invalid`."""
    title = _clean(title, "title", lines=False)
    if looks_empty(title):
        raise Invalid("Give the discussion a title that says what it is about.", "title", "required")
    if len(title) > MAX_TITLE:
        said = f"The title has {len(title)} characters; at most {MAX_TITLE} are possible."
        raise Invalid(said, "title", "max_length")
    return title


def clean_body(body):
    """The text as it is stored and its safe HTML, or `Invalid` with what its author can do."""
    body = tidy_body(body)
    if looks_empty(body):
        raise Invalid("Write something first.", "body", "required")
    try:
        return body, render(body, strict=True, people=people_named(body))
    except MarkdownRefused as problem:
        raise Invalid(str(problem), "body") from None


def tidy_body(body):
    """The text as it is stored, whatever it says."""
    return _clean(body, "body").rstrip().lstrip("\n")


def clean_reason(reason):
    """Why a comment is taken back, in one line, or `Invalid`."""
    reason = _clean(reason, "reason", lines=False)
    if looks_empty(reason):
        raise Invalid("Say in a sentence why you take it back; readers see it.", "reason", "required")
    if len(reason) > MAX_RETRACTION:
        said = f"The reason has {len(reason)} characters; at most {MAX_RETRACTION} are possible."
        raise Invalid(said, "reason", "max_length")
    return reason


def _clean(text, field, **how):
    try:
        return clean(text, **how)
    except TextRefused as problem:
        raise Invalid(str(problem), field, "characters") from None
