"""What ends by itself: access at its end, and requests whose questions were left without an answer."""

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every

from . import actions
from .models import AccessRequest

BATCH = 100


@every(60)
def ring_for_ends():
    now = timezone.now()
    ended = Q(state="accepted", ends_at__lte=now) | Q(state="more", since__lte=now - actions.LEFT_WAITING)
    keys = list(AccessRequest.objects.filter(ended).values_list("pk", flat=True)[:BATCH])
    for pk in keys:
        end.apply_async([pk], queue="default", retry=False, expires=10)
    return len(keys)


@shared_task(ignore_result=True)
def end(pk):
    """A second bell finds it ended."""
    actions.expire(pk)
