"""When mail is due: at once, when it is quiet, or at eight in the morning where the person lives."""

import zoneinfo
from datetime import datetime, time, timedelta

from .models import Cadence

QUIET = timedelta(minutes=10)
LONGEST_WAIT = timedelta(minutes=60)
MORNING = time(8)
MONDAY = 0


def due_at(cadence, user, now):
    """The earliest moment of a mail, or None where none is to come."""
    if cadence == Cadence.IMMEDIATE:
        return now
    if cadence == Cadence.BUNDLED:
        return now + QUIET
    if cadence in {Cadence.DAILY, Cadence.WEEKLY}:
        return next_morning(user.time_zone, now, weekly=cadence == Cadence.WEEKLY)
    return None


def next_morning(time_zone, now, *, weekly=False):
    """The next eight o'clock in a time zone; of a Monday where `weekly`."""
    try:
        zone = zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo("UTC")
    day = now.astimezone(zone).date()
    while True:
        morning = datetime.combine(day, MORNING, zone)
        if morning > now and (not weekly or day.weekday() == MONDAY):
            return morning
        day += timedelta(days=1)


def is_quiet(first, last, now):
    """Whether a bundle is to be sent: nothing came for ten minutes, or the first has waited for an hour."""
    return last <= now - QUIET or first <= now - LONGEST_WAIT
