"""What is written and marked upon the rows of a timeline: conditions of access, and diamonds for events."""

from django.utils.html import escape

from registry.releases import axis as axes
from registry.releases import dates
from registry.releases.bars import ABOVE, ends_at, pixels, plot, starts_at
from registry.releases.rows import happenings
from registry.releases.vocabulary import Level
from registry.releases.wording import condition_in_words, sentence

MOST_LANES = 4
DIAMOND = "M0-6 6 0 0 6-6 0z"


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


def placed_marks(content, rows):
    """Sort dated happenings to the rows they belong to (None: no row); return the undated as sentences."""
    place, marks, unknown = {}, {}, []
    for number, row in enumerate(rows):
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
