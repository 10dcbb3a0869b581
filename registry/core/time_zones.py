"""The time zones that people may choose: places on earth and UTC, none of the database's own names for something."""

import zoneinfo
from functools import cache

REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@cache
def time_zones():
    """Their names, in order."""
    places = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)
    return ["UTC", *sorted(places)]


def grouped():
    """The same as choices of a field, by region."""
    groups = {"": [("UTC", "UTC")]}
    for name in time_zones()[1:]:
        region, _, place = name.partition("/")
        groups.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [*groups.pop(""), *groups.items()]
