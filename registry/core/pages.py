"""Pages of a list by keyset: no counting, no offsets, the same cost on every page, whatever the number of rows.

`?after=` and `?before=` hold the place in the list: the values of the ordering fields of a row, joined by "~".
"""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404

from .statements import MARKS, Instances, Named

MOST_CHARACTERS, MOST_LASTING = 300, 500
_lasting = {}


@dataclass
class Page:
    """The rows of one page, and the addresses of its neighbours ("" where there are none)."""

    rows: list
    newer: str
    older: str

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def keyset(request, queryset, *order, size=30, lasting=None):
    """The page of `queryset` that the address asks for, ordered by fields such as "-decided_on", "-pk".

    The last field must be unique; fields may span relations (`"subject__title"`) but may not be null.
    A place that this site never gave is 404. `lasting` is the key of a queryset that is the same whenever it is asked
    for, so that its statements are made once per process.
    """
    order = order or ("-pk",)
    backwards = "before" in request.GET and "after" not in request.GET
    place = request.GET.get("before" if backwards else "after", "")
    values = _values(place, order, queryset) if place else []

    def asked(*values):
        rows = queryset.order_by(*(_flip(order) if backwards else order))
        return (rows.filter(_beyond(order, values, backwards)) if values else rows)[: size + 1]

    kinds = tuple(map(type, values))
    if lasting and MARKS.keys() >= set(kinds):
        key = (lasting, order, size, backwards, kinds)
        rows = _statement(key, queryset, asked, kinds).all(*values)
    else:
        rows = list(asked(*values))
    return page_of(request, rows, *order, size=size, backwards=backwards, place=place)


def _statement(key, queryset, asked, kinds):
    if key not in _lasting:
        if len(_lasting) >= MOST_LASTING:
            _lasting.clear()
        _lasting[key] = (Instances if queryset._fields is None else Named)(asked, *kinds)
    return _lasting[key]


def page_of(request, rows, *order, size=30, backwards=False, place=""):
    """The page made of rows that were asked for with one more than fit."""
    more = len(rows) > size
    rows = rows[:size][::-1] if backwards else rows[:size]
    return Page(
        rows,
        newer=_link(request, "before", rows[0], order) if rows and (more if backwards else place) else "",
        older=_link(request, "after", rows[-1], order) if rows and (more or backwards) else "",
    )


def _flip(order):
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _values(place, order, queryset):
    values = place[:MOST_CHARACTERS].rsplit("~", len(order) - 1)
    if len(values) != len(order) or "\0" in place:
        raise Http404("There is no such place in this list.")
    return [_clean(queryset, name.lstrip("-"), value) for name, value in zip(order, values, strict=True)]


def _beyond(order, values, backwards):
    """Rows after a place: greater in the first field, or equal there and greater in the next, and so on."""
    found, equal, first = Q(), Q(), Q()
    for name, value in zip(order, values, strict=True):
        side = "lt" if name.startswith("-") != backwards else "gt"
        field = name.lstrip("-")
        # Implied by the rest, but only this can be looked up in an index, so that deep pages cost no more.
        first = first or Q(**{f"{field}__{side}e": value})
        found |= equal & Q(**{f"{field}__{side}": value})
        equal &= Q(**{field: value})
    return first & found


def _clean(queryset, path, value):
    """The text of an address as a value of the field, or 404."""
    field = _field(queryset, path)
    try:
        value = field.to_python(value)
    except (ValidationError, ValueError, OverflowError):
        raise Http404("There is no such place in this list.") from None
    if value is None or (isinstance(value, int) and abs(value) >= 2**63):
        raise Http404("There is no such place in this list.")
    return value


def _field(queryset, path):
    """The field at the end of a path, or that of an annotation."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    model = queryset.model
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _link(request, direction, row, order):
    kept = [(k, v) for k, values in request.GET.lists() for v in values if k not in {"after", "before"}]
    return "?" + urlencode([*kept, (direction, "~".join(_text(row, name.lstrip("-")) for name in order))])


def _text(row, path):
    for name in path.split("__"):
        row = getattr(row, name)
    return row.isoformat() if isinstance(row, datetime.datetime | datetime.date) else str(row)
