"""The pages of the clock: the curve of a stratum with its observations, and both as CSV."""

import csv
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from registry.core.pages import keyset
from registry.releases.vocabulary import ArtefactKind

from .forms import ClockForm
from .models import Curve, Measure, Withholding
from .picture import MOST_MARKS, picture
from .wording import caveats, finding, of_stratum

ON_PAGE = 50
CURVE_COLUMNS = ["days", "at_risk", "events", "censored", "share", "low", "high"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROW_COLUMNS = [
    "release", "component", "variants", "mode", "kind", "year", "since", "until", "ended", "days", "days_low",
    "days_high",
]  # fmt: skip


@require_safe
def board(request):
    """How long what was withheld stayed so: the curve that the address asks for, and what it is made of."""
    form = ClockForm(request.GET)
    stratum = _stratum(form)
    query = {name: value for name, value in stratum.items() if value}
    rows = observations(stratum)
    curve = Curve.objects.filter(**stratum).first()
    order = "days" if stratum["measure"] == Measure.RELEASE else "reached_days"
    days = form.cleaned_data["days"]
    listed = rows.filter(**{order: days}) if days is not None else rows
    page = keyset(request, listed, order, "pk", size=ON_PAGE)
    context = {
        "others": other_curves(stratum),
        "form": form, "curve": curve, "stratum": stratum, "days": days, "over": of_stratum(stratum),
        "query": urlencode(query), "rows": _with_shares(page, curve, stratum["measure"]), "page": page,
    }  # fmt: skip
    if curve:
        marked = list(rows.order_by(order, "pk")[: MOST_MARKS + 1])
        # A page may be read after an entry has changed and before the worker has come round.
        known = {point["days"] for point in curve.points}
        marked = [row for row in marked if row.time_of(stratum["measure"]) in known]
        context |= {
            "finding": finding(curve), "caveats": caveats(curve), "unmarked": len(marked) > MOST_MARKS,
            # Drawn by this server from escaped texts.
            "picture": mark_safe(picture(curve, marked, query, finding(curve))),  # noqa: S308
        }  # fmt: skip
    return render(request, "clock/board.html", context)


@require_safe
def curve_csv(request):
    """The points of a curve, with the band."""
    curve = Curve.objects.filter(**_stratum(ClockForm(request.GET))).first()
    points = curve.points if curve else []
    return _csv("clock-curve.csv", CURVE_COLUMNS, ([point[name] for name in CURVE_COLUMNS] for point in points))


@require_safe
def rows_csv(request):
    """The observations that a curve is made of."""
    stratum = _stratum(ClockForm(request.GET))
    measure = stratum["measure"]
    rows = (
        [
            row.entry.key, row.component, "; ".join(row.variants), row.mode, row.kind, row.year, row.since,
            row.replicated if measure == Measure.REPLICATION else row.until, int(row.ended(measure)),
            row.time_of(measure), *row.span(measure),
        ]
        for row in observations(stratum).order_by("pk").iterator()
    )  # fmt: skip
    return _csv("clock-observations.csv", ROW_COLUMNS, rows)


def observations(stratum):
    """The observations of a curve, as far as their entries are in view at this moment."""
    within = Withholding.objects.within(stratum["mode"], stratum["kind"], stratum["year"])
    return within.shown().dated().with_entry()


def other_curves(stratum):
    """The curves of the other modes, and of each kind and year of this one, as (what, name, address, curve)."""
    mode, kind, year = stratum["mode"], stratum["kind"], stratum["year"]
    beside = Q(kind="", year=0) | Q(mode=mode, year=0) | Q(mode=mode, kind="")
    curves = Curve.objects.filter(beside, measure=stratum["measure"], observations__gt=0).defer("points")
    found = []
    for curve in curves.order_by("year", "kind", "mode"):
        what, name = ("Since", curve.year) if curve.year else ("Mode", curve.get_mode_display())
        what, name = ("Kind", ArtefactKind(curve.kind).label) if curve.kind else (what, name)
        said = {"mode": curve.mode, "kind": curve.kind, "year": curve.year, "measure": curve.measure}
        here = (curve.mode, curve.kind, curve.year) == (mode, kind, year)
        address = "" if here else "?" + urlencode({name: value for name, value in said.items() if value})
        found.append((what, name, address, curve))
    return sorted(found, key=lambda row: ["Mode", "Kind", "Since"].index(row[0]))


def _stratum(form):
    if form.stratum is None:
        raise Http404("There is no such curve.")
    return form.stratum


def _with_shares(page, curve, measure):
    """Each observation of the page with the point of the curve at its time, or None where the curve is older."""
    points = {point["days"]: point for point in curve.points} if curve else {}
    return [(row, row.ended(measure), row.span(measure), points.get(row.time_of(measure))) for row in page]


class _Echo:
    def write(self, value):
        return value


def _csv(name, columns, rows):
    writer = csv.writer(_Echo())
    response = StreamingHttpResponse(_lines(writer, columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(writer, columns, rows):
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_plain(cell) for cell in row])


def _plain(cell):
    """A cell that no spreadsheet takes for a formula: names of variants are what people typed."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA else cell
