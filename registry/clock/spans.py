"""From the stages of an entry to observations: one for each component and mode, however many variants it has.

Variants that are withheld at the same time make one observation. It begins when the first of them is withheld and
ends when the last is released: an entry with twelve sizes weighs as much as one with a single size. Only a first
withholding counts; what is closed again after it was out is no delay of its release.
"""

from itertools import groupby
from typing import NamedTuple

from registry.releases import dates
from registry.releases.clock import SUBJECT, replications
from registry.releases.levels import Step, spells, tracks
from registry.releases.vocabulary import Component, Level
from registry.replications.models import REACHED

from .models import Mode

HELD = {
    Mode.CLOSED: {Level.CLOSED}, Mode.RESTRICTED: {Level.RESTRICTED}, Mode.EITHER: {Level.CLOSED, Level.RESTRICTED},
}  # fmt: skip
LET_GO = {
    Mode.CLOSED: {Level.RESTRICTED, Level.OPEN}, Mode.RESTRICTED: {Level.OPEN}, Mode.EITHER: {Level.OPEN},
}  # fmt: skip


class Stretch(NamedTuple):
    """A first withholding of one variant; `end` is None while it lasts."""

    variant: str
    start: Step
    end: Step | None
    released: bool


class Span(NamedTuple):
    """One observation, as `models.Withholding` keeps it."""

    component: str
    mode: str
    variants: list
    start: Step
    end: Step | None
    released: bool

    @property
    def dated(self):
        return self.start.first is not None and (self.end is None or self.end.first is not None)

    def days(self, today):
        """The fewest and most days that its dates allow, up to today where it lasts."""
        if not self.dated:
            return 0, 0
        first, last = (self.end.first, self.end.last) if self.end else (today, today)
        return max(0, (first - self.start.last).days), max(0, (last - self.start.first).days)


def spans(content, today):
    """Every observation that an entry with this content gives, by component and mode."""
    for component, of_component in groupby(tracks(content), key=lambda track: track.component):
        of_component = [(track.variant, spells(track, today)) for track in of_component]
        for mode in Mode:
            found = [first for variant, told in of_component if (first := stretch(variant, told, mode))]
            for run in runs(found):
                yield joined(component, mode, run)


def stretch(variant, told, mode):
    """The first withholding in the spells of a variant, or None where it was out before or never withheld."""
    held = None
    for spell in told:
        if held is None:
            if spell.level in HELD[mode] and not spell.again:
                held = spell
            elif spell.level == Level.OPEN:
                return None
        elif spell.level not in HELD[mode]:
            return Stretch(variant, held.start, spell.start, spell.level in LET_GO[mode])
    return Stretch(variant, held.start, None, False) if held else None


def runs(stretches):
    """Part stretches into those that overlap one another in time."""
    run, until = [], None
    for one in sorted(stretches, key=lambda one: one.start.since):
        if run and until is not None and one.start.since > until:
            yield run
            run = []
        end = one.end.since if one.end else None
        until = end if not run else None if None in (until, end) else max(until, end)
        run.append(one)
    if run:
        yield run


def joined(component, mode, run):
    """One observation of variants withheld at once: from the first that was to the last that was let go."""
    lasting = any(one.end is None for one in run)
    last = None if lasting else max(run, key=lambda one: one.end.since)
    variants = [one.variant for one in run if one.variant]
    return Span(component, mode, variants, run[0].start, last and last.end, bool(last and last.released))


def first_replication(content, span, reports):
    """The earliest replication within an observation as (date, path), or ("", ""); `reports` are those that count."""
    found = []
    if not span.dated:
        return "", ""
    if Component(span.component).family == SUBJECT[content["artefact"]["kind"]]:
        found = [(date, variant, "#since") for date, variant in replications(content)]
    found += [
        (report.date, report.variant, report.get_absolute_url()) for report in reports
        if report.component == span.component and report.kind in REACHED
    ]
    fitting = [
        (days, date, path) for date, variant, path in found
        if (days := dates.period(date)) and (not variant or not span.variants or variant in span.variants)
        and days[1] >= span.start.first and (span.end is None or days[0] <= span.end.last)
    ]
    return min(fitting)[1:] if fitting else ("", "")
