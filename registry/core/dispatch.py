"""The dispatcher: finds rows that are due and rings a worker's bell through the broker.

Rows are the truth; a broker may lose everything at any time, since whatever is still due is rung again.
No request ever comes here.
"""

import logging
import time

from django.db import DatabaseError, close_old_connections, models
from django.utils import timezone

log = logging.getLogger(__name__)
_rounds = []


class Pulse(models.Model):
    """When a part of the worker's world was last seen alive (`broker`, `worker`)."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self):
        return self.name


FRESH_SECONDS = 30


def beat(name):
    Pulse.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def world():
    """Whether broker and worker were seen within the last half minute."""
    seen = dict(Pulse.objects.values_list("name", "seen_at"))
    now = timezone.now()
    fresh = {n for n, at in seen.items() if (now - at).total_seconds() < FRESH_SECONDS}
    return {name: name in fresh for name in ("broker", "worker")}


def every(seconds):
    """Register a function to be called by the dispatcher about so often; it returns how many bells it rang."""

    def register(function):
        _rounds.append((seconds, function))
        return function

    return register


def run(stop, *, pause=0.25):
    """Make the rounds until `stop()` says so; a round that fails is logged and made again."""
    due = dict.fromkeys(range(len(_rounds)), 0.0)
    while not stop():
        for index, (seconds, function) in enumerate(_rounds):
            now = time.monotonic()
            if now < due[index]:
                continue
            due[index] = now + seconds
            try:
                close_old_connections()
                function()
            except DatabaseError as problem:
                log.warning("%s: the database did not answer (%s)", function.__name__, type(problem).__name__)
                due[index] = time.monotonic() + max(seconds, 1.0)
            except Exception as problem:  # noqa: BLE001 - the broker's many errors; the row stays due
                log.warning("%s: %s: %s", function.__name__, type(problem).__name__, problem)
                due[index] = time.monotonic() + max(seconds, 2.0)
        time.sleep(pause)
