"""What the worker computes: the observations of entries that changed, and the curves over all of them."""

import hashlib
import logging
from collections import defaultdict

from django.db import connection, transaction
from django.utils import timezone

from registry.releases import dates
from registry.releases.models import Entry
from registry.replications.models import Replication

from .models import Curve, EntryClock, Measure, Mode, Withholding
from .spans import first_replication, spans
from .survival import median, survival

log = logging.getLogger(__name__)
BATCH = 50
FIELDS = ("days", "days_low", "days_high", "released"), ("reached_days", "reached_low", "reached_high", "replicated")
# What lasts is a day longer every day: by the middle, the fewest and the most that its beginning allows.
AGE = """
UPDATE registry_withholding SET
  days = ((%(today)s::date - since_first) + (%(today)s::date - since_last)) / 2,
  days_low = %(today)s::date - since_last, days_high = %(today)s::date - since_first,
  reached_days = CASE WHEN replicated = '' THEN ((%(today)s::date - since_first) + (%(today)s::date - since_last)) / 2
                      ELSE reached_days END,
  reached_low = CASE WHEN replicated = '' THEN %(today)s::date - since_last ELSE reached_low END,
  reached_high = CASE WHEN replicated = '' THEN %(today)s::date - since_first ELSE reached_high END
WHERE lasting AND dated
"""


def is_due(today):
    """Whether an entry waits to be looked at, or the curves are not those of today."""
    return EntryClock.objects.filter(due=True).exists() or not Curve.objects.filter(day=today).exists()


def compute(today=None):
    """Bring observations and curves up to date; doing it twice, or twice at once, comes to the same."""
    today = today or dates.latest_today()
    while look_at_some(today):
        pass
    draw_curves(today)


@transaction.atomic
def look_at_some(today):
    """Make the observations of a few entries anew; returns how many there were."""
    due = EntryClock.objects.select_for_update(skip_locked=True, no_key=True).filter(due=True).order_by("pk")
    pks = {clock.entry_id: clock.pk for clock in due[:BATCH]}
    # Read after the rows are held: whatever happens from here on makes them due again.
    published = Entry.objects.published().select_related("current", "lab").defer("draft", "current__html")
    entries = published.in_bulk(list(pks))
    reports = defaultdict(list)
    for report in Replication.objects.filter(entry__in=entries, subject__hidden=False).counted():
        reports[report.entry_id].append(report)
    rows = [row for pk, entry in entries.items() for row in _told(entry, reports[pk], today)]
    Withholding.objects.filter(entry__in=pks).delete()
    Withholding.objects.bulk_create(rows, batch_size=500)
    EntryClock.objects.filter(pk__in=pks.values()).update(due=False, computed_at=timezone.now())
    return len(pks)


def _told(entry, reports, today):
    """The rows of one entry; one that cannot be read is left out and logged, and stops nobody else's clock."""
    try:
        return list(observations(entry, reports, today))
    except Exception:
        log.exception("The clock of %s cannot be read.", entry.key)
        return []


def observations(entry, reports, today):
    """The rows of one entry."""
    content = entry.current.content
    for span in spans(content, today):
        low, high = span.days(today)
        replicated, path = first_replication(content, span, reports)
        reached = days_until(span, replicated) if replicated else (low, high)
        stages = content["stages"]
        yield Withholding(
            entry=entry, component=span.component, mode=span.mode, kind=content["artefact"]["kind"],
            year=span.start.first.year if span.start.first else 0, variants=span.variants,
            since=stages[span.start.stage]["date"], until=stages[span.end.stage]["date"] if span.end else "",
            since_first=span.start.first, since_last=span.start.last, lasting=span.end is None,
            released=span.released, dated=span.dated, days=(low + high) // 2, days_low=low, days_high=high,
            replicated=replicated, replicated_path=entry.get_absolute_url() + path if path.startswith("#") else path,
            reached_days=sum(reached) // 2, reached_low=reached[0], reached_high=reached[1],
        )  # fmt: skip


def days_until(span, text):
    """The fewest and most days from the beginning of an observation to a date."""
    first, last = dates.period(text)
    return max(0, (first - span.start.last).days), max(0, (last - span.start.first).days)


def draw_curves(today):
    """Make the curve of every stratum anew, from all observations of entries that everybody may see.

    Nothing is held meanwhile: of two workers the one that looked later has the last word.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(AGE, {"today": today})
    names = ("entry", "component", "mode", "kind", "year", "dated", *FIELDS[0], *FIELDS[1])
    groups = {(mode, "", 0): [] for mode in Mode.values}
    for row in Withholding.objects.shown().order_by("entry", "component", "pk").values(*names):
        for kind in {"", row["kind"]}:
            for year in {0, row["year"]}:
                groups.setdefault((row["mode"], kind, year), []).append(row)
    curves = [
        Curve(measure=measure, mode=mode, kind=kind, year=year, day=today, computed_at=now, **figures(rows, measure))
        for (mode, kind, year), rows in groups.items() for measure in Measure.values
    ]
    _replace(curves, now)


@transaction.atomic
def _replace(curves, now):
    """Put these curves in place of those that were made before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7004)")
    if Curve.objects.filter(computed_at__gt=now).exists():
        return
    unique = ["measure", "mode", "kind", "year"]
    written = [f.name for f in Curve._meta.concrete_fields if f.name not in {"id", *unique}]
    Curve.objects.bulk_create(
        curves, batch_size=200, update_conflicts=True, unique_fields=unique, update_fields=written
    )
    Curve.objects.filter(computed_at__lt=now).delete()


def figures(rows, measure):
    """What a curve holds, from its observations."""
    middle, low, high, event = FIELDS[Measure.values.index(measure)]
    dated = [row for row in rows if row["dated"]]
    points = survival([(row[middle], bool(row[event])) for row in dated])
    imprecise = sum(row[low] != row[high] for row in dated)
    shortest = longest = points
    if imprecise:
        shortest, longest = (survival([(row[name], bool(row[event])) for row in dated]) for name in (low, high))
    lines = [f"{r['entry']} {r['component']} {r[low]} {r[high]} {int(bool(r[event]))}\n" for r in dated]
    return {
        "observations": len(dated),
        "entries": len({row["entry"] for row in dated}),
        "events": sum(bool(row[event]) for row in dated),
        "left_out": len(rows) - len(dated),
        "imprecise": imprecise,
        "median": median(points),
        "median_low": median(points, "low"),
        "median_high": median(points, "high"),
        "median_shortest": median(shortest),
        "median_longest": median(longest),
        "points": [point._asdict() for point in points],
        "inputs": f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}",
    }
