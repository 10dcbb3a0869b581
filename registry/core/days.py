"""Which dates people may give, wherever one can be typed: years that clocks, calendars and the database agree on."""

from .errors import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2200
OUTSIDE = f"Choose a date in the years {FIRST_YEAR} to {LAST_YEAR}."


def check_day(value, field, name):
    """Refuse a date or time outside those years, by its field and by what people call it."""
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Invalid(f"{name} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.", field, "range")
