"""The stage timeline as an SVG that the server draws: what stood at which level from when to when.

Places across are in per cent and heights in pixels, without a viewBox, so that words keep their size on every
screen. Collisions are judged at the narrowest width at which a drawing is shown. The narrow drawing puts labels
above the bars; the style sheet shows one of the two.
"""

import textwrap

from django.utils.html import escape

from registry.releases import axis as axes
from registry.releases import dates
from registry.releases.bars import (
    ABOVE,
    BAR,
    LINE,
    NARROW,
    Look,
    bars_of,
    begins_before_all,
    begins_unstated,
    plot,
)
from registry.releases.marks import draw_events, draw_marks, placed_marks, words_on_bars
from registry.releases.promises import due_of, settled, when_of
from registry.releases.rows import LABEL_LETTERS, rows_of, timeline_table
from registry.releases.summary import summarise
from registry.releases.vocabulary import AHEAD, Level
from registry.releases.wording import sentence

__all__ = ["timeline_keys", "timeline_svg", "timeline_table"]

MOST_ROWS = 40
NARROWEST_WIDE = 640
KEYS = {
    Level.OPEN: "open to anyone", Level.RESTRICTED: "restricted", Level.CLOSED: "closed",
    Level.UNSTATED: "not stated",
}


def timeline_svg(content, today=None, narrow=False, ident="tl"):
    """Draw the timeline; `narrow` is the drawing for phones. `ident` keeps ids apart on one page."""
    today = today or dates.latest_today()
    rows = rows_of(content, today)
    look = NARROW if narrow else wide_look(rows)
    open_start = any(begins_before_all(row) for row in rows)
    axis = axes.axis_for(content, today, open_start)
    marks, unknown = placed_marks(content, rows[:MOST_ROWS])
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
    return textwrap.shorten(" ".join(lines), most, placeholder=" … The table has the rest.")


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
    found, over = {}, settled(content)
    for number, stage in enumerate(content["stages"]):
        when = when_of(stage)
        days = dates.period(when)
        if days and stage["status"] != "cancelled" and number not in over:
            found.setdefault(days[0], when)
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


def undated(content, today):
    """Return sentences on stages that have no place on the axis: no date, or planned and overdue."""
    over = settled(content)
    for number, stage in enumerate(content["stages"]):
        due = due_of(stage) if stage["status"] in AHEAD else stage["date"]
        days, name = dates.period(due), stage["title"] or "a stage without a title"
        if number in over:
            continue
        if stage["status"] == "cancelled":
            yield f"Cancelled: {name}"
        elif stage["status"] in AHEAD and not days:
            condition = f"; condition: {stage['condition']}" if stage["condition"] else ""
            yield f"Planned without a date: {name}{condition}"
        elif stage["status"] in AHEAD and days[1] < today:
            yield f"Planned for {dates.in_words(due)} and not marked as done: {name}"
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
    """Return what the picture shows with its words, for the list of keys beneath it."""
    today = today or dates.latest_today()
    rows = rows_of(content, today)
    axis = axes.axis_for(content, today, any(begins_before_all(row) for row in rows))
    seen = {spell.level for row in rows for spell in row.spells} | {s.level for row in rows for s in row.planned}
    if any(begins_unstated(row, axis) for row in rows):
        seen.add(Level.UNSTATED)
    keys = [(level.value, words) for level, words in KEYS.items() if level in seen]
    ahead = any(step.first and step.first > today for row in rows for step in row.planned)
    return [*keys, ("planned", "planned")] if ahead else keys
