"""The one place where user text becomes HTML.

Ordinary texts are rendered in this process (0.6 ms for a comment). A text that could be one of the hostile
shapes, by length or by its number of marks, goes to a helper process that is killed after 1.4 s. The test for
"ordinary" counts, it does not judge: 92,000 texts built to be slow within its bounds took 0.2 s at most.
"""

import logging

from registry.core.markdown.helper import convert_in_helper
from registry.core.markdown.limits import (
    MAX_CHARACTERS,
    MarkdownRefused,
    TooDeep,
    TooLong,
    TooSlow,
)
from registry.core.markdown.rendering import convert, plain

__all__ = ["MAX_CHARACTERS", "MarkdownRefused", "TooDeep", "TooLong", "TooSlow", "render"]

ORDINARY_LENGTH = 4_000
ORDINARY_LINES = 200
ORDINARY_BRACKETS = 40  # each open bracket makes Python-Markdown look through the rest of the paragraph
ORDINARY_MARKS = 250
MARKS = "[*_~`|>#<$&\\-+=!:("

logger = logging.getLogger(__name__)


def render(text: str, *, strict: bool = False, people: frozenset = frozenset()) -> str:
    """Safe HTML for Markdown; what cannot be formatted in time is shown as typed, or refused if `strict`.

    `people` are the handles that become links where they are named with an @.

    A preview is what will be stored, for nothing depends on the place; only a text at the edge of its time
    can be shown as typed once and formatted another time.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLong(len(text))
    try:
        return convert(text, people) if _is_ordinary(text) else convert_in_helper(text, people)
    except MarkdownRefused:
        if strict:
            raise
        return plain(text)
    except Exception:
        # A fault of a parser must not cost somebody their text.
        logger.exception("Markdown could not be rendered; the text is shown as typed.")
        return plain(text)


def _is_ordinary(text):
    """Whether rendering takes a moment at most, whatever the text says."""
    return (
        len(text) <= ORDINARY_LENGTH
        and text.count("\n") <= ORDINARY_LINES
        and text.count("[") <= ORDINARY_BRACKETS
        and sum(map(text.count, MARKS)) <= ORDINARY_MARKS
    )
