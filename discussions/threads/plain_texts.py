"""What a subject says now, in plain words as its page shows them: what passages are looked for in."""

import re
from html import unescape

from registry.analyses.models import Run
from registry.norms.models import Norm, Wording
from registry.releases.models import Entry

MOST = 300_000  # characters; what stands behind them is not looked through
INLINE = re.compile(r"</?(?:a|em|strong|del|code|span|sup|m[a-z]+)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")


def text_of(subject):
    """The published text of a subject; never that of a draft."""
    parts = TEXTS[subject.kind](subject) if subject.kind in TEXTS else [subject.title, subject.text]
    return "\n".join(part for part in parts if part)[:MOST]


def in_words(html):
    """Stored HTML as the words that a reader selects; blocks stand on lines of their own."""
    return unescape(TAG.sub("\n", INLINE.sub("", html)))


def _entry(subject):
    entry = Entry.objects.select_related("current").filter(subject=subject).first()
    if entry is None or entry.current is None:
        return []
    html = [in_words(html) for html in entry.current.html.values()]
    return [entry.title, entry.sentence, *html, *_strings(entry.current.content)]


def _norm(subject):
    norm = Norm.objects.with_current().filter(subject=subject).first()
    if norm is None or norm.current is None:
        return []
    said = [part for wording in norm.current.wordings.order_by("position") for part in _words(wording)]
    return [norm.title, norm.summary, in_words(norm.current.purpose_html), *said]


def _clause(subject):
    wording = Wording.objects.filter(clause__subject=subject).order_by("-version__number").first()
    return _words(wording) if wording else []


def _run(subject):
    run = Run.objects.filter(subject=subject, public=True).only("result", "findings").first()
    if run is None:
        return []
    sentence = run.result.get("sentence") if isinstance(run.result, dict) else ""
    return [subject.title, sentence, *(finding.get("message", "") for finding in run.findings)]


def _words(wording):
    return [wording.heading, in_words(wording.html), wording.applies_when, wording.rationale]


def _strings(value):
    """Every text within JSON, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


TEXTS = {"release": _entry, "norm": _norm, "clause": _clause, "run": _run}
