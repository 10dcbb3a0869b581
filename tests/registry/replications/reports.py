"""A report of Eve's about the lamp, for tests."""

from registry.replications.actions import report_replication
from registry.replications.models import Replication

REPORT = {
    "kind": "independent_retraining", "component": "weights_final", "variant": "1B", "date": "2024-07-01",
    "who": "Two students", "fidelity": "Perplexity 10.1 against 10.0.", "cost_amount": "50000", "cost_currency": "usd",
    "cost_text": "one run", "availability": "Anyone may download it.", "source_title": "We made it again",
    "source_url": "https://example.org/again", "source_quote": "It comes as close as we can measure.",
}  # fmt: skip


def report(entry, by, **changes):
    return report_replication(entry, REPORT | changes, by=by)


def now(report):
    return Replication.objects.with_all().get(pk=report.pk)
