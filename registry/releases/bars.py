"""The bars of a timeline row: the measures of a drawing, and each spell from its first day to its last."""

from datetime import date
from typing import NamedTuple

from django.utils.html import escape

from registry.releases import dates
from registry.releases.vocabulary import Level

BAR, LINE, ABOVE = 16, 16, 19
CHEVRON = "M3-4 7 0 3 4"


class Look(NamedTuple):
    """One drawing: the margin for labels in per cent, and the least width of its plot in pixels."""

    name: str
    suffix: str
    margin: int
    plot: float
    labels_above: bool


NARROW = Look("tl-narrow", "-n", 0, 288.0, True)


def plot(look, inner):
    return f'<svg class="tl-plot" x="{look.margin}%" width="{96 - look.margin}%">{inner}</svg>'


def pixels(look, place):
    """Return how far from the left of the plot a place lies at the narrowest width of the drawing."""
    return place * look.plot / 100


def bars_of(row, axis, today, y):
    """Draw the spells up to today, then what is planned; what has not been stated stays a dotted outline."""
    parts, now = [], min(today, axis.end)
    known = known_spells(row)
    if begins_unstated(row, axis):
        begin = starts_at(known[0], axis)
        parts.append(bar("tl-unstated", axis, axis.start, begin, y, f"{row.full_label}: not stated"))
    for spell in known:
        start, end = starts_at(spell, axis), ends_at(spell, now)
        if start < end or not spell.end:
            end = max(end, start)
            parts.append(bar(f"tl-{spell.level}", axis, start, end, y, told(row, spell)))
    if axis.cut and known and not known[-1].end:
        parts.append(f'<svg class="tl-mark" x="100%" y="{y + BAR // 2}"><path class="tl-axis" d="{CHEVRON}"/></svg>')
    if axis.open_start and known and known[0].start.first is None:
        parts.append(f'<text class="tl-event" x="4" y="{y + BAR - 4}">?</text>')
    planned = [step for step in row.planned if step.first and step.first > today]
    for number, step in enumerate(planned):
        end = planned[number + 1].first if number + 1 < len(planned) else axis.end
        text = f"{row.full_label}: {Level(step.level).label.lower()}, planned for {day_words(step)}"
        parts.append(bar(f"tl-{step.level} tl-planned", axis, step.first, end, y, text))
    return "".join(parts)


def known_spells(row):
    return [spell for spell in row.spells if spell.start.first or spell.end]


def begins_unstated(row, axis):
    """Whether nothing is stated of a row when the picture begins."""
    known = known_spells(row)
    return bool(known) and starts_at(known[0], axis) > axis.start


def bar(names, axis, start, end, y, text):
    left, right = axis.place(start), axis.place(end)
    return (
        f'<rect class="tl-bar {names}" x="{left}%" y="{y}" width="{max(0.4, round(right - left, 2))}%" '
        f'height="{BAR}"><title>{escape(text)}.</title></rect>'
    )


def starts_at(spell, axis):
    return spell.start.first or max(spell.start.since, axis.start)


def ends_at(spell, now):
    return spell.end.since if spell.end else now


def begins_before_all(row):
    return bool(row.spells and row.spells[0].start.first is None and row.spells[0].start.since == date.min
                and row.spells[0].end)


def told(row, spell):
    """Say what a bar shows: 1.5B: closed from 14 February 2019 to 5 November 2019."""
    since = f"from {day_words(spell.start)}"
    until = f" to {day_words(spell.end)}" if spell.end else " on"
    return f"{row.full_label}: {spell.level.label.lower()} {since}{until}"


def day_words(step):
    """Write the date of a step as exactly as it is known."""
    if step.first is None:
        return "an unknown date"
    length = 10 if step.first == step.last else 7 if step.first.month == step.last.month else 4
    return dates.in_words(step.first.isoformat()[:length])
