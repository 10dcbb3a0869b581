"""The decision clock of one entry: how long each component was withheld, and until others reached it or it came out."""

from typing import NamedTuple

from registry.core.statements import Instances
from registry.releases import dates
from registry.releases.clock import SUBJECT, clock, days_between, leaks, replications
from registry.releases.vocabulary import Component, Level
from registry.releases.wording import days_in_words, joined
from registry.replications.models import GOT_OUT, REACHED, Kind, Replication

MOST_KEPT = 256
_waits = {}


class Happening(NamedTuple):
    """Something that ended a withholding in fact: when, how long after its beginning, and who says so.

    `state` is that of a report; "" for what the entry itself records. `counts` is false for what is in doubt.
    """

    what: str
    words: str
    date: str
    days: tuple | None
    state: str
    counts: bool
    path: str

    @property
    def after(self):
        return f"after {days_in_words(self.days)}" if self.days else "on a date that is not known well enough"

    @property
    def when(self):
        return dates.in_words(self.date)


class Time(NamedTuple):
    """A time of withholding of one component, of all variants with the same dates."""

    component: Component
    variants: list
    level: Level
    since: str
    until: str
    days: tuple | None
    ended_by: Level | None
    again: bool
    happenings: list

    @property
    def name(self):
        return f"{self.component.label} of {joined(self.variants)}" if any(self.variants) else self.component.label

    @property
    def lasted(self):
        """As the page says it: 264 days, until 5 November 2019."""
        span = days_in_words(self.days) if self.days else "for an unknown time"
        return f"{span}, until {dates.in_words(self.until)}" if self.ended_by else f"{span} so far"

    @property
    def begun(self):
        return dates.in_words(self.since)

    @property
    def reached(self):
        return any(one.what != "leak" for one in self.happenings)

    @property
    def got_out(self):
        return any(one.what == "leak" for one in self.happenings)


REPORTS = Instances(
    lambda entry: Replication.objects.visible_to(None).standing().filter(entry=entry).order_by("date", "pk"), int
)


def times_of(entry, today=None):
    """The times of a published entry's components, with what was reported of them."""
    reports = REPORTS.all(entry.pk)
    today = today or dates.latest_today()
    return [
        time._replace(happenings=sorted(_happenings(entry, time, wait, reports), key=_by_date))
        for time, wait in _joined_waits(entry.current, today)
    ]


def _joined_waits(revision, today):
    """Times without what happened in them, each with one of its waits; kept, since a revision never changes."""
    key = (revision.pk, today)
    if key not in _waits:
        if len(_waits) >= MOST_KEPT:
            _waits.clear()
        found = {}
        for wait in clock(revision.content, today):
            found.setdefault(wait._replace(variant="", start=None, end=None), []).append(wait)
        _waits[key] = [(_time(waits), waits[0]) for waits in found.values()]
    return _waits[key]


def _time(waits):
    wait, variants = waits[0], [one.variant for one in waits if one.variant]
    ended_by = Level(wait.ended_by) if wait.ended_by else None
    return Time(
        Component(wait.component), variants, Level(wait.level), wait.since, wait.until, wait.days, ended_by,
        wait.again, [],
    )  # fmt: skip


def _happenings(entry, time, wait, reports):
    content, reported = entry.current.content, set()
    for report in reports:
        if report.component != time.component or not _within(time, wait, report.date, report.variant):
            continue
        what = "replication" if report.kind in REACHED else "leak" if report.kind in GOT_OUT else "check"
        reported.add((what, report.date) if report.counts else None)
        words = _with_variant(Kind(report.kind).label.lower(), time, report.variant)
        yield Happening(
            what, words, report.date, days_between(time.since, report.date), report.state,
            report.counts and what != "check", report.get_absolute_url(),
        )  # fmt: skip
    place = f"{entry.get_absolute_url()}#{'since' if content['events'] else 'decision'}"
    recorded = list(_recorded(time, wait, leaks(content, time.component), "leak", place))
    if time.component.family == SUBJECT[content["artefact"]["kind"]]:
        recorded += _recorded(time, wait, replications(content), "replication", place)
    # What was reported for the same day says it better.
    yield from {(one.what, one.date): one for one in recorded if (one.what, one.date) not in reported}.values()


def _recorded(time, wait, found, what, path):
    for date, variant in found:
        if _within(time, wait, date, variant):
            words = _with_variant(f"{what}, recorded in the entry", time, variant)
            yield Happening(what, words, date, days_between(time.since, date), "", True, path)


def _with_variant(words, time, variant):
    return f"{words}, of {variant}" if variant and len(time.variants) > 1 else words


def _within(time, wait, date, variant):
    """Whether something happened to one of these variants during a wait; what is undated may have."""
    if variant and time.variants and variant not in time.variants:
        return False
    days = dates.period(date)
    if not days or wait.start.first is None:
        return True
    return days[1] >= wait.start.first and (wait.end is None or wait.end.last is None or days[0] <= wait.end.last)


def _by_date(one):
    return dates.period(one.date) or (dates.latest_today(), dates.latest_today())
