"""Asking for runs, and the steps a run takes. Every step is one conditional update, so it may be tried twice."""

import secrets
from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from registry.core.canonical import NotCanonical, digest
from registry.core.errors import Conflict, Invalid
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.recording import record
from registry.releases.models import Entry

from . import catalogue
from .errors import Unusable
from .models import Run, RunInput
from .report import check_params, check_roles, plain

LEASE = timedelta(seconds=20)
HEARTBEAT = 3  # seconds between renewals of a lease, and so the longest a cancelled run goes on
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
    for check, given, field in ((check_roles, inputs, "inputs"), (check_params, params, "params")):
        try:
            check(found, given)
        except Unusable as problem:
            raise Invalid(str(problem), field) from None
    for role, file in inputs.items():
        kinds = found.roles[role].get("kinds")
        if kinds and file.kind not in kinds:
            raise Invalid(f"The input {role} takes a file of kind {' or '.join(kinds)}, not {file.kind}.", "inputs")
    try:
        return queue_run(entry, found, inputs, params=params, seed=seed, by=by)
    except NotCanonical as problem:
        raise Invalid(f"The parameters cannot be kept exactly: {problem}", "params") from None


def check_room(entry):
    """Refuse more where an entry has many unfinished runs; what the site asks for by itself is not counted."""
    if entry.runs.unfinished().count() >= UNFINISHED_PER_ENTRY:
        raise Conflict("This entry has many runs waiting already. Wait until some are done.")


def queue_run(entry, analysis, inputs, *, params, seed, by, limited=True):
    """The row itself; the caller has checked everything and holds the transaction."""
    # A publication that is under way is waited for: the run would else stay private for ever.
    Entry.objects.select_for_update(of=["self"]).get(pk=entry.pk)
    entry.refresh_from_db(fields=["published_at"])
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
    if limited:
        check_room(entry)
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
        if run := known.first():
            return run
        raise Conflict("The same run was asked for and cancelled a moment ago. Try again.") from None
    run.subject = name_subject(
        "run", run.pk, title=_title(run, analysis), path=f"/runs/{run.pk}/", public=run.public
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


def _title(run, analysis):
    return f"{run.entry}: {analysis.title}"[:300]


def _is_public(entry, inputs):
    """A run stands on the public entry unless it reads a card that no revision shows yet."""
    if entry.published_at is None:
        return False
    cards = [file for file in inputs.values() if file.kind == "model_card" and not file.public]
    # By digest: an editor may have uploaded the same card again, and that copy is the one published.
    return all(entry.revisions.filter(card__sha256=card.sha256).exists() for card in cards)


def reveal_runs(entry):
    """Make public what a publication made public: runs whose inputs are now shown; within its transaction.

    Their titles are written anew, since what the entry was called while a draft is nobody's business.
    """
    for run in entry.runs.filter(public=False).select_related("subject").prefetch_related("inputs__file"):
        if _is_public(entry, {i.role: i.file for i in run.inputs.all()}):
            run.public = True
            run.save(update_fields=["public"])
            run.entry = entry
            run.subject.public, run.subject.title = True, _title(run, analysis_of(run))
            run.subject.save(update_fields=["public", "title"])
            run.subject.events.filter(verb__startswith="run.").update(public=True)


@transaction.atomic
def repeat_run(run, *, by):
    """Try a failed or cancelled run once more, as a run of its own; the failed one stays on record."""
    require(by, "releases.edit", run.entry)
    if run.status not in (Run.Status.FAILED, Run.Status.CANCELLED):
        raise Conflict("The same inputs give the same result, so only a failed or cancelled run can be repeated.")
    if run.analysis not in catalogue.NAMES:
        raise Conflict("This analysis is no longer installed here.")
    inputs = {i.role: i.file for i in run.inputs.select_related("file")}
    params = {k: v for k, v in run.params.items() if k in analysis_of(run).defaults}
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
    # By the lease too: a process that slept since then must not take another one's lease for its own.
    return Run.objects.with_entry().filter(pk=pk, lease=lease).first() if taken else None


def keep(run, *, progress, message):
    """Renew the lease; False when the run is no longer ours (cancelled, or taken over)."""
    return bool(_held(run).update(lease_until=timezone.now() + LEASE, progress=progress, message=message[:200]))


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
    return _end(run, "run.failed", status=Run.Status.FAILED, error=plain(reason)[:2000], message="Failed.")


@transaction.atomic
def give_back(run, reason, *, counted=True, rest=False):
    """Let another attempt be made, or fail for this reason after the last one; only if the lease is still ours.

    An attempt is not counted where the worker was told to stop; it has a rest where trying at once would be in vain.
    """
    if counted and run.attempts >= ATTEMPTS:
        return fail(run, f"{reason} It was tried {run.attempts} times.")
    changed = _held(run).update(
        status=Run.Status.QUEUED,
        lease="",
        lease_until=None,
        rung_at=timezone.now() if rest else None,
        progress=0,
        message="It is tried again." if counted else reason[:200],
        attempts=F("attempts") - (0 if counted else 1),
    )
    return bool(changed)


def _held(run):
    return Run.objects.filter(pk=run.pk, lease=run.lease, status=Run.Status.RUNNING)


def _end(run, verb, **values):
    if not _held(run).update(lease="", lease_until=None, finished_at=timezone.now(), **values):
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
    return again + sum(give_up(pk, now) for pk in left.filter(attempts__gte=ATTEMPTS).values_list("pk", flat=True))


@transaction.atomic
def give_up(pk, now):
    """Fail a run that killed every worker; looked at again under a lock, since its worker may have come back."""
    dead = Run.objects.select_for_update(of=["self"], skip_locked=True).filter(pk=pk, lease_until__lt=now)
    run = dead.filter(status=Run.Status.RUNNING).with_entry().first()
    if run is None:
        return 0
    return int(fail(run, f"The worker died {ATTEMPTS} times at this run; it is not tried again by itself."))


def already_computed(run):
    """The report of another run with the same fingerprint, so that the same thing is not computed twice."""
    done = Run.objects.filter(fingerprint=run.fingerprint, status=Run.Status.SUCCEEDED).first()
    return {"result": done.result, "findings": done.findings, "seconds": done.seconds} if done else None


def analysis_of(run):
    """The analysis of a run; a stand-in with its name where it is no longer installed."""
    try:
        return catalogue.get(run.analysis)
    except KeyError:
        return SimpleNamespace(name=run.analysis, title=run.analysis, defaults={})


def limits():
    return {"seconds": settings.RUN_SECONDS, "memory_mb": settings.RUN_MEMORY_MB}
