"""Answer times are computed by the worker: no page reads every concern."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from registry.core.dispatch import every

from . import figures
from .models import AnswerTimes

FRESH = timedelta(minutes=5)


@every(30)
def ring_for_answer_times():
    if not are_due(timezone.now()):
        return 0
    compute_answer_times.apply_async([], queue="default", retry=False, expires=25)
    return 1


def are_due(now):
    """Whether the figures were not computed for a while, or never."""
    return not AnswerTimes.objects.filter(lab=None, computed_at__gt=now - FRESH).exists()


@shared_task(ignore_result=True)
def compute_answer_times():
    """Bring the figures up to date; a second bell finds them so."""
    figures.compute_answer_times()
