"""What the worker does: tell followers, write mail that is due, forget what is old."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from registry.core.dispatch import every

from .mailing import write_mail
from .models import Letter, Notice, Untold
from .telling import tell

RING_AGAIN = timedelta(seconds=60)
KEPT_READ = timedelta(days=180)
KEPT_UNREAD = timedelta(days=730)


@every(0.5)
def ring_for_untold():
    now = timezone.now()
    waiting = Untold.objects.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN)).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:100])
    for pk in ids:
        tell_followers.apply_async([pk], queue="mail", retry=False)
    Untold.objects.filter(pk__in=ids).update(rung_at=now)
    return len(ids)


@every(1)
def ring_for_due_notices():
    now = timezone.now()
    not_rung = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN) | Q(rung_at__lt=F("due_at"))
    people = Notice.objects.due(now).filter(not_rung).order_by().values_list("user_id", flat=True).distinct()
    ids = list(people[:100])
    for pk in ids:
        write_due_mail.apply_async([pk], queue="mail", retry=False)
    Notice.objects.due(now).filter(user__in=ids).update(rung_at=now)
    return len(ids)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=140)
def tell_followers(pk):
    """Tell an event's followers, as far as it is still to be done."""
    tell(pk)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=140)
def write_due_mail(pk):
    """Write what mail is due to somebody; a second bell finds nothing due."""
    write_mail(pk)


@shared_task(ignore_result=True)
def forget_old_notices():
    """Drop read notices after half a year, unread ones after two, and the count of letters after a month."""
    now = timezone.now()
    Notice.objects.filter(seen_at__lt=now - KEPT_READ).delete()
    Notice.objects.filter(created_at__lt=now - KEPT_UNREAD).delete()
    Letter.objects.filter(written_at__lt=now - timedelta(days=30)).delete()
