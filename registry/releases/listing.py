"""Entries in lists. A row is the same for every reader, so each process draws it once for each state of its entry."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from .models import Entry
from .querysets import STATE

MOST, NONE = 2_000, (None, "")
_kept = {}


def rows_html(rows):
    """The rows of a list, of which each has the key and the `STATE` of its entry; entries are read where one is new."""
    drawn = {row.pk: kept[1] for row in rows if (kept := _kept.get(row.pk, NONE))[0] == _state(row)}
    if len(drawn) < len(rows):
        new = [row.pk for row in rows if row.pk not in drawn]
        # What moderators took from view since the list was read is not among them.
        drawn |= {entry.pk: row_html(entry) for entry in Entry.objects.published().listed().filter(pk__in=new)}
    return mark_safe("".join([drawn.get(row.pk, "") for row in rows]))  # noqa: S308 - drawn by a template


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
