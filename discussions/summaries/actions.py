"""Writing a summary, and saying that it is fair to a position."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string

from discussions.threads.models import Thread
from discussions.threads.pace import check_links
from discussions.threads.ties import disclosure_on, lab_of
from discussions.threads.validators import clean_body
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.limits import take
from registry.core.rules import require
from registry.core.text import TextRefused, clean, looks_empty
from registry.history.recording import record

from .models import MOST_POSITIONS, Fair, Summary

MAX_POSITION = 200


@transaction.atomic
def write_summary(thread, body, by, *, first, last, positions=(), replaces=None):
    """Put a summary of comments `first` to `last` above a discussion; `replaces` is the key of the one on screen."""
    require(by, "summaries.write", thread)
    body, html = clean_body(body)
    positions = clean_positions(positions)
    take("summary", f"u{by.pk}", size=6, per_seconds=3600)
    check_links(by, html)
    held = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    if not 1 <= first <= last < held.next_number:
        raise Invalid(f"Name a range within #1 to #{held.next_number - 1}, the first comment first.", "last")
    current = current_summary(thread)
    if (current.pk if current else None) != replaces:
        raise Stale("Somebody else wrote a summary in the meantime. Compare before you put yours in its place.")
    summary = Summary.objects.create(
        thread=thread, first_number=first, last_number=last, body=body, html=html, positions=positions, by=by,
        disclosure=disclosure_on(lab_of(thread.about), by),
    )  # fmt: skip
    show(thread)
    _record("summary.written", summary, by, first=first, last=last)
    return summary


def clean_positions(positions):
    """Up to six different lines, or `Invalid`."""
    try:
        lines = [clean(line, lines=False) for line in positions]
    except TextRefused as problem:
        raise Invalid(str(problem), "positions", "characters") from None
    lines = list(dict.fromkeys(line for line in lines if not looks_empty(line)))
    if len(lines) > MOST_POSITIONS:
        raise Invalid(f"Name at most {MOST_POSITIONS} positions; these are {len(lines)}.", "positions", "max_length")
    if any(len(line) > MAX_POSITION for line in lines):
        raise Invalid(f"Name each position in at most {MAX_POSITION} characters.", "positions", "max_length")
    return lines


@transaction.atomic
def mark_fair(summary, position, by):
    """Say that a summary puts a position of one's own fairly; once is enough."""
    _hold(summary, by)
    if not 1 <= position <= len(summary.positions):
        raise Invalid("The summary names no such position.", "position")
    if Fair.objects.filter(summary=summary, position=position, user=by).exists():
        return
    Fair.objects.create(summary=summary, position=position, user=by)
    show(summary.thread)
    _record("summary.called_fair", summary, by, position=position)


@transaction.atomic
def take_back_fair(summary, by, position=None):
    """Take back what one said of one position, or of all."""
    _hold(summary, by)
    mine = Fair.objects.filter(summary=summary, user=by)
    if (mine if position is None else mine.filter(position=position)).delete()[0]:
        show(summary.thread)
        _record("summary.no_longer_called_fair", summary, by)


def _hold(summary, by):
    require(by, "summaries.mark_fair", summary.thread)
    take("fair", f"u{by.pk}", size=30, per_seconds=600)
    Thread.objects.select_for_update(no_key=True).only("pk").get(pk=summary.thread_id)
    if current_summary(summary.thread) != summary:
        raise Conflict("Another summary stands in place of this one by now.")


def current_summary(thread):
    return thread.summaries.filter(hidden=False).order_by("-pk").first()


def show(thread):
    """Keep on the thread what stands above it, so that its page asks for nothing more."""
    summary = Summary.objects.with_people().filter(thread=thread, hidden=False).order_by("-pk").first()
    html = render_to_string("summaries/_shown.html", {"summary": summary}) if summary else ""
    Thread.objects.filter(pk=thread.pk).update(
        summary_html=html, summary_last=summary.last_number if summary else 0, version=F("version") + 1,
        changed_at=Now(),
    )  # fmt: skip


def _record(verb, summary, by, **more):
    thread = summary.thread
    lab = lab_of(thread.about)
    record(
        verb, thread.subject, by=by, lab=lab.subject if lab else None, about=thread.about.ref, thread=thread.pk,
        summary=summary.pk, **more,
    )  # fmt: skip
