"""What the worker does with mail that was taken, and when it is forgotten."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every
from registry.core.tasks import forget

from .models import IncomingMail
from .processing import process

RING_AGAIN = timedelta(seconds=60)
WAITS = timedelta(days=14)
State = IncomingMail.State


@every(0.5)
def ring_for_incoming_mail():
    now = timezone.now()
    due = IncomingMail.objects.due(now).not_rung(now - RING_AGAIN).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:100])
    for pk in ids:
        read_mail.apply_async([pk], queue="mail", retry=False)
    IncomingMail.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=140)
def read_mail(pk):
    """Read one mail, if it is still to be read."""
    process(pk)


@shared_task(ignore_result=True)
def forget_old_mail():
    """Drop what nobody looks at any more: ignored mail after a month, mail that waited in vain after two weeks, texts
    that were not posted after half a year. What was posted keeps its row, by which it is known when it comes again."""
    now = timezone.now()
    mails = IncomingMail.objects.order_by("pk")
    waited = mails.filter(state=State.WAITING, received_at__lt=now - WAITS)
    waited.update(state=State.DISCARDED, settled_at=now, body="", cut="")
    forget(mails.filter(state__in=[State.IGNORED, State.DONE], received_at__lt=now - timedelta(days=35)))
    old = now - timedelta(days=180)
    forget(mails.filter(state__in=[State.REFUSED, State.DISCARDED, State.BROKEN], received_at__lt=old))
    mails.filter(Q(state=State.POSTED) | Q(state=State.HELD), received_at__lt=old).exclude(cut="").update(cut="")
