"""The stage timeline as an SVG that the server draws: what stood at which level from when to when.

Places across are in per cent and heights in pixels, without a viewBox, so that words keep their size on every
screen. Collisions are judged at the narrowest width at which a drawing is shown. The narrow drawing puts labels
above the bars; the style sheet shows one of the two.
"""

import textwrap
from datetime import date
from typing import NamedTuple

from django.utils.html import escape

from registry.releases import axis as axes
from registry.releases import dates
from registry.releases.rows import LABEL_LETTERS, happenings, rows_of, timeline_table
from registry.releases.summary import summarise
from registry.releases.vocabulary import AHEAD, Level
from registry.releases.wording import condition_in_words, sentence

__all__ = ["timeline_keys", "timeline_svg", "timeline_table"]

MOST_ROWS = 40
MOST_LANES = 4
BAR, LINE, ABOVE = 16, 16, 19
NARROWEST_WIDE = 640
KEYS = {
    Level.OPEN: "open to anyone", Level.RESTRICTED: "restricted", Level.CLOSED: "closed", Level.UNSTATED: "not stated",
}
DIAMOND = "M0-6 6 0 0 6-6 0z"
CHEVRON = "M3-4 7 0 3 4"


class Look(NamedTuple):
    """One drawing: the margin for labels in per cent, and the least width of its plot in pixels."""

    name: str
    suffix: str
    margin: int
    plot: float
    labels_above: bool


NARROW = Look("tl-narrow", "-n", 0, 288.0, True)


def timeline_svg(content, today=None, narrow=False, ident="tl"):
    """Draw the timeline; `narrow` is the drawing for phones. `ident` keeps ids apart on one page."""
    today = today or dates.latest_today()
    rows = rows_of(content, today)
    look = NARROW if narrow else wide_look(rows)
    open_start = any(begins_before_all(row) for row in rows)
    axis = axes.axis_for(content, today, open_start)
    marks, unknown = placed_marks(content, rows)
    body, y = [], 32
    for number, row in enumerate(rows[:MOST_ROWS]):
        drawn, y = draw_row(row, marks.get(number, []), axis, look, today, y, gap_before(rows, number))
        body.append(drawn)
    if marks.get(None):
        drawn, y = draw_events(marks[None], axis, look, y)
        body.append(drawn)
    beneath, height = draw_beneath([*unknown, *undated(content, today)], rows, look, y)
    heading = '<text class="tl-tick" x="0" y="13">Weights</text>' if headed(rows, look) else ""
    inner = f"{heading}{draw_axis(content, axis, look, today, y)}{''.join(body)}"
    return frame(content, look, ident, height, inner + beneath, today)


def wide_look(rows):
    """Give the labels as much room as the longest of them takes."""
    lines = [line for row in rows for line in wrapped(row.label)] + ["Weights"]
    letters = max(len(line) for line in lines)
    margin = min(30, max(9, round((letters * axes.LETTER + 14) * 100 / NARROWEST_WIDE)))
    return Look("tl-wide", "", margin, NARROWEST_WIDE * (96 - margin) / 100, False)


def headed(rows, look):
    """Rows named by a variant alone need the word above them, for which only the wide drawing has a corner."""
    return not look.labels_above and bool(rows) and rows[0].label != rows[0].full_label


def frame(content, look, ident, height, inner, today):
    """Put the parts into one image with a name and a description for those who do not see it."""
    ident = f"{ident}{look.suffix}"
    summary = escape(summarise(content, today).sentence)
    return (
        f'<svg class="timeline {look.name}" width="100%" height="{height}" role="img" '
        f'aria-labelledby="{ident}-title" aria-describedby="{ident}-desc">'
        f'<title id="{ident}-title">Timeline. {summary}</title>'
        f'<desc id="{ident}-desc">{escape(described(content))}</desc>{patterns(look)}{inner}</svg>'
    )


def described(content, most=1500):
    """Tell the picture as sentences, shortened to what can be listened to; the table has all of it."""
    lines = [sentence(f"{fact.when}: {fact.what}: {fact.change}") for fact in timeline_table(content)]
    return textwrap.shorten(sentence(" ".join(lines)), most, placeholder=" … The table has the rest.") if lines else ""


def patterns(look):
    """Define the hatch and the dots that tell levels apart without colour."""
    return (
        f'<defs><pattern id="tl-hatch{look.suffix}" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="tl-back" width="5" height="5"/>'
        '<path class="tl-hatch" d="M0 0V5"/></pattern>'
        f'<pattern id="tl-dots{look.suffix}" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<rect class="tl-back-closed" width="5" height="5"/>'
        '<circle class="tl-dots" cx="1.5" cy="1.5" r=".8"/></pattern></defs>'
    )


def plot(look, inner):
    return f'<svg class="tl-plot" x="{look.margin}%" width="{96 - look.margin}%">{inner}</svg>'


