"""The survival curve as an SVG that the server draws: the share still withheld by the number of days.

Curves stretch inside a nested drawing; words, dots and ticks keep their size (see `docs/looks.md`, Charts). A dot is
where something ended, and leads to it; an upright tick is what still lasted when it was last looked at.
"""

from itertools import pairwise
from urllib.parse import urlencode

from django.utils.html import escape

YEAR = 365.25
STEPS = [(10, "days"), (30, "days"), (100, "days")] + [(YEAR * n, "years") for n in (1, 2, 5, 10, 20, 50)]
MOST_TICKS = 6
MOST_MARKS = 300  # dots and ticks beyond which the line alone is drawn
TOP, HEIGHT = 16, 200


def picture(curve, rows, query, words):
    """The curve with a mark for each of `rows`, which are those of the curve, or none where they are too many."""
    points, span = curve.points, max([point["days"] for point in curve.points] or [1]) or 1
    at = {point["days"]: point["share"] for point in points}
    inner = f"{_grid()}{_band(points, span)}{_line(points, span)}"
    marks = "".join(_marks(rows, at, span, query, curve.measure)) if len(rows) <= MOST_MARKS else ""
    return (
        f'<svg class="chart" height="{TOP + HEIGHT + 26}" role="group" aria-label="{escape(words)}">'
        f'<text x="0" y="{TOP + 5}">100%</text><text x="0" y="{TOP + HEIGHT // 2 + 5}">50%</text>'
        f'<text x="0" y="{TOP + HEIGHT + 5}">0%</text>{_labels(span)}'
        f'<svg x="10%" y="{TOP}" width="88%" height="{HEIGHT}">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">{inner}</svg>'
        f"{marks}</svg></svg>"
    )


def _grid():
    return '<path class="chart-grid" d="M0 0H100M0 50H100"/><path class="chart-axis" d="M0 100H100"/>'


def _labels(span):
    """Days or years below the axis, as many as have room."""
    step, unit = next(((s, u) for s, u in STEPS if span / s <= MOST_TICKS), STEPS[-1])
    return "".join(_label(number, step, unit, span) for number in range(int(span / step) + 1))


def _label(number, step, unit, span):
    share = number * step / span
    value = number * (round(step / YEAR) if unit == "years" else step)
    words = "0" if not number else f"{value} {unit.removesuffix('s') if value == 1 else unit}"
    anchor = "start" if not number else "end" if share > 0.94 else "middle"
    return f'<text x="{10 + share * 88:.2f}%" y="{TOP + HEIGHT + 20}" text-anchor="{anchor}">{words}</text>'


def _line(points, span):
    """Down at each event, level in between."""
    path, last = ["M0 0"], 1.0
    for point in _apart(points, span):
        path.append(f"H{_x(point['days'], span)}")
        if point["share"] != last:
            path.append(f"V{_y(point['share'])}")
            last = point["share"]
    return f'<path class="chart-line a" d="{"".join(path)}"/>'


def _band(points, span):
    """The 95% band, in pieces where its bounds are known."""
    pieces, piece = [], []
    for here, there in pairwise(_apart(points, span)):
        if here["low"] is None:
            pieces, piece = [*pieces, piece], []
        else:
            piece.append((_x(here["days"], span), _x(there["days"], span), _y(here["high"]), _y(here["low"])))
    return "".join(_piece(piece) for piece in [*pieces, piece] if piece)


def _piece(steps):
    above = "".join(f"V{high}H{end}" for _, end, high, _ in steps)
    below = "".join(f"V{low}H{start}" for start, _, _, low in reversed(steps))
    return f'<path class="chart-band a" d="M{steps[0][0]} {steps[0][2]}{above}{below}z"/>'


def _apart(points, span):
    """Points that the eye can tell apart: many thousands would make a picture of a megabyte."""
    kept = []
    for point in points:
        if kept and _place(kept[-1], span) == _place(point, span):
            kept[-1] = point
        else:
            kept.append(point)
    return kept


def _place(point, span):
    return round(point["days"] * 400 / span), round(point["share"] * 400)


def _marks(rows, at, span, query, measure):
    """A dot or a tick for each observation; several at one place are one link to their list."""
    places = {}
    for row in rows:
        places.setdefault((row.time_of(measure), row.ended(measure)), []).append(row)
    for (days, ended), several in sorted(places.items()):
        row = several[0]
        address = row.address if len(several) == 1 else f"?{urlencode(query | {'days': days})}#observations"
        names = row.words(measure) if len(several) == 1 else f"{len(several)} observations at {days:,} days"
        yield (
            f'<a href="{escape(address)}"><title>{escape(names)}</title>'
            f"{_dot(days, at, span) if ended else _tick(days, at, span)}</a>"
        )


def _dot(days, at, span):
    return f'<circle class="chart-dot a" cx="{_x(days, span)}%" cy="{_y(at[days])}%" r="4.5"/>'


def _tick(days, at, span):
    return (
        f'<svg x="{_x(days, span)}%" y="{_y(at[days])}%"><path class="chart-line a" d="M0 -5V5"/>'
        '<circle r="8" fill="none" pointer-events="all"/></svg>'
    )


def _x(days, span):
    return round(days * 100 / span, 2)


def _y(share):
    return round((1 - share) * 100, 2)
