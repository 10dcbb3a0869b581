"""An intent of Ada's lab about the lamp, for tests, and ways to move the clock on."""

from datetime import timedelta

from django.utils import timezone

from registry.intents.actions import announce
from registry.intents.models import Intent
from registry.intents.querysets import today

PLAN = {
    "artefact": "Lamp", "title": "Give the 7B weights to everybody", "what": "The weights of 7B, without a gate.",
    "why": "Nobody has found a misuse of the small ones.",
}  # fmt: skip
AHEAD = {
    "status": "planned", "title": "Secret stage", "rationale": "Secret reasons.", "due": "2031-01",
    "components": [
        {"component": "weights_final", "variant": "1B", "mode": "downloadable", "gate": "application_manual",
         "audience": "verified_researchers"}
    ],
}  # fmt: skip


def day(ahead):
    return today() + timedelta(days=ahead)


def plan(**changes):
    return PLAN | {"closes_on": day(20), "planned_on": day(30), "look_back_on": None} | changes


def intend(entry, by, **changes):
    return announce(entry, plan(**changes), by=by)


def now(intent):
    return Intent.objects.with_all().get(pk=intent.pk)


def close_window(intent, days_ago=1):
    """As if the last day for comments had passed."""
    moment = timezone.now() - timedelta(days=days_ago)
    Intent.objects.filter(pk=intent.pk).update(closes_on=moment.date(), closes_at=moment)
    return now(intent)


def look_back_came(intent, days_ago=1):
    """As if the day of the look-back had come."""
    Intent.objects.filter(pk=intent.pk).update(look_back_on=day(-days_ago))
    return now(intent)
