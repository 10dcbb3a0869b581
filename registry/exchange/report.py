"""The loss report for people: by section, the gravest losses first."""

from itertools import groupby

from registry.releases.pointers import in_words

from .said import ABSENT, EXTENSION, LOOSE, MEANING

MOST = 300  # losses of one section that a page shows; the API has all


def sections(done):
    """[{how, meaning, count, parts: [{title, count, lines, more}]}] of an export."""
    found = []
    for how in (ABSENT, LOOSE, EXTENSION):
        lost = [loss for loss in done.losses if loss.how == how]
        if lost:
            parts = [part(title, list(several)) for title, several in groupby(lost, key=section_of)]
            found.append({"how": how, "meaning": MEANING[how], "count": len(lost), "parts": parts})
    return found


def section_of(loss):
    return in_words("/" + loss.pointer.removeprefix("/artefact").split("/")[1])


def part(title, lost):
    lines = [(in_words(loss.pointer), shortened(loss.text)) for loss in lost[:MOST]]
    return {"title": title, "count": len(lost), "lines": lines, "more": max(0, len(lost) - MOST)}


def shortened(text):
    text = " ".join(text.split())
    return text if len(text) <= 160 else text[:160] + " …"
