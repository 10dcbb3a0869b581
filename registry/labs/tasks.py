"""Domain checks are made by the worker: no request speaks to another host."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every

from .actions import settle_domain_check
from .models import DomainCheck
from .verification import look_for_code

RING_AGAIN = timedelta(seconds=60)


@every(1)
def ring_for_domain_checks():
    now = timezone.now()
    due = DomainCheck.objects.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN), status="queued")
    ids = list(due.values_list("pk", flat=True)[:20])
    for pk in ids:
        check_domain.apply_async([pk], queue="default", retry=False)
    DomainCheck.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@shared_task(ignore_result=True)
def check_domain(pk):
    """Look for the code without holding a lock, then settle the check if nobody else has."""
    check = DomainCheck.objects.filter(pk=pk, status="queued").first()
    if check is None:
        return
    proved, problem = look_for_code(check)
    with transaction.atomic():
        row = DomainCheck.objects.select_for_update().select_related("lab__subject").get(pk=pk)
        if row.status == DomainCheck.Status.QUEUED:
            settle_domain_check(row, proved=proved, problem=problem)
