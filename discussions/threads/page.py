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

from registry.core.shelf import Shelf

from .below import below_all, below_own
from .orders import arranged
from .passages import passage_html
from .pseudonyms import own_names
from .querysets import rows_of_page
from .revisions import staleness

DEEPEST = 8  # levels that are shown nested; deeper comments stand below each other and name whom they answer
NAMED_FROM = 4  # from this level on phones stop indenting, so the parent is named
MONTHS = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TEMPLATES = ["threads/detail.html", "threads/_orders.html", "base.html"]
STYLES = [f"daylight/{name}" for name in ("css/daylight.css", "js/thread.js", "js/keys.js", "js/theme.js")]
GONE = "This comment was taken from view. Replies to it stay."


class Reader:
    """Which links stand below a comment: those of a visitor, of a person who may write, or none (closed)."""

    def __init__(self, thread, user=None, *, writes=False, unseen=frozenset()):
        self.user, self.writes = user, writes
        self.own = {person.handle for person in own_names(user, thread.about)} if user else frozenset()
        self.unseen = unseen
        self.new = []  # the comments that were marked as new, in the order of the page
        if thread.is_closed:
            self.links = ""
        elif writes:
            verb = "moderate" if user.is_moderator else "report"
            self.links = (
                '<a href="?reply={0}#c-{0}">reply</a> <a class="q" href="?quote={0}#c-{0}">quote</a> '
                f'<a href="/c/{{0}}/{verb}/">{verb}</a>'
            )
        else:
            self.links = '<a href="reply/?parent={0}">reply</a>'


def comments_html(thread, reader, order=""):
    """The comments of a thread, nested, or one below the other in another order than that of reading: as everybody
    with the same links gets them."""
    return "".join(_drawn(thread, reader, order)[0])


def comments_for(thread, reader, order="", *, form_after=None, form=""):
    """The same as UTF-8, with what is one person's: what is new to them, the links below their own comments, what
    later slices show them below those of others; `form` stands below comment `form_after`, where the reply will.

    Only these few places are made for each reader; the rest is kept until anything in the thread changes.
    """
    key = etag(thread, order), thread.changed_at, reader.links, reader.writes
    return _bodies.get(key, lambda: Body(*_drawn(thread, reader, order))).of(thread, reader, form_after, form)


class Body:
    """The comments of a thread in parts, four for each: its begin, a place for "new", what it says, what stands below.

    `rows` has for each comment its key, number, author, and which links below it are its author's: see `OWN`.
    """

    def __init__(self, parts, rows):
        self.parts = [part.encode() for part in parts]
        self.places = {pk: n for n, (pk, *_) in enumerate(rows)}
        self.numbers = {number: n for n, (_, number, _, own) in enumerate(rows) if own is not None}
        self.handles = {}
        for n, (_, _, handle, own) in enumerate(rows):
            if own is not None:
                self.handles.setdefault(handle, []).append(n)
        self.rows = rows
        self.size = 500 * len(rows) + sum(map(len, self.parts))

    def of(self, thread, reader, form_after, form):
        """The comments with what is this reader's."""
        parts = self.parts.copy()
        own = {n for handle in reader.own for n in self.handles.get(handle, ())}
        new = sorted({self.numbers[number] for number in reader.unseen if number in self.numbers} - own)
        for n in new:
            parts[4 * n + NEW] = b" new"
        reader.new = [self.rows[n][0] for n in new]
        if reader.writes:
            for pk, html in below_own(thread, reader.user).items():
                if (n := self.places.get(pk)) is not None and self.rows[n][3] is not None:
                    parts[4 * n + BELOW] = f"{html}</p>".encode()
            for n in own:
                parts[4 * n + BELOW] = f"{OWN[self.rows[n][3]].format(self.rows[n][0])}</p>".encode()
        if form_after is not None:
            parts[4 * self.places[form_after] + BELOW] += form.encode()
        return b"".join(parts)


NEW, BELOW = 1, 3  # of the four parts, those that can be a reader's own
# What authors find below their own comments; a hidden one (None) has nothing below it.
OWN = {
    "": "",
    "edit": ' <a href="/c/{0}/edit/">edit</a> <a href="/c/{0}/retract/">retract</a>',
    "open": ' <a href="/c/{0}/edit/">edit</a> <a href="/c/{0}/retract/">retract</a>'
    ' <a href="/concerns/new/?comment={0}">open a concern</a>',
}
_bodies = Shelf(32 * 1024 * 1024)


