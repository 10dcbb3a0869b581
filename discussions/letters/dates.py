"""When a letter becomes public: from a day or a moment as its sender gives it to the minute that is kept."""

import zoneinfo
from datetime import datetime, time, timedelta

from django.utils import timezone

from registry.core.days import check_day
from registry.core.errors import Conflict, Invalid

from .models import LONGEST, LONGEST_DELAY, MOST_DELAYS

MORNING = time(9)
SOONEST = timedelta(minutes=5)
FIELD = "public_on"


def zone_of(user):
    """The time zone that somebody chose for themselves, or UTC."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def read_moment(given, user):
    """The minute that somebody means by a day or a time; a day means nine in the morning where they live."""
    if given is None:
        raise Invalid("Choose the day on which the letter becomes public.", FIELD, "required")
    check_day(given, FIELD, "The date")
    if not isinstance(given, datetime):
        given = datetime.combine(given, MORNING)
    if timezone.is_naive(given):
        given = given.replace(tzinfo=zone_of(user))
    return given.replace(second=0, microsecond=0)


def check_opening(moment):
    """Refuse a moment that is past, or more than a year ahead."""
    now = timezone.now()
    if moment < now + SOONEST:
        raise Invalid("Choose a time to come, or make the letter public now.", FIELD, "range")
    if moment > now + LONGEST:
        raise Invalid("Choose a date within a year: what is kept longer is kept for good.", FIELD, "range")
    return moment


def check_change(letter, moment):
    """Refuse what would break the promise of the placeholder: two delays, and 90 days later, are the most."""
    check_opening(moment)
    if moment == letter.opens_at:
        raise Conflict("The letter becomes public at that time already.")
    if moment < letter.opens_at:
        return
    if sum(change.is_delay for change in letter.date_changes.all()) >= MOST_DELAYS:
        raise Conflict("The date was put off twice, which is as often as can be. It can still be earlier.")
    if moment > letter.latest_opening:
        said = f"A letter may become public {LONGEST_DELAY.days} days later than first promised, and no later."
        raise Invalid(said, FIELD, "range")
