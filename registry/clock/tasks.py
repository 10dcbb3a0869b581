"""Curves are computed by the worker: no page reads every entry."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from registry.core.dispatch import every
from registry.releases import dates

from . import figures
from .models import Curve

PAUSE = timedelta(seconds=20)  # between two drawings: what comes in a burst is drawn together


@every(5)
def ring_for_clock():
    resting = Curve.objects.filter(computed_at__gt=timezone.now() - PAUSE).exists()
    if resting or not figures.is_due(dates.latest_today()):
        return 0
    compute_clock.apply_async([], queue="default", retry=False, expires=60)
    return 1


@shared_task(ignore_result=True)
def compute_clock():
    """Bring the clock up to date; a second bell finds it so."""
    if figures.is_due(dates.latest_today()):
        figures.compute()
