"""Rate limits: token buckets in PostgreSQL, one atomic statement each, so that they hold across processes."""

import contextvars
import ipaddress
import math
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, models, transaction

from .errors import TooMany
from .statements import ask, ask_along

# What was taken by this request in transactions that are not committed.
_taken = contextvars.ContextVar("taken", default=None)


class RateBucket(models.Model):
    """How many tokens somebody has left for one kind of act; in an unlogged table, which a crash empties."""

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
    token = _token(act, who, size, per_seconds)
    _judge(token, ask(TAKE, token))


def take_along(act, who, *, size, per_seconds):
    """The same in an act that asks something else anyway: what is returned is called once that is answered, and raises
    `TooMany` then."""
    token = _token(act, who, size, per_seconds)
    answer = ask_along(TAKE, token)
    return lambda: _judge(token, answer.rows)


def _token(act, who, size, per_seconds):
    size = max(1.0, size * settings.RATE_LIMIT_SCALE)
    return {"key": f"{act}:{who}"[:120], "size": size, "rate": size / per_seconds}


def _judge(token, taken):
    if not taken:
        wait = _seconds_left(token)
        raise TooMany(f"That was a little fast. Wait {waiting(wait)} and try again; nothing is lost.", wait)
    counted = _taken.get()
    if counted is not None and connection.in_atomic_block:
        counted.append(token)
        transaction.on_commit(partial(counted.remove, token))


def _seconds_left(token):
    [(left,)] = ask(LEFT, token)
    return max(1, math.ceil((1 - left) / token["rate"]))


def waiting(seconds):
    """A time to wait in words, never shorter than it is."""
    if seconds <= 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    if seconds <= 7200:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds / 3600)} hours"


def count_refusals(get_response, request):
    """Answer a request; what its acts took counts even where they were refused and all that they did was undone."""
    mark = _taken.set([])
    try:
        response = get_response(request)
        _take_again(_taken.get())
    finally:
        _taken.reset(mark)
    return response


def _take_again(undone):
    if not undone or connection.in_atomic_block:
        return
    try:
        for token in undone:
            ask(TAKE, token)
    except (OperationalError, InterfaceError):
        connection.close()


def take_write(request):
    """One of 120 writes a minute for each person or address, by whatever door."""
    who = f"u{request.user.pk}" if request.user.is_authenticated else client_block(request)
    take("write", who, size=120, per_seconds=60)


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
