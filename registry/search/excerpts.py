"""The place in a text where the words of a question stand, with the words marked, as safe HTML."""

from html import escape

from django.contrib.postgres.search import SearchHeadline
from django.utils.safestring import mark_safe

from registry.core.text import plain_excerpt
from registry.core.words import CONFIG

# Marks around a word that was found, for as long as the text is not HTML yet: characters that no stored text holds.
FOUND, END = "\ufdd0", "\ufdd1"


def headline(text, terms):
    """The expression for the part of a text in which the terms stand; for `excerpt_of`."""
    return SearchHeadline(
        text, terms, config=CONFIG, start_sel=FOUND, stop_sel=END, max_fragments=2, max_words=30, min_words=12
    )


def excerpt_of(said, text, length):
    """What a headline found as safe HTML, or where it found nothing the beginning of the text."""
    found = FOUND in said
    shown = escape(plain_excerpt(said if found else text[: length * 10], length))
    if found and not text.startswith(said.replace(FOUND, "").replace(END, "")[:20]):
        shown = f"… {shown}"
    shown = shown.replace(FOUND, "<mark>").replace(END, "</mark>")
    # Cutting may have taken one end of a mark away.
    return mark_safe(shown + "</mark>" * (shown.count("<mark>") - shown.count("</mark>")))  # noqa: S308 - escaped above
