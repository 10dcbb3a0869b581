"""What comes by itself: windows close, and look-backs fall due. The rows say when; followers are told once."""

from celery import shared_task
from django.utils import timezone

from registry.core.dispatch import every

from . import actions
from .models import Intent

BATCH = 100


@every(15)
def ring_for_closed_windows():
    closed = Intent.objects.announced().filter(closing_told_at=None, closes_at__lte=timezone.now())
    return _ring(tell_of_closing, closed.order_by("closes_at"))


@every(60)
def ring_for_look_backs():
    return _ring(remind, Intent.objects.look_back_due().filter(reminded_at=None).order_by("look_back_on"))


@shared_task(ignore_result=True)
def tell_of_closing(pk):
    """A second bell finds it told."""
    actions.tell_of_closing(pk)


@shared_task(ignore_result=True)
def remind(pk):
    """A second bell finds everybody reminded."""
    actions.remind(pk)


def _ring(task, intents):
    keys = list(intents.values_list("pk", flat=True)[:BATCH])
    for pk in keys:
        task.apply_async([pk], queue="default", retry=False, expires=10)
    return len(keys)