def draw_axis(content, axis, look, today, bottom):
    """Draw regular ticks above the rows, the dates of the stages below them, and today's line."""
    parts = []
    for place, label in axes.ticks(axis, look.plot):
        parts.append(f'<line class="tl-tick" x1="{place}%" x2="{place}%" y1="20" y2="{bottom}"/>')
        parts.append(anchored("tl-tick", place, 13, label))
    parts.append(f'<line class="tl-axis" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>')
    for place, label in stage_dates(content, axis, look.plot, today):
        parts.append(f'<line class="tl-axis" x1="{place}%" x2="{place}%" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(anchored("tl-axis", place, bottom + 18, label))
    if axis.start < today < axis.end:
        now = axis.place(today)
        parts.append(f'<line class="tl-now" x1="{now}%" x2="{now}%" y1="20" y2="{bottom}"/>')
    return plot(look, "".join(parts))


def stage_dates(content, axis, width, today):
    """Return the dates on which something changed or is planned to, with labels where they fit."""
    found = {}
    for stage in content["stages"]:
        days = dates.period(stage["date"])
        if days and stage["status"] != "cancelled":
            found.setdefault(days[0], stage["date"])
    labels, year = [], None if axis.open_start else axis.start.year
    for day, text in sorted(found.items()):
        labels.append(axes.Tick(axis.place(day), axes.short_text(text, day.year != year)))
        year = day.year
    if axis.start < today < axis.end:
        labels = sorted([*labels, axes.Tick(axis.place(today), "today")])
    return axes.without_collisions(labels, width)


def anchored(name, place, y, label):
    """Write a label at a place; at the very left it begins there, elsewhere it stands in the middle."""
    if not label:
        return ""
    anchor = "start" if place < 3 else "end" if place > 97 else "middle"
    return f'<text class="{name}" x="{place}%" y="{y}" text-anchor="{anchor}">{escape(label)}</text>'


def gap_before(rows, number):
    """Leave some air between the weights and the other components."""
    kinds = [row.tracks[0].component == "weights_final" for row in rows[max(0, number - 1) : number + 1]]
    return 8 if len(set(kinds)) > 1 else 0


def draw_row(row, marks, axis, look, today, y, gap):
    """Draw one row: label, bars, what is planned, what happened; return it and the y of the next row."""
    y += gap
    lines = [shortened(row)] if look.labels_above else wrapped(row.label)
    spare = (len(lines) - 1) * LINE
    top = y + (ABOVE if look.labels_above else spare // 2 + 2)
    label = "".join(
        f'<text class="tl-label" x="0" y="{(y if look.labels_above else top - spare // 2) + 12 + number * LINE}">'
        f"<title>{escape(row.full_label)}</title>{escape(line)}</text>" for number, line in enumerate(lines)
    )
    bars = bars_of(row, axis, today, top)
    drawn = f'<g class="tl-row">{bars}{words_on_bars(row, marks, axis, look, today, top)}</g>'
    marked = draw_marks(marks, axis, look, top + BAR // 2)
    return label + plot(look, drawn + marked), top + BAR + spare // 2 + 8


def words_on_bars(row, marks, axis, look, today, top):
    """Write on each restricted bar what restricts it, where that fits and no mark stands in its way."""
    taken, parts = [extent(mark, axis, look) for mark in marks], []
    for spell in (spell for spell in row.spells if spell.level == Level.RESTRICTED):
        place = axis.place(starts_at(spell, axis))
        left, right = pixels(look, place), pixels(look, axis.place(ends_at(spell, min(today, axis.end))))
        word = fitting_word(condition_in_words(spell.start), left, right, taken)
        if word:
            parts.append(
                f'<svg class="tl-mark" x="{place}%" y="{top + 12}">'
                f'<text class="tl-event tl-word" x="6" y="0">{escape(word)}</text></svg>'
            )
    return "".join(parts)


def fitting_word(words, left, right, taken):
    """Return all words, or the first of them, or nothing, as the room allows."""
    for word in (words, words.split(", ")[0]):
        end = left + 10 + len(word) * axes.LETTER
        if end < right and not any(start < end and stop > left for start, stop in taken):
            return word
    return ""


def pixels(look, place):
    """Return how far from the left of the plot a place lies at the narrowest width of the drawing."""
    return place * look.plot / 100


def bars_of(row, axis, today, y):
    """Draw the spells up to today, then what is planned; what has not been stated stays a dotted outline."""
    parts, now = [], min(today, axis.end)
    known = [spell for spell in row.spells if spell.start.first or spell.end]
    begin = starts_at(known[0], axis) if known else None
    if begin and begin > axis.start:
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


def placed_marks(content, rows):
    """Sort dated happenings to the rows they belong to (None: no row); return the undated as sentences."""
    place, marks, unknown = {}, {}, []
    for number, row in enumerate(rows[:MOST_ROWS]):
        for track in row.tracks:
            place.setdefault(track.variant, number)
    for happening in happenings(content):
        if dates.period(happening.date):
            number = place.get(happening.variant) if happening.variant else None
            marks.setdefault(number, []).append(happening)
        else:
            unknown.append(f"Date unknown: {happening.text}")
    return marks, unknown


def draw_events(marks, axis, look, y):
    """Draw what concerns the whole entry in lanes of its own, so that each word has room."""
    top, lanes = y + (ABOVE if look.labels_above else 6), []
    for mark in marks:
        left, right = extent(mark, axis, look)
        lane = next((lane for lane in lanes if lane[-1][1] + 8 < left or same(lane[-1][0], mark)), None)
        if lane is None and len(lanes) < MOST_LANES:
            lanes.append(lane := [])
        (lanes[0] if lane is None else lane).append((mark, right))
    drawn = "".join(
        draw_marks([mark for mark, _ in lane], axis, look, top + 8 + 22 * number) for number, lane in enumerate(lanes)
    )
    label = f'<text class="tl-label" x="0" y="{(y if look.labels_above else top) + 12}">Events</text>'
    return label + plot(look, drawn), top + 22 * len(lanes) + 6


def same(one, other):
    return (one.date, one.kind) == (other.date, other.kind)


def extent(mark, axis, look):
    """Return from where to where a mark and its word reach, in pixels."""
    x = pixels(look, axis.place(dates.period(mark.date)[0]))
    wide = len(mark.word) * axes.LETTER + 14
    return (x - 8, x + wide) if x + wide < look.plot + 10 else (x - wide, x + 8)


def draw_marks(marks, axis, look, y):
    """Draw a diamond for each happening, with its word where there is room for it; equal ones share one."""
    groups, parts, free = {}, [], -10.0
    for mark in marks:
        groups.setdefault((axis.place(dates.period(mark.date)[0]), mark.kind), []).append(mark)
    places = [pixels(look, place) for place, _ in groups]
    for number, ((place, kind), alike) in enumerate(groups.items()):
        x, (left, right) = places[number], extent(alike[0], axis, look)
        after = places[number + 1] - 10 if number + 1 < len(places) else right + 1
        fits = left > free and right < after
        title = " ".join(f"{dates.in_words(mark.date)}: {sentence(mark.text)}" for mark in alike)
        word = event_word(alike[0].word, x - left > 9) if fits else ""
        parts.append(
            f'<svg class="tl-mark" x="{place}%" y="{y}"><g class="tl-{kind}"><title>{escape(title)}</title>'
            f'<path class="tl-event" d="{DIAMOND}"/>{word}</g></svg>'
        )
        free = right if fits else x + 8
    return "".join(parts)


def event_word(word, to_the_left):
    x, anchor = (-10, "end") if to_the_left else (10, "start")
    return f'<text class="tl-event" x="{x}" y="4" text-anchor="{anchor}">{escape(word)}</text>'


def undated(content, today):
    """Return sentences on stages that have no place on the axis: no date, or planned and overdue."""
    for stage in content["stages"]:
        days, name = dates.period(stage["date"]), stage["title"] or "a stage without a title"
        if stage["status"] == "cancelled":
            yield f"Cancelled: {name}"
        elif stage["status"] in AHEAD and not days:
            condition = f"; condition: {stage['condition']}" if stage["condition"] else ""
            yield f"Planned without a date: {name}{condition}"
        elif stage["status"] in AHEAD and days[1] < today:
            yield f"Planned for {dates.in_words(stage['date'])} and not marked as done: {name}"
        elif not days:
            yield f"Date unknown: {name}"


def draw_beneath(notes, rows, look, y):
    """List beneath the axis what could not be placed on it; return that and the height of the picture."""
    if len(rows) > MOST_ROWS:
        notes.append(f"{len(rows) - MOST_ROWS} more rows are in the table")
    letters = int(look.plot / (96 - look.margin) * 100 / axes.LETTER)
    lines = [line for note in notes for line in textwrap.wrap(sentence(note), letters)[:3]]
    texts = [
        f'<text class="tl-tick" x="0" y="{y + 42 + number * 18}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    return "".join(texts), y + 26 + (len(lines) * 18 + 6 if lines else 0)


def shortened(row):
    """Return the label as it stands above a bar, where no heading says that a variant means its weights."""
    return row.full_label if len(row.full_label) < 40 else row.label


def wrapped(label):
    return textwrap.wrap(label, LABEL_LETTERS, max_lines=2, placeholder=" …") or [""]


def timeline_keys(content, today=None):
    """Return the levels that the picture shows with their words, for the list of keys beneath it."""
    rows = rows_of(content, today or dates.latest_today())
    seen = {spell.level for row in rows for spell in row.spells} | {s.level for row in rows for s in row.planned}
    return [(level.value, words) for level, words in KEYS.items() if level in seen]
