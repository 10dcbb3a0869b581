"""The time axis of a picture: which days it spans, where a day lies, and which ticks and labels fit."""

from datetime import date, timedelta
from typing import NamedTuple

from registry.releases import dates
from registry.releases.happened import happened
from registry.releases.promises import settled, when_of
from registry.releases.vocabulary import StageStatus

LETTER = 6.5
A_WHILE = 60  # days that follow what is known only by one day or month
DAY_STEPS = [1, 2, 7, 14]
MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"]


class Tick(NamedTuple):
    place: float
    label: str


class Axis(NamedTuple):
    """From `start` to `end`; `open_start` says that something began before, on an unknown date."""

    start: date
    end: date
    label: str
    open_start: bool
    cut: bool

    def place(self, day):
        """Return where a day lies, from 0 to 100 per cent."""
        span = (self.end - self.start).days
        return round(min(100.0, max(0.0, (day - self.start).days * 100 / span)), 2)


def axis_for(content, today, open_start=False):
    """Span all dated stages and events, and a while after the last of them, so that the outcome shows."""
    spans = sorted((period, text) for text in shown(content) if (period := dates.period(text)))
    first, last = (spans[0][0][0], max(period[1] for period, _ in spans)) if spans else (today, today)
    label = "" if open_start or not spans else short_text(spans[0][1], True)
    end = last + timedelta(days=max((last - first).days // 5, A_WHILE if (last - first).days <= 31 else 3))
    if last <= today:
        end = max(min(end, today), first + timedelta(days=3))
    if first > today:
        first, label = today, short(today, True)
    lead = timedelta(days=max(1, (end - first).days // 7)) if open_start else timedelta()
    return Axis(first - lead, end, label, open_start, end < today)


def shown(content):
    """Return the dates of all that the picture shows."""
    over = settled(content)
    stages = [
        when_of(stage) for number, stage in enumerate(content["stages"])
        if stage["status"] != StageStatus.CANCELLED and number not in over
    ]
    return stages + [event["date"] for event in happened(content) if event["kind"] != "note"]


def ticks(axis, width):
    """Return regular ticks whose labels have room in a plot of this many pixels, after the exact first day."""
    first = Tick(0.0, axis.label)
    room = max(2, int(width // 62))
    span = (axis.end - axis.start).days
    step = next((step for step in DAY_STEPS if span / step <= room), None)
    days = by_days(axis, step) if step else by_months(axis, room, int(width // 44))
    regular = [Tick(axis.place(day), label) for day, label in days if axis.start < day <= axis.end]
    return without_collisions([first, *regular], width)


def by_days(axis, step):
    count = (axis.end - axis.start).days // step
    days = [axis.start + timedelta(days=step * number) for number in range(1, count + 1)]
    return [(day, short(day, day.year != (day - timedelta(days=step)).year)) for day in days]


def by_months(axis, room, room_for_years):
    months = (axis.end.year - axis.start.year) * 12 + axis.end.month - axis.start.month
    fitting = (step for step in MONTH_STEPS if months / step <= (room if step < 12 else room_for_years))
    step = next(fitting, MONTH_STEPS[-1])
    first = axis.start.year * 12 + axis.start.month - 1
    numbers = range(-(-first // step) * step, first + months + 1, step)
    days = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return [(day, str(day.year) if day.month == 1 else MONTHS[day.month - 1]) for day in days]


def short(day, year=False):
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"


def short_text(text, year=False):
    """Write a date shortly and no more exactly than it is known."""
    first = dates.period(text)[0]
    return {4: str(first.year), 7: f"{MONTHS[first.month - 1]} {first.year}"}.get(len(text), short(first, year))


def without_collisions(found, width):
    """Drop the label of every tick that would touch the label before it or run out of the picture."""
    kept, free = [], -1.0
    for tick in found:
        x = tick.place * width / 100
        left = x - (LETTER * len(tick.label) / 2 if tick.place else 0)
        right = left + LETTER * len(tick.label)
        fits = left >= free and right <= width + 12
        kept.append(tick if fits else Tick(tick.place, ""))
        free = right + 10 if fits and tick.label else free
    return kept
