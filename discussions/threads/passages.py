"""Passages that comments speak of: found in the subject's text when written, looked for again when that changes.

Kept as a TextQuoteSelector of the W3C's Web Annotation model: the words themselves, and 32 characters before and
after them. White space, and how quotation marks and dashes are drawn, count for nothing.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from html import escape
from urllib.parse import quote

from django.db import transaction

from registry.core.errors import Invalid
from registry.core.text import TextRefused, clean

from .marks import set_mark
from .models import Anchor
from .plain_texts import text_of
from .revisions import address_of

MOST = 600
AROUND = 32
ALIKE = 0.8  # of difflib's ratio: from here on a passage counts as reworded, below as gone
TRIED = 5  # windows that are compared letter by letter
# What a page puts around the words of an entry: "Why: …", "3 May 2019: …" before them, numbers of sources behind.
LABEL = re.compile(r"^(?:[^:.]|\.(?! )){1,60}: ")
NUMBERS = re.compile(r"(?<=[^\W\d_][.!?)\"])(?: ?\d{1,3})+$")
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
BLANKS = re.compile(r"\s+")
SIGNS = str.maketrans("“”„‟«»‘’‚‛‹›‐‑‒–—−", '"' * 6 + "'" * 6 + "-" * 6)


def find(subject, passage):
    """The passage in the subject's current text, as an unsaved `Anchor`; None where none is given, or `Invalid`."""
    try:
        wanted = _tidy(clean(passage))
    except TextRefused as problem:
        raise Invalid(str(problem), "passage", "characters") from None
    if not wanted:
        return None
    if len(wanted) > MOST:
        said = f"The passage has {len(wanted)} characters; at most {MOST} are possible."
        raise Invalid(said, "passage", "max_length")
    text = _tidy(text_of(subject))
    wanted, start = _stands(text.translate(SIGNS), wanted.translate(SIGNS))
    if start < 0:
        raise Invalid(
            f"These words do not stand in {subject.title} now. Copy them from its page, or leave the field empty.",
            "passage", "not_found",
        )  # fmt: skip
    end = start + len(wanted)
    return Anchor(
        subject=subject, exact=text[start:end], prefix=text[max(0, start - AROUND) : start],
        suffix=text[end : end + AROUND], as_of=subject.as_of,
    )  # fmt: skip


def _stands(text, wanted):
    """The words that stand in a text, and where: those that are wanted, else without what the page puts around them."""
    bare = NUMBERS.sub("", wanted)
    for words in dict.fromkeys([wanted, bare, LABEL.sub("", wanted), LABEL.sub("", bare)]):
        if words and (start := text.find(words)) >= 0:
            return words, start
    return wanted, -1


def state_in(text, exact):
    """Whether a passage is still in a text, word by word or in other words."""
    text, exact = _tidy(text).translate(SIGNS), _tidy(exact).translate(SIGNS)
    if exact in text:
        return Anchor.State.SAME
    words, size = text.split(" "), len(exact.split(" "))
    for start in _closest(words, exact.split(" "), size):
        window = " ".join(words[start : start + size])
        if SequenceMatcher(None, exact, window, autojunk=False).ratio() >= ALIKE:
            return Anchor.State.REWORDED
    return Anchor.State.GONE


def _closest(words, wanted, size):
    """Where the windows begin that share most words with the passage: one pass over the text."""
    missing, shared, found = Counter(wanted), 0, []
    for end, word in enumerate(words):
        missing[word] -= 1
        shared += missing[word] >= 0
        if end >= size:
            gone = words[end - size]
            shared -= missing[gone] >= 0
            missing[gone] += 1
        found.append((-shared, max(0, end - size + 1)))
    return [start for shared, start in sorted(found)[:TRIED] if -shared * 2 >= size]


def mark_of(anchor):
    """The mark that shows a passage above its comment."""
    subject, state = anchor.subject, Anchor.State(anchor.state)
    path = subject.path if state == state.SAME else address_of(subject.path, anchor.as_of) or subject.path
    return {
        "kind": "passage", "words": str(state.label), "path": path + _fragment(anchor.exact),
        "passage": anchor.exact, "state": state.value,
    }  # fmt: skip


def passage_html(mark):
    """The passage, and whether it still stands; the link leads to the words where they stood or stand."""
    return (
        f'<div class="passage"><div class="prose"><blockquote><p>{escape(mark["passage"])}</p></blockquote></div>'
        f'<p class="quiet"><a href="{escape(mark["path"])}">This passage</a> {escape(mark["words"])}.</p></div>'
    )


@transaction.atomic
def look_again(pk):
    """Look for a passage that is due in its subject's text of now."""
    anchor = Anchor.objects.select_for_update(of=["self"], skip_locked=True).filter(pk=pk, due=True).first()
    if anchor is None:
        return
    before, anchor.state = anchor.state, state_in(text_of(anchor.subject), anchor.exact)
    anchor.due = False
    anchor.save(update_fields=["state", "due"])
    if anchor.state != before:
        mark = mark_of(anchor)
        set_mark(anchor.comment, **mark)


def _tidy(text):
    return BLANKS.sub(" ", UNSEEN.sub("", text)).strip()


def _fragment(exact):
    """The part of an address by which browsers find and mark a text; long ones by their first and last words."""
    words = exact.split(" ")
    ends = [exact] if len(words) < 12 else [" ".join(words[:5]), " ".join(words[-5:])]
    return "#:~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)
