"""Entries in lists. A row is the same for every reader, so each process draws it once for each state of its entry."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from .models import Entry
from .querysets import STATE

MOST, NONE = 2_000, (None, "")
_kept = {}


def rows_html(rows):
    """The rows of a list, of which each has the key and the `STATE` of its entry; entries are read where one is new."""
    new = [row.pk for row in rows if _kept.get(row.pk, NONE)[0] != _state(row)]
    entries = {entry.pk: entry for entry in Entry.objects.listed().filter(pk__in=new)} if new else {}
    # What moderators took from view since the list was read is not among them.
    drawn = [row_html(entries[row.pk]) if row.pk in entries else _kept.get(row.pk, NONE)[1] for row in rows]
    return mark_safe("".join(drawn))  # noqa: S308 - drawn by a template


def row_html(entry):
    """The row of an entry that was read with lab and subject."""
    subject = entry.subject
    state = (entry.current_id, entry.lab.name, subject.comment_count, subject.open_concerns, entry.disputed,
             entry.withdrawn_at)  # fmt: skip
    kept = _kept.get(entry.pk, NONE)
    if kept[0] != state:
        if len(_kept) >= MOST:
            _kept.clear()
        kept = _kept[entry.pk] = state, render_to_string("releases/_entry.html", {"entry": entry})
    return kept[1]


def _state(row):
    return tuple([getattr(row, name) for name in STATE])
