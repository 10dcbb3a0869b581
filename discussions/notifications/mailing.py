"""When notices become mail: which are due, which of them share a letter, and how many letters a day may hold.

A letter, the marks on its notices and the row in the outbox are one transaction under a lock on the person, so that
two workers never write the same, whoever of them dies.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from registry.accounts.models import User

from .composing import compose
from .models import Cadence, Letter, Notice, Preferences, Subscription
from .schedule import LONGEST_WAIT, QUIET
from .targets import targets_of

log = logging.getLogger(__name__)
DAY = timedelta(hours=24)
# At most 16 letters in 24 hours, and above that one every six hours that holds everything: 20 in all.
FREELY = 16
CROWDED_PAUSE = timedelta(hours=6)


def write_mail(user_id):
    """Write all letters that are due to somebody; returns how many."""
    written = 0
    while _write_next(user_id):
        written += 1
    return written


@transaction.atomic
def _write_next(user_id):
    # Not for update: that would hold up whoever writes a row that points at the person.
    user = User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=user_id).first()
    if user is None:
        return False
    now = timezone.now()
    waiting = Notice.objects.filter(user=user, due_at__isnull=False)
    _await_quiet(waiting.filter(cadence=Cadence.BUNDLED))
    _drop_unwanted(user, waiting.due(now))
    chosen, crowded = _next_letter(user, waiting, now)
    if not chosen:
        return False
    if message := _composed(user, chosen, crowded):
        message.send()
    letter = Letter.objects.create(user=user, told=len(chosen), written_at=now)
    Notice.objects.filter(pk__in=[n.pk for n in chosen]).update(letter=letter, due_at=None)
    return True


def _composed(user, chosen, crowded):
    """The mail, or None where it cannot be made: it stays in the inbox, and holds up nothing that comes after it."""
    try:
        message = compose(user, chosen, crowded=crowded)
        message.message()
        return message
    except Exception:  # noqa: BLE001 - whatever is wrong with one text, the next letter must be written
        log.exception("no mail can be made of notices %s", [n.pk for n in chosen])
        return None


def _drop_unwanted(user, due):
    """Write nothing to whom nothing may be written, of what is no longer in view, of what was muted since."""
    wanted = due.of_what_is_in_view(user) if _may_get_mail(user) else due.none()
    due.exclude(pk__in=list(wanted.values_list("pk", flat=True))).update(due_at=None)
    muted = Subscription.objects.filter(user=user, cadence=Cadence.NONE).exclude(subject=None)
    muted = set(muted.values_list("subject_id", flat=True))
    if muted:
        waiting = due.select_related("event__subject", "event__actor")
        silenced = [notice.pk for notice in waiting if muted & targets_of(notice.event).keys()]
        Notice.objects.filter(pk__in=silenced).update(due_at=None)


def _may_get_mail(user):
    confirmed = user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()
    comes_back = Preferences.objects.filter(user=user, failing_since__isnull=False).exists()
    return user.is_active and not user.is_suspended and confirmed and not comes_back


def _next_letter(user, waiting, now):
    """The notices of the next letter, and whether there were too many letters before it."""
    lately = Letter.objects.filter(user=user, written_at__gt=now - DAY).order_by("-written_at")
    if lately.count() >= FREELY:
        free_at = lately[0].written_at + CROWDED_PAUSE
        if free_at > now:
            waiting.due(now).update(due_at=free_at)
            return [], False
        return _full(waiting.due(now)), True
    if first := _full(waiting.due(now).filter(cadence=Cadence.IMMEDIATE), most=1):
        return first, False
    return _full(waiting.due(now)), False


def _await_quiet(bundle):
    """Put a bundle off while things still come, for an hour at most; then all of it is due together."""
    times = sorted(bundle.values_list("created_at", flat=True))
    if times:
        bundle.update(due_at=min(times[0] + LONGEST_WAIT, times[-1] + QUIET))


def _full(notices, most=None):
    """Notices with all that a letter needs, the oldest first."""
    rows = notices.order_by("pk").select_related(
        "event__subject", "event__actor", "about", "comment__thread__about", "comment__parent__author",
        "comment__author", "comment__official_for", "subscription__subject",
    )  # fmt: skip
    return list(rows[:most])
