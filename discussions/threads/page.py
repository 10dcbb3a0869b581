"""A whole thread as HTML, joined from strings: 500 comments cost a millisecond, a template per comment seventeen.

The comments' own HTML was rendered and sanitised when they were written; everything else is escaped here. The
mark-up is that of `docs/looks.md`: replies nest in a `details` that folds without script.
"""

import functools
import json
from hashlib import blake2s
from html import escape
from pathlib import Path

from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone

from .querysets import rows_of_page

DEEPEST = 8  # levels that are shown nested; deeper comments stand below each other and name whom they answer
NAMED_FROM = 4  # from this level on phones stop indenting, so the parent is named
MONTHS = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TEMPLATES = ["threads/detail.html", "base.html", "_navigation.html", "_breadcrumbs.html"]
STYLES = ["daylight/css/daylight.css", "daylight/js/thread.js", "daylight/js/theme.js"]
GONE = "This comment was taken from view. Replies to it stay."


class Reader:
    """Which links stand below a comment: those of a visitor, of a person who may write, or none (closed)."""

    def __init__(self, thread, user=None, *, writes=False):
        self.handle = user.handle if writes else None
        if thread.is_closed:
            self.links = ""
        elif writes:
            self.links = '<a href="?reply={0}#c-{0}">reply</a> <a class="q" href="?quote={0}#c-{0}">quote</a>'
        else:
            self.links = '<a href="reply/?parent={0}">reply</a>'
        if writes and self.links:
            verb = "moderate" if user.is_moderator else "report"
            self.links += f' <a href="/c/{{0}}/{verb}/">{verb}</a>'


def comments_html(thread, reader, *, form_after=None, form=""):
    """The comments of a thread, nested; `form` stands below comment `form_after`, where the reply will."""
    rows = rows_of_page(thread)
    names = {row[0]: f"#{row[2]}" if row[13] else row[5] for row in rows}
    bylines, days, parts, current = {}, {}, [], 0
    links, now = reader.links, thread.about.as_of
    for row, replies in zip(rows, _count_replies(rows), strict=True):
        (pk, parent, number, depth, handle, name, shown, tie, official, html, as_of, at, edits, hidden,
         retracted, marks, *tally) = row  # fmt: skip
        level = min(depth, DEEPEST)
        if current:
            parts.append(CLOSING[current - level + 1] if level <= current else "")
        current = level
        told = (handle, name, shown, tie, official)
        byline = bylines.get(told)
        if byline is None:
            byline = bylines[told] = _byline(*told)
        to = f' <a class="to" href="#c-{parent}">to {escape(names[parent])}</a>' if level >= NAMED_FROM else ""
        when = (at[:10], as_of)
        day = days.get(when)
        if day is None:
            day = days[when] = _day(*when, now)
        if hidden:
            said = _tomb(marks) if marks else GONE
            parts.append(f'<article class="comment tomb" id="c-{pk}"><div class="prose"><p>{said}</p></div>')
        else:
            below = (_tally(*tally) if any(tally) else "") + (links.format(pk) if links else "")
            if edits:
                below += f' <a href="/c/{pk}/history/">edited</a>'
            if handle == reader.handle and links:
                below += f' <a href="/c/{pk}/edit/">edit</a>'
            kind = (" official" if official else "") + (" retracted" if retracted else "")
            beside = _beside(retracted, marks) if retracted or marks else ""
            parts.append(
                f'<article class="comment{kind}" id="c-{pk}"><p class="by">{byline}{beside}{to} '
                f'<a href="/c/{pk}/"><time datetime="{at[:16]}Z">{day}</time> #{number}</a></p>'
                f'<div class="prose">{html}</div><p class="do">{below}</p>'
            )
        if pk == form_after:
            parts.append(form)
        if replies:
            parts.append(f"<details open><summary>{replies} {'reply' if replies == 1 else 'replies'}</summary>")
    parts.append(CLOSING[current])
    return "".join(parts)


# What ends a comment and the levels above it: none, the comment itself, its parent's replies, and so on.
CLOSING = ["", *("</article>" + "</details></article>" * levels for levels in range(DEEPEST))]


