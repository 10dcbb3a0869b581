"""What of a page is the same for every reader of a revision: a revision never changes, so it is drawn once a day."""

import json

from django.template.loader import render_to_string

from .. import dates, page

MOST_KEPT = 128
_kept = {}


def prepared(revision, *, curated, marks=None):
    """The context of `page.read`, with picture and body drawn; kept in this process until the day is over."""
    today = dates.latest_today()
    key = (revision.pk, revision.digest, curated, today, json.dumps(marks, sort_keys=True) if marks else "")
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = drawn(revision.content, revision.html, curated=curated, today=today, marks=marks)
    return _kept[key]


def drawn(content, html, *, curated, today=None, marks=None):
    """The same for what may still change, such as a draft."""
    context = page.read(content, html, curated=curated, today=today, marks=marks)
    shown = {"drawing": render_to_string("releases/_picture.html", context)}
    shown["body"] = render_to_string("releases/_content.html", context)
    kept = (
        "content",
        "summary",
        "why",
        "families",
        "concerns",
        "alternatives",
        "events",
        "promised",
        "samples",
        "links",
        "sources",
        "counts",
        "unsourced",
    )
    return {name: context[name] for name in kept} | shown
