"""Mail and signs of life: what the worker does for the core."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .dispatch import beat, every
from .idempotency import OnceKey
from .mail import OutboundMail, deliver

RING_AGAIN = timedelta(seconds=60)


@every(0.5)
def ring_for_mail():
    now = timezone.now()
    due = OutboundMail.objects.filter(sent_at=None, failed_at=None, due_at__lte=now)
    waiting = due.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN) | Q(rung_at__lt=F("due_at")))
    ids = list(waiting.order_by("due_at").values_list("pk", flat=True)[:100])
    for pk in ids:
        send_mail.apply_async([pk], queue="mail", retry=False)
    OutboundMail.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@every(10)
def ring_for_signs_of_life():
    """A bell that reaches a worker proves the broker and the worker at once."""
    show_alive.apply_async(queue="default", retry=False, expires=20)
    beat("broker")
    return 1


@shared_task(ignore_result=True)
def send_mail(pk):
    """Send one mail, once: the row is locked while the server is spoken to."""
    with transaction.atomic():
        mail = OutboundMail.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if mail and mail.sent_at is None and mail.failed_at is None and mail.due_at <= timezone.now():
            deliver(mail)


@shared_task(ignore_result=True)
def show_alive():
    beat("worker")


@shared_task(ignore_result=True)
def forget_old_keys():
    """Drop idempotency keys after a week and sent mail after a month."""
    now = timezone.now()
    OnceKey.objects.filter(created_at__lt=now - timedelta(days=7)).delete()
    OutboundMail.objects.filter(sent_at__lt=now - timedelta(days=30)).delete()
