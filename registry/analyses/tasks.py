"""Ringing for runs, doing them, and sweeping up after workers that died."""

import hashlib
import logging
import os
import signal
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import Error, connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from psycopg.pq import TransactionStatus

from registry.core.dispatch import every

from .actions import HEARTBEAT, already_computed, claim, fail, give_back, keep, sweep
from .child import compute, settle
from .models import Run

log = logging.getLogger(__name__)
RING_AGAIN = timedelta(seconds=30)
MOST_RINGS = 50


@every(0.25)
def ring_for_runs():
    ids = due_runs(timezone.now())
    for pk in ids:
        carry_out_run.apply_async([pk], queue="analyses", retry=False)
        Run.objects.filter(pk=pk).update(rung_at=timezone.now())
    return len(ids)


def due_runs(now):
    """The queued runs to ring for, the oldest first.

    Of one person's runs of one analysis the next is rung for when the one before is over, so that nobody else waits
    for more than one of them. Only the oldest are rung for again: bells pile up in the broker while workers are busy.
    """
    same = {"requested_by": OuterRef("requested_by"), "analysis": OuterRef("analysis")}
    queued = Run.objects.filter(status=Run.Status.QUEUED).exclude(
        Exists(Run.objects.filter(status=Run.Status.RUNNING, **same))
    )
    heads = queued.order_by("requested_by", "analysis", "pk").distinct("requested_by", "analysis")
    heads = sorted(heads.values_list("pk", "rung_at"))
    again = [pk for pk, rung_at in heads[:MOST_RINGS] if rung_at and rung_at < now - RING_AGAIN]
    return sorted([pk for pk, rung_at in heads if rung_at is None][:MOST_RINGS] + again)


@every(2)
def sweep_runs():
    return sweep()


@shared_task(ignore_result=True, time_limit=settings.RUN_SECONDS + 300)
def carry_out_run(pk):
    """Do one run, if it is still to be done; a second bell for the same run does nothing."""
    run = claim(pk)
    if run is None:
        return
    with given_back_when_told_to_stop(run):
        try:
            carry_out(run)
        except Error:
            raise  # the database is away for long: the lease runs out, and the sweeper queues the run again
        except Exception as problem:
            log.exception("run %s", run.pk)
            reason = f"The worker could not do it ({type(problem).__name__}). This is a fault of ours."
            give_back(run, reason, rest=True)


def carry_out(run):
    if report := already_computed(run):
        settle(run, "report", report)
        return
    with ExitStack() as stack:
        try:
            files = [(i.role, i.name, fetch(run, i, stack)) for i in run.inputs.select_related("file")]
        except FileNotFoundError:
            fail(run, "An input is no longer in the file store.")
        except Changed as problem:
            fail(run, str(problem))
        except LostLease:
            return
        else:
            compute(run, files)


class Changed(Exception):
    """The file store gave other bytes than were uploaded."""


class LostLease(Exception):
    """The run was cancelled or taken over meanwhile."""


def fetch(run, given, stack):
    """The bytes of an input in a file without a name, which goes with the process however that ends."""
    local, sha, next_beat = stack.enter_context(tempfile.TemporaryFile()), hashlib.sha256(), time.monotonic()
    with given.file.open() as source:
        while chunk := source.read(1 << 20):
            local.write(chunk)
            sha.update(chunk)
            if time.monotonic() > next_beat:
                next_beat = time.monotonic() + HEARTBEAT
                if not keep(run, progress=0, message="Fetching the inputs."):
                    raise LostLease
    if sha.hexdigest() != given.sha256:
        raise Changed(f"The file {given.name} is not the one that was uploaded: its digest is another.")
    local.seek(0)
    return local


@contextmanager
def given_back_when_told_to_stop(run):
    """A worker that is told to stop hands its run to the next one at once, and the attempt does not count."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number, frame):
        raise ToldToStop

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except ToldToStop:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if _in_the_middle_of_a_statement():
            connection.close()
        try:
            give_back(run, "The worker was stopped; waiting for another one.", counted=False)
        except Error:
            log.warning("run %s could not be given back; its lease runs out", run.pk)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _in_the_middle_of_a_statement():
    raw = connection.connection
    return raw is None or raw.closed or raw.info.transaction_status != TransactionStatus.IDLE


class ToldToStop(BaseException):
    """SIGTERM arrived."""
