"""Entries in lists. A row is the same for every reader, so each process draws it once for each state of its entry."""

from operator import attrgetter

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from .models import Entry
from .querysets import STATE

MOST, NONE = 2_000, (None, "")
_kept = {}
_state, _state_of_entry = attrgetter(*STATE), attrgetter(*(name.replace("__", ".") for name in STATE))


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
    state, kept = _state_of_entry(entry), _kept.get(entry.pk, NONE)
    if kept[0] != state:
        if len(_kept) >= MOST:
            _kept.clear()
        kept = _kept[entry.pk] = state, render_to_string("releases/_entry.html", {"entry": entry})
    return kept[1]
