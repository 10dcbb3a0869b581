"""Rate limits: token buckets in PostgreSQL, one atomic statement each, so that they hold across processes."""

import ipaddress
import math

from django.conf import settings
from django.db import connection, models

from .errors import TooMany


class RateBucket(models.Model):
    """How many tokens somebody has left for one kind of act."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self):
        return self.key


TAKE = """
INSERT INTO registry_ratebucket AS b (key, tokens, filled_at) VALUES (%(key)s, %(size)s - 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
  tokens = LEAST(%(size)s, b.tokens + EXTRACT(EPOCH FROM clock_timestamp() - b.filled_at) * %(rate)s) - 1,
  filled_at = clock_timestamp()
WHERE LEAST(%(size)s, b.tokens + EXTRACT(EPOCH FROM clock_timestamp() - b.filled_at) * %(rate)s) >= 1
RETURNING tokens
"""
LEFT = """
SELECT LEAST(%(size)s, tokens + EXTRACT(EPOCH FROM clock_timestamp() - filled_at) * %(rate)s)::float
FROM registry_ratebucket WHERE key = %(key)s
"""


def take(act, who, *, size, per_seconds):
    """Take one token of `size` per `per_seconds`; raise `TooMany` with the seconds to wait where none is left."""
    size = max(1.0, size * settings.RATE_LIMIT_SCALE)
    given = {"key": f"{act}:{who}"[:120], "size": size, "rate": size / per_seconds}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        if cursor.fetchone() is None:
            cursor.execute(LEFT, given)
            wait = max(1, math.ceil((1 - cursor.fetchone()[0]) / given["rate"]))
            raise TooMany(f"That was a little fast. Wait {waiting(wait)} and try again; nothing is lost.", wait)


def waiting(seconds):
    """A time to wait in words, never shorter than it is."""
    if seconds <= 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    if seconds <= 7200:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds / 3600)} hours"


def client_block(request):
    """The client's address, IPv6 cut to its /64; forwarding headers count only behind declared proxies."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
