"""How many letters somebody may send. Every refusal says what the limit is; what was typed is kept by whoever asked."""

import math
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from discussions.threads.pace import UNTIL, is_new
from registry.core.errors import Conflict, TooMany
from registry.core.limits import take, waiting

from .models import LabLetter

DAY = timedelta(hours=24)
A_DAY, A_DAY_FOR_NEW = 10, 2
MOST_WAITING = 10  # dated letters of one person that wait at the same time


def check_pace(user, *, starts=False, dated=False):
    """Take one of the acts that somebody has; `starts` a letter, which may be `dated`."""
    take("letter", f"u{user.pk}", size=20, per_seconds=3600)
    if not starts:
        return
    new = is_new(user)
    most = max(1, int((A_DAY_FOR_NEW if new else A_DAY) * settings.RATE_LIMIT_SCALE))
    mine = LabLetter.objects.filter(Q(entered_by=None, sender=user) | Q(entered_by=user))
    sent = mine.filter(sent_at__gt=timezone.now() - DAY).order_by("-sent_at").values_list("sent_at", flat=True)[:most]
    if len(sent) >= most:
        wait = math.ceil((sent[most - 1] + DAY - timezone.now()).total_seconds())
        who = f"A new account may send {most} letters a day, {UNTIL}" if new else f"You may send {most} letters a day"
        raise TooMany(f"{who}. You can go on in {waiting(wait)}; your text is kept.", wait)
    if dated and mine.waiting().count() >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} letters of yours wait for their date, which is as many as can be.")