def _count_replies(rows):
    """How many comments stand below each, by one walk from the end."""
    counts, below = [], [0] * (DEEPEST + 2)
    for row in reversed(rows):
        level = min(row[3], DEEPEST)
        replies, below[level + 1] = below[level + 1], 0
        below[level] += replies + 1
        counts.append(replies)
    counts.reverse()
    return counts


def _day(date, as_of="", now=""):
    """A date in words, and what the comment speaks of where that is no longer current; once per page and day."""
    year, month, day = date.split("-")
    words = f"{int(day)} {MONTHS[int(month)]} {year}"
    return f"{words}, on {escape(as_of)}" if as_of and as_of != now else words


def _byline(handle, name, shown, tie, official):
    """Who speaks, with what they said of themselves then; made once per page and author."""
    out = f'<a href="/people/{escape(handle)}/">{escape(name)}</a>'
    if tie:
        out += f' <i class="tie">{escape(tie)}</i>'
    if shown:
        out += f" <span>{escape(shown)}</span>"
    if official:
        out += f' <b class="mark">official response of {escape(official)}</b>'
    return out


def _beside(retracted, marks):
    """What was said beside a comment later: by its author, who took it back, and by other parts of the site."""
    out = f' <b class="mark retraction">retracted on {_day(retracted[:10])}</b>' if retracted else ""
    for mark in json.loads(marks) if isinstance(marks, str) else marks or ():
        words = escape(mark["words"])
        said = f'<a href="{escape(mark["path"])}">{words}</a>' if mark["path"] else words
        out += f' <b class="mark {escape(mark["kind"])}">{said}</b>'
    return out


def _tomb(marks):
    """What stands where a comment stood: who took it from view, by which rule and why, and nothing else of it."""
    for mark in json.loads(marks) if isinstance(marks, str) else marks:
        if mark["kind"] == "moderation":
            return f'{escape(mark["words"])} <a href="{escape(mark["path"])}">The decision.</a> Replies stay.'
    return GONE


def _tally(helpful, agree, disagree, agree_organisations, disagree_organisations):
    """How readers took it: whether it helps the discussion, and apart from that whether they agree."""
    out = f"<span>helpful {helpful}</span> " if helpful else ""
    if agree or disagree:
        out += f"<span>agree {agree}, disagree {disagree}"
        if agree_organisations or disagree_organisations:
            out += f" · by organisation {agree_organisations} : {disagree_organisations}"
        out += "</span> "
    return out


def list_html(rows, *, about=False):
    """A list of threads from `as_rows`; `about` says whether each names its subject."""
    items = []
    for row in rows:
        at = row.last_comment_at
        of = f'About <a href="{escape(row.about__path)}">{escape(row.about__title)}</a> · ' if about else ""
        who = f'<a href="/people/{row.started_by__handle}/">{escape(row.started_by__display_name)}</a>'
        locked = row.locked and (row.locked_until is None or row.locked_until > timezone.now())
        closed = " · closed" if locked or row.about__locked else ""
        items.append(
            f'<li><h3><a href="/t/{row.pk}/">{escape(row.title)}</a></h3>'
            f'<p class="quiet">{of}started by {who}{closed}</p>'
            f'<p class="side"><span>{row.comment_count} comment{"" if row.comment_count == 1 else "s"}</span> '
            f'<span>last <time datetime="{at:%Y-%m-%d %H:%MZ}">{_day(str(at)[:10])}</time></span></p></li>'
        )
    return '<ol class="entries">' + "\n".join(items) + "</ol>"


def etag(thread):
    """Names the page that every visitor gets: it changes with the thread, its subject, and our own mark-up."""
    about = thread.about
    now = (thread.is_locked, len(thread.current_notices))  # these end by themselves
    state = (thread.title, now, about.title, about.path, about.as_of, about.locked, _edition())
    return f'"t{thread.pk}-{thread.version}-{blake2s(repr(state).encode(), digest_size=6).hexdigest()}"'


@functools.cache
def _edition():
    """A digest of what draws the page, so that a new release of the software makes new pages."""
    sources = [Path(__file__), *(Path(get_template(name).origin.name) for name in TEMPLATES)]
    drawn = b"".join(source.read_bytes() for source in sources)
    return blake2s(drawn + "".join(map(static, STYLES)).encode(), digest_size=6).hexdigest()
