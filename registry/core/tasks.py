"""Mail, signs of life and housekeeping: what the worker does for the core."""

import logging
from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models import F, Q
from django.utils import timezone

from .dispatch import beat, every
from .files import sweep_store
from .idempotency import OnceKey
from .limits import RateBucket
from .mail import OutboundMail, claim_mail, deliver

log = logging.getLogger(__name__)
BATCH = 1000
RING_AGAIN = timedelta(seconds=60)


@every(0.5)
def ring_for_mail():
    now = timezone.now()
    due = OutboundMail.objects.filter(sent_at=None, failed_at=None, due_at__lte=now)
    waiting = due.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN) | Q(rung_at__lt=F("due_at")))
    ids = list(waiting.order_by("due_at").values_list("pk", flat=True)[:100])
    rung = []
    try:
        for pk in ids:
            send_mail.apply_async([pk], queue="mail", retry=False)
            rung.append(pk)
    finally:
        OutboundMail.objects.filter(pk__in=rung).update(rung_at=now)
    return len(rung)


@every(10)
def ring_for_signs_of_life():
    """A bell that reaches a worker proves the broker and the worker at once."""
    show_alive.apply_async(queue="default", retry=False, expires=20)
    beat("broker")
    return 1


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=140)
def send_mail(pk):
    """Send one mail, if it is still to be sent; a second bell for the same mail does nothing."""
    if mail := claim_mail(pk):
        deliver(mail)


@shared_task(ignore_result=True)
def show_alive():
    beat("worker")


@shared_task(ignore_result=True)
def forget_old_keys():
    """Drop idempotency keys and full rate buckets after a week, sent mail after a month, sessions that expired."""
    now = timezone.now()
    forget(OnceKey.objects.filter(created_at__lt=now - timedelta(days=7)))
    forget(RateBucket.objects.filter(filled_at__lt=now - timedelta(days=7)))
    forget(OutboundMail.objects.filter(sent_at__lt=now - timedelta(days=30)))
    forget(Session.objects.filter(expire_date__lt=now))


def forget(rows):
    """Delete in small statements, so that none takes so long that the database ends it."""
    while rows.model.objects.filter(pk__in=rows.order_by("pk").values("pk")[:BATCH]).delete()[0]:
        pass


@shared_task(ignore_result=True)
def sweep_files():
    """Remove stored files that no row names; only old ones, since the act that will name one may still go on."""
    if swept := sweep_store(timezone.now() - timedelta(days=1)):
        log.info("%s files that nothing names were removed from the store", swept)
