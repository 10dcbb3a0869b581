"""Where people are sent after they did something: only ever to a page of this site."""

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def place_here(target):
    """The target where it is a path on this site, else ""; whatever names a host leads elsewhere."""
    target = str(target or "")
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside and len(target) <= LONGEST else ""
