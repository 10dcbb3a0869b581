"""What a page needs to show the matrix: which entries, the pressed cell, the one entry that a phone has room for."""

from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from registry.releases.models import Entry

from .matrix import table
from .models import Declaration

ENTRIES = 30
PLACE = ("norm", "after", "before")


def entries_that_declare(norm):
    """Published entries with a current declaration about the norm, those that say most first."""
    entries = Entry.objects.published().annotate(stated=statements(norm)).filter(stated__gt=0).with_lab()
    return list(entries.order_by("-stated", "-decided_on", "-pk")[:ENTRIES])


def statements(norm):
    """How many clauses of the norm an entry's lab has said something of."""
    made = Declaration.objects.current().filter(entry=OuterRef("pk"), clause__norm=norm)
    count = made.exclude(stance=Declaration.Stance.NO_ASSERTION).order_by().values("entry").annotate(n=Count("pk"))
    return Coalesce(Subquery(count.values("n")), 0)


def meeting(request, norm, wordings, entries):
    """What the matrix shows: rows, the pressed cell, and the one entry that a phone has room for."""
    shown = _pressed(request, norm)
    asked = request.GET.get("entry", "") or (shown.entry.key if shown else "")
    place = next((n for n, entry in enumerate(entries) if entry.key == asked), 0)
    return {
        "entries": entries, "rows": table(wordings, entries, _declarations(entries, norm)), "shown": shown,
        "alone": entries[place] if entries else None,
        "entry_before": entries[place - 1] if place else None,
        "entry_after": entries[place + 1] if place + 1 < len(entries) else None,
        "kept": urlencode([(name, request.GET[name]) for name in PLACE if request.GET.get(name)]),
    }  # fmt: skip


def _declarations(entries, norm):
    rows = Declaration.objects.current().filter(entry__in=entries, clause__norm=norm)
    rows = rows.with_rewording().select_related("version")
    return {(d.entry_id, d.clause_id): d for d in rows}


def _pressed(request, norm):
    """The declaration whose cell was pressed (`?cell=ID`), shown beside the matrix."""
    given = request.GET.get("cell", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        return None
    found = Declaration.objects.visible_to(request.user).with_clause().filter(pk=int(given))
    return found.filter(clause__norm=norm).first()
