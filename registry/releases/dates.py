"""Dates as people know them: a day, a month, a year or nothing, as ISO text of that length."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from registry.core.days import FIRST_YEAR, LAST_YEAR
from registry.releases.vocabulary import DatePrecision

SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
LONGEST = len("2019-02-14")
LENGTHS = {0: DatePrecision.UNKNOWN, 4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}


def latest_today():
    """Return the date where it is latest on Earth, so that nobody's today counts as the future."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def precision_of(text):
    """Return how precise a date is, or None where the text is no date at all."""
    return LENGTHS[len(text)] if not text or SHAPE.fullmatch(text) else None


def shorten(text, precision):
    """Cut a date to a coarser precision; leave it alone where that cannot be done."""
    length = {DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}.get(precision)
    return text[:length] if length and SHAPE.fullmatch(text) and len(text) > length else text


def problem_with(text):
    """Return a sentence on what is wrong with a date, or an empty string."""
    return _problem_with(text[: LONGEST + 1])


@lru_cache(5_000)
def _problem_with(text):
    match = SHAPE.fullmatch(text)
    if not text:
        return ""
    if not match:
        return "Write the date as 2019-02-14, 2019-02 or 2019, or leave it empty where it is unknown."
    year, month, day = (int(part) if part else 1 for part in match.groups())
    if year == 0:
        return "There is no year 0; leave the date empty where it is unknown."
    if year == 9999:
        return "The year 9999 is no date; leave the date empty where it is unknown, and write a condition instead."
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return f"The year {year} lies outside {FIRST_YEAR} to {LAST_YEAR}."
    if not 1 <= month <= 12:
        return f"There is no month {month}; months run from 01 to 12."
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return f"{calendar.month_name[month]} {year} has no day {day}."
    return ""


def period(text):
    """Return the first and last day that a date may mean, or None where it is unknown or unreal."""
    return _period(text) if isinstance(text, str) and len(text) <= LONGEST else None


@lru_cache(5_000)
def _period(text):
    if not text or problem_with(text):
        return None
    year, month, day = (int(part) if part else None for part in SHAPE.fullmatch(text).groups())
    if day:
        return date(year, month, day), date(year, month, day)
    last_month = month or 12
    return date(year, month or 1, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


def in_words(text):
    """Write a date for people: 14 February 2019, February 2019, 2019."""
    days = period(text)
    if not days:
        return "an unknown date"
    first = days[0]
    month = f"{calendar.month_name[first.month]} {first.year}"
    return {4: str(first.year), 7: month}.get(len(text), f"{first.day} {month}")
