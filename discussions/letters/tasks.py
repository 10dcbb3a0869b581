"""Dated letters become public by the worker, in the minute that was promised."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every
from registry.core.errors import Conflict, Invalid, Refused, TooMany

from .actions import open_due
from .models import LabLetter

log = logging.getLogger(__name__)
RING_AGAIN = timedelta(seconds=60)


@every(2)
def ring_for_due_letters():
    now = timezone.now()
    not_rung = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)
    ids = list(LabLetter.objects.due(now).filter(not_rung).order_by("opens_at").values_list("pk", flat=True)[:100])
    for pk in ids:
        open_due_letter.apply_async([pk], queue="default", retry=False)
    LabLetter.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@shared_task(ignore_result=True)
def open_due_letter(pk):
    """Make a letter public, if its time has come; a second bell finds it public."""
    try:
        open_due(pk)
    except (Conflict, Invalid, Refused, TooMany) as problem:
        log.warning("letter %s stays closed for now: %s", pk, problem)
