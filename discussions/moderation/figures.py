"""Quarterly figures, counted from the log and the reports by four grouped queries; small numbers are not hidden."""

from django.db.models import Aggregate, Count, F, FloatField, Q
from django.db.models.functions import Coalesce, Extract, TruncQuarter

from .models import Appeal, Decision, Report
from .rulebook import RULES

QUARTERS = 12


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def by_quarter():
    """The newest quarters first, each a dict of what its page shows."""
    quarters = {}
    for row in _quarterly(Decision.objects.decided(), "kind", "rule", n=Count("pk")):
        _of(quarters, row)["decided"][row["kind"], row["rule"]] = row["n"]
    waited = Extract(Coalesce("confirmed_at", "at") - F("reported_at"), "epoch")
    for row in _quarterly(Decision.objects.decided().exclude(reported_at=None), seconds=Median(waited)):
        _of(quarters, row)["hours"] = row["seconds"] / 3600
    states = {state: Count("pk", filter=Q(state=state)) for state in ("open", "upheld", "declined")}
    for row in _quarterly(Report.objects, received=Count("pk"), **states):
        _of(quarters, row)["reports"] = row
    states = {state: Count("pk", filter=Q(state=state)) for state in ("open", "upheld", "overturned", "moot")}
    for row in _quarterly(Appeal.objects, received=Count("pk"), **states):
        _of(quarters, row)["appeals"] = row
    newest = sorted(quarters, reverse=True)[:QUARTERS]
    return [quarters[start] | {"table": _table(quarters[start]["decided"])} for start in newest]


def _quarterly(rows, *by, **counted):
    return rows.annotate(quarter=TruncQuarter("at")).values("quarter", *by).annotate(**counted).order_by("quarter")


def _of(quarters, row):
    start = row["quarter"]
    name = f"{start.year}, quarter {(start.month + 2) // 3}"
    empty = {"name": name, "decided": {}, "hours": None, "reports": None, "appeals": None}
    return quarters.setdefault(start, empty)


def _table(decided):
    """Kinds of decisions by rule, with only the rules that were applied."""
    rules = [rule.key for rule in RULES if any(key == rule.key for _, key in decided)]
    rows = [
        (label, [decided.get((kind, rule), 0) for rule in rules], sum(n for (k, _), n in decided.items() if k == kind))
        for kind, label in Decision.Kind.choices
    ]
    return {"rules": rules, "rows": [row for row in rows if row[2]], "total": sum(decided.values())}
