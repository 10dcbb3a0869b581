"""Ringing for runs, doing them, and sweeping up after workers that died."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from registry.core.dispatch import every

from .actions import already_computed, claim, fail, finish, sweep
from .child import compute
from .models import Run

RING_AGAIN = timedelta(seconds=30)


@every(0.25)
def ring_for_runs():
    now = timezone.now()
    due = Run.objects.filter(Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN), status=Run.Status.QUEUED)
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:50])
    for pk in ids:
        carry_out_run.apply_async([pk], queue="analyses", retry=False)
        Run.objects.filter(pk=pk).update(rung_at=now)
    return len(ids)


@every(2)
def sweep_runs():
    return sweep()


@shared_task(ignore_result=True)
def carry_out_run(pk):
    """Do one run, if it is still to be done; a second bell for the same run does nothing."""
    run = claim(pk)
    if run is None:
        return
    if report := already_computed(run):
        finish(run, report)
        return
    with tempfile.TemporaryDirectory(prefix="daylight-run-") as folder:
        try:
            files = _fetch(run, Path(folder))
        except OSError as problem:
            fail(run, f"An input could not be read from the file store: {type(problem).__name__}.")
            return
        compute(run, files)


def _fetch(run, folder):
    files = []
    for number, given in enumerate(run.inputs.select_related("file")):
        path = folder / str(number)
        with given.file.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        files.append((given.role, given.name, str(path)))
    return files
