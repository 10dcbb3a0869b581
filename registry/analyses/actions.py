"""Asking for runs, and the steps a run takes. Every step is one conditional update, so it may be tried twice."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.recording import record

from . import catalogue
from .errors import Unusable
from .models import Run, RunInput
from .report import check_params, check_roles

LEASE = timedelta(seconds=20)
ATTEMPTS = 3
UNFINISHED_PER_ENTRY = 10


@transaction.atomic
def request_run(entry, analysis, inputs, *, by, params=None, seed=0):
    """Ask for an analysis of files (role → StoredFile): one row, in the transaction of whoever asks.

    The same inputs, version, parameters and seed are computed once: asking again gives the run that is there.
    """
    require(by, "releases.edit", entry)
    try:
        found = catalogue.get(analysis)
    except KeyError:
        raise Invalid(f"There is no such analysis. There are: {', '.join(catalogue.NAMES)}.", "analysis") from None
    params = found.defaults | (params or {})
    try:
        check_roles(found, inputs)
        check_params(found, params)
    except Unusable as problem:
        raise Invalid(str(problem), "inputs") from None
    for role, file in inputs.items():
        kinds = found.roles[role].get("kinds")
        if kinds and file.kind not in kinds:
            raise Invalid(f"The input {role} takes a file of kind {' or '.join(kinds)}, not {file.kind}.", "inputs")
    return queue_run(entry, found, inputs, params=params, seed=seed, by=by)


def queue_run(entry, analysis, inputs, *, params, seed, by):
    """The row itself; the caller has checked everything and holds the transaction."""
    fingerprint = digest(
        {
            "analysis": analysis.name,
            "version": analysis.version,
            "params": params,
            "seed": seed,
            "inputs": sorted([role, file.sha256] for role, file in inputs.items()),
        }
    )
    known = entry.runs.exclude(status__in=[Run.Status.FAILED, Run.Status.CANCELLED]).filter(fingerprint=fingerprint)
    if run := known.first():
        return run
    if entry.runs.unfinished().count() >= UNFINISHED_PER_ENTRY:
        raise Conflict("This entry has many runs waiting already. Wait until some are done.")
    try:
        with transaction.atomic():
            run = Run.objects.create(
                entry=entry,
                analysis=analysis.name,
                analysis_version=analysis.version,
                params=params,
                seed=seed,
                fingerprint=fingerprint,
                requested_by=by,
                public=_is_public(entry, inputs),
            )
    except IntegrityError:
        return known.get()
    run.subject = name_subject(
        "run", run.pk, title=f"{analysis.title}: {entry}", path=f"/runs/{run.pk}/", public=run.public
    )
    run.save(update_fields=["subject"])
    RunInput.objects.bulk_create(
        RunInput(run=run, role=role, file=file, name=file.name, sha256=file.sha256, size=file.size)
        for role, file in inputs.items()
    )
    record(
        "run.requested", run.subject, by=by, lab=entry.lab.subject, public=run.public, analysis=analysis.name,
        version=analysis.version,
    )  # fmt: skip
    return run


def _is_public(entry, inputs):
    """A run stands on the public entry unless it reads a card that no revision shows yet."""
    if entry.published_at is None:
        return False
    return all(file.kind != "model_card" or file.public for file in inputs.values())


@transaction.atomic
def reveal_runs(entry):
    """Make public what a publication made public: runs whose inputs are now shown."""
    for run in entry.runs.filter(public=False).select_related("subject").prefetch_related("inputs__file"):
        if _is_public(entry, {i.role: i.file for i in run.inputs.all()}):
            run.public = True
            run.save(update_fields=["public"])
            run.subject.public = True
            run.subject.save(update_fields=["public"])
            run.subject.events.filter(verb__startswith="run.").update(public=True)


@transaction.atomic
def repeat_run(run, *, by):
    """Try a failed or cancelled run once more, as a run of its own; the failed one stays on record."""
    require(by, "releases.edit", run.entry)
    if run.status not in (Run.Status.FAILED, Run.Status.CANCELLED):
        raise Conflict("The same inputs give the same result, so only a failed or cancelled run can be repeated.")
    inputs = {i.role: i.file for i in run.inputs.select_related("file")}
    params = {k: v for k, v in run.params.items() if k in catalogue.get(run.analysis).defaults}
    return request_run(run.entry, run.analysis, inputs, by=by, params=params, seed=run.seed)


@transaction.atomic
def cancel_run(run, *, by):
    """Stop a run that is not finished; a worker that is at it notices within seconds."""
    require(by, "releases.edit", run.entry)
    changed = Run.objects.filter(pk=run.pk).unfinished().update(
        status=Run.Status.CANCELLED, finished_at=timezone.now(), error="Cancelled.", lease=""
    )  # fmt: skip
    if not changed:
        raise Conflict("This run is finished already.")
    run.refresh_from_db()
    record("run.cancelled", run.subject, by=by, lab=run.entry.lab.subject, public=run.public)


# Steps taken by workers and by the dispatcher.


def claim(pk):
    """Take a queued run: returns it with a fresh lease, or None where somebody else has it or it is over."""
    lease = secrets.token_hex(16)
    now = timezone.now()
    taken = Run.objects.filter(pk=pk, status=Run.Status.QUEUED).update(
        status=Run.Status.RUNNING,
        lease=lease,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        started_at=now,
        progress=0,
        message="Started.",
    )
    return Run.objects.with_entry().get(pk=pk) if taken else None


def keep(run, *, progress, message):
    """Renew the lease; False when the run is no longer ours (cancelled, or taken over)."""
    mine = Run.objects.filter(pk=run.pk, lease=run.lease, status=Run.Status.RUNNING)
    return bool(mine.update(lease_until=timezone.now() + LEASE, progress=progress, message=message[:200]))


@transaction.atomic
def finish(run, report):
    """Write the result, only if the lease is still ours."""
    return _end(
        run, "run.succeeded", status=Run.Status.SUCCEEDED, progress=1, result=report["result"],
        findings=report["findings"], seconds=report["seconds"], error="", message="Done.",
    )  # fmt: skip


@transaction.atomic
def fail(run, reason):
    """Write why it failed, only if the lease is still ours."""
    return _end(run, "run.failed", status=Run.Status.FAILED, error=reason[:2000], message="Failed.")


def _end(run, verb, **values):
    mine = Run.objects.filter(pk=run.pk, lease=run.lease, status=Run.Status.RUNNING)
    if not mine.update(lease="", lease_until=None, finished_at=timezone.now(), **values):
        return False
    public = Run.objects.values_list("public", flat=True).get(pk=run.pk)
    record(verb, run.subject, by=None, lab=run.entry.lab.subject, public=public, analysis=run.analysis)
    return True


def sweep(now=None):
    """Bring back what dead workers left: queue it again, or fail it after the last attempt. Returns how many."""
    now = now or timezone.now()
    left = Run.objects.filter(status=Run.Status.RUNNING, lease_until__lt=now)
    again = left.filter(attempts__lt=ATTEMPTS).update(
        status=Run.Status.QUEUED, lease="", lease_until=None, rung_at=None, progress=0,
        message="The worker stopped; waiting for another one.",
    )  # fmt: skip
    lost = 0
    for run in left.filter(attempts__gte=ATTEMPTS).with_entry():
        with transaction.atomic():
            lost += fail(run, f"The worker died {ATTEMPTS} times at this run; it is not tried again by itself.")
    return again + lost


def already_computed(run):
    """The report of another run with the same fingerprint, so that the same thing is not computed twice."""
    done = Run.objects.filter(fingerprint=run.fingerprint, status=Run.Status.SUCCEEDED).first()
    return {"result": done.result, "findings": done.findings, "seconds": done.seconds} if done else None


def limits():
    return {"seconds": settings.RUN_SECONDS, "memory_mb": settings.RUN_MEMORY_MB}