def _drawn(thread, reader, order):
    """The parts and rows of a `Body`, for whoever has these links."""
    rows = arranged(rows_of_page(thread), order)
    names = {row[0]: f"#{row[2]}" if row[13] else row[5] for row in rows}
    bylines, days, stale, parts, kept, begin, current = {}, {}, {}, [], [], "", 0
    links, now, others = reader.links, thread.about.as_of, below_all() if reader.writes else ""
    counts, far = ([0] * len(rows), "") if order else (_count_replies(rows), ' class="to"')
    for row, replies in zip(rows, counts, strict=True):
        (pk, parent, number, depth, handle, name, shown, tie, official, html, as_of, at, edited, hidden,
         retracted, marks, *tally) = row  # fmt: skip
        level = 1 if order else min(depth, DEEPEST)
        if current:
            begin += CLOSING[current - level + 1] if level <= current else ""
        current = level
        if hidden:
            said = _tomb(marks) if marks else GONE
            said = f'" id="c-{pk}"><div class="prose"><p>{said}</p></div>'
            parts += [begin + '<article class="comment tomb', "", said, ""]
            kept.append((pk, number, handle, None))
        else:
            told = (handle, name, shown, tie, official)
            byline = bylines.get(told)
            if byline is None:
                byline = bylines[told] = _byline(*told)
            to = ""
            if parent and (order or level >= NAMED_FROM):
                to = f' <a{far} href="#c-{parent}">to {escape(names[parent])}</a>'
            day = days.get(at[:10])
            if day is None:
                day = days[at[:10]] = _day(at[:10])
            if as_of and as_of != now:
                if as_of not in stale:
                    stale[as_of] = staleness(thread.about.path, as_of, now)
                to += stale[as_of]
            below = (tally_html(pk, *tally) if any(tally) else "") + (links.format(pk) if links else "")
            if parent and not order:
                below += f' <a href="#c-{parent}">parent</a>'
            if edited:
                below += f' <a href="/c/{pk}/history/">edited</a>'
            kind = (" official" if official else "") + (" retracted" if retracted else "")
            beside, before = _beside(retracted, marks) if retracted or marks else ("", "")
            parts += [
                f'{begin}<article class="comment{kind}',
                "",
                f'" id="c-{pk}"><p class="by">{byline}{beside}{to} '
                f'<a href="/c/{pk}/"><time datetime="{at[:16]}Z">{day}</time> #{number}</a></p>{before}'
                f'<div class="prose">{html}</div><p class="do">{below}',
                f"{others.format(pk)}</p>" if others else "</p>",
            ]
            own = "" if retracted or not links else "edit" if marks and '"concern"' in marks else "open"
            kept.append((pk, number, handle, own))
        begin = ""
        if replies:
            begin = f"<details open><summary>{replies} {'reply' if replies == 1 else 'replies'}</summary>"
    parts.append(begin + CLOSING[current])
    return parts, kept


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


def _day(date):
    """A date in words; once per page and day."""
    year, month, day = date.split("-")
    return f"{int(day)} {MONTHS[int(month)]} {year}"


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
    """What was said beside a comment later: by its author, who took it back, and by other parts of the site.

    The second part stands above its text: why it was taken back, and the passage that it speaks of.
    """
    out, above = "", ""
    if retracted:
        out = f' <b class="mark retraction">retracted on {_day(retracted[:10])}</b>'
        above = f'<p class="quiet">Taken back by its author: {escape(retracted[10:])}</p>'
    for mark in json.loads(marks) if isinstance(marks, str) else marks or ():
        if "passage" in mark:
            above += passage_html(mark)
            continue
        words = escape(mark["words"])
        said = f'<a href="{escape(mark["path"])}">{words}</a>' if mark["path"] else words
        out += f' <b class="mark {escape(mark["kind"])}">{said}</b>'
    return out, above


def _tomb(marks):
    """What stands where a comment stood: who took it from view, by which rule and why, and nothing else of it; of
    one that was moved, where it is."""
    for mark in json.loads(marks) if isinstance(marks, str) else marks:
        if mark["kind"] == "moved":
            return f'{escape(mark["words"])} <a href="{escape(mark["path"])}">Read it where it stands now.</a>'
        if mark["kind"] == "moderation":
            return f'{escape(mark["words"])} <a href="{escape(mark["path"])}">The decision.</a> Replies stay.'
    return GONE


def tally_html(pk, helpful, agree, disagree, agree_organisations, disagree_organisations):
    """How readers took it: whether it helps the discussion, and apart from that whether they agree."""
    said = [f"helpful {helpful}"] if helpful else []
    if agree or disagree:
        said.append(f"agree {agree}, disagree {disagree}")
    if agree_organisations or disagree_organisations:
        said.append(f"by organisation {agree_organisations} : {disagree_organisations}")
    return f'<a class="tally" href="/c/{pk}/votes/">{" · ".join(said)}</a> ' if said else ""


def list_html(rows, *, about=False, news=()):
    """A list of threads from `as_rows`; `about` says whether each names its subject, `news` how many of its comments
    are new to the reader."""
    items = []
    for row in rows:
        at = row.last_comment_at
        of = f'About <a href="{escape(row.about__path)}">{escape(row.about__title)}</a> · ' if about else ""
        who = f'<a href="/people/{row.started_by__handle}/">{escape(row.started_by__display_name)}</a>'
        locked = row.locked and (row.locked_until is None or row.locked_until > timezone.now())
        closed = " · closed" if locked or row.about__locked else ""
        new = f' · <b>{news[row.pk]} new</b>' if row.pk in news else ""
        items.append(
            f'<li><h3><a href="/t/{row.pk}/">{escape(row.title)}</a></h3>'
            f'<p class="quiet">{of}started by {who}{closed}</p>'
            f'<p class="side"><span>{row.comment_count} comment{"" if row.comment_count == 1 else "s"}{new}</span> '
            f'<span>last <time datetime="{at:%Y-%m-%d %H:%MZ}">{_day(str(at)[:10])}</time></span></p></li>'
        )
    return '<ol class="entries">' + "\n".join(items) + "</ol>"


def etag(thread, form=""):
    """Names what every visitor gets, the page (in an order) or a copy to take away (`form`): it changes with the
    thread, its subject, and our own mark-up."""
    about = thread.about
    now = (thread.is_locked, len(thread.current_notices))  # these end by themselves
    state = (thread.title, now, about.title, about.path, about.as_of, about.locked, form, _edition())
    return f'"t{thread.pk}-{thread.version}-{blake2s(repr(state).encode(), digest_size=6).hexdigest()}"'


@functools.cache
def _edition():
    """A digest of what draws the page, so that a new release of the software makes new pages."""
    sources = [*Path(__file__).parent.glob("*.py"), *(Path(get_template(name).origin.name) for name in TEMPLATES)]
    drawn = b"".join(source.read_bytes() for source in sources)
    return blake2s(drawn + "".join(map(static, STYLES)).encode(), digest_size=6).hexdigest()
