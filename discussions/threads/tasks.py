"""What runs later: passages are looked for again after their subject's text has changed."""

from celery import shared_task

from registry.core.dispatch import every

from .models import Anchor
from .passages import look_again

MOST = 500


@every(3)
def ring_for_passages():
    if not Anchor.objects.filter(due=True).exists():
        return 0
    look_for_passages.apply_async(queue="default", retry=False, expires=20)
    return 1


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=140)
def look_for_passages():
    """Look for the passages that are due, the longest-standing first; a second bell finds none or goes on."""
    for pk in list(Anchor.objects.filter(due=True).order_by("pk").values_list("pk", flat=True)[:MOST]):
        look_again(pk)
