"""What an edit changed, as an editor's mark-up: paragraphs first, then words within a changed one."""

import re
from difflib import SequenceMatcher
from html import escape

from django.utils.safestring import mark_safe

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes time in the square of the number of parts; larger ones are shown as taken out and put in.
MOST_WORDS = 600
MOST_LINES = 600


def marked(before, after):
    """Safe HTML of the text after an edit, with what went and what came; for a `div.diff`."""
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > MOST_LINES:
        return mark_safe(_block("removed", before) + _block("added", after))  # noqa: S308 - escaped by _block
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "\n".join(old[a:b]), "\n".join(new[c:d])
        if kind == "equal":
            parts += [_block("", text) for text in come.strip("\n").split("\n\n")]
        elif kind == "replace":
            parts.append(_replaced(gone, come))
        else:
            parts.append(_block("removed", gone) if gone else _block("added", come))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped below


def _replaced(gone, come):
    old, new = WORDS.findall(gone), WORDS.findall(come)
    if max(len(old), len(new)) > MOST_WORDS:
        return _block("removed", gone) + _block("added", come)
    out = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            out.append(_shown("".join(new[c:d])))
            continue
        if b > a:
            out.append("<del>" + _shown("".join(old[a:b])) + "</del>")
        if d > c:
            out.append("<ins>" + _shown("".join(new[c:d])) + "</ins>")
    return '<p class="changed">' + "".join(out) + "</p>"


def _block(kind, text):
    if not text.strip():
        return ""
    mark = f' class="{kind}"' if kind else ""
    shown = _shown(text.strip("\n"))
    return f"<p{mark}>{shown}</p>"


def _shown(text):
    return escape(text, quote=False).replace("\n", "<br>")
