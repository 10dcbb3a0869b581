"""How long answers take, by lab and over all; a plain median, with the number that still wait beside it."""

from collections import defaultdict
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from .models import AnswerTimes, Concern

DAY = 86_400
COUNTED = ["median_days", "answered", "unanswered", "oldest_open_days", "computed_at"]


@transaction.atomic
def compute_answer_times():
    """Write the figures anew; doing it twice, or twice at once, comes to the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7003)")
    now = timezone.now()
    groups = defaultdict(list, {None: []})
    seen = Concern.objects.visible_to(AnonymousUser()).values_list("lab", "state", "opened_at", "answered_at")
    for lab, *row in seen.iterator():
        for key in {lab, None}:
            groups[key].append(row)
    rows = [AnswerTimes(lab_id=lab, computed_at=now, **_figures(found, now)) for lab, found in groups.items()]
    AnswerTimes.objects.bulk_create(rows, update_conflicts=True, unique_fields=["lab"], update_fields=COUNTED)
    AnswerTimes.objects.filter(computed_at__lt=now).delete()


def _figures(rows, now):
    took = [(answered - opened).total_seconds() / DAY for _, opened, answered in rows if answered]
    waiting = [(now - opened).days for state, opened, _ in rows if state == Concern.State.OPEN]
    return {
        "median_days": median(took) if took else None,
        "answered": len(took),
        "unanswered": len(waiting),
        "oldest_open_days": max(waiting, default=None),
    }
