"""Planned publications are made by the worker, at their moment and not before."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every

from . import planning
from .models import PlannedPublication

RING_AGAIN = timedelta(seconds=20)


@every(2)
def ring_for_publications():
    now = timezone.now()
    due = PlannedPublication.objects.filter(state="waiting", at__lte=now)
    ids = list(due.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)).values_list("pk", flat=True)[:50])
    for pk in ids:
        publish_planned.apply_async([pk], queue="default", retry=False)
    PlannedPublication.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@shared_task(ignore_result=True)
def publish_planned(pk):
    """Publish one, if it still waits; a second bell for the same one does nothing."""
    planning.publish_planned(pk)
