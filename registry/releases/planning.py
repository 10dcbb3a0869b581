"""Embargo: a revision that is to be published at a moment, by the worker, exactly as it was when it was planned."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.core.canonical import digest
from registry.core.days import check_day
from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.core.rules import require
from registry.core.time_zones import time_zones
from registry.history.recording import record

from .actions import check_publishable, publish_content
from .content import normalise
from .controls import held
from .models import PlannedPublication

State = PlannedPublication.State


@transaction.atomic
def plan_publication(entry, *, at, by, justification="", version=None, time_zone=None):
    """Let the draft as it is now become a revision at a moment to come. Until then nobody else learns of it.

    What is typed into the draft afterwards is not part of it. Raises what `publish` raises, and `Invalid` under `at`.
    """
    require(by, "releases.edit", entry)
    locked = held(entry)
    require(by, "releases.edit", locked)
    if version is not None and version != locked.draft_version:
        raise Stale("Somebody saved this draft while you were reading it. Read what changed before you plan it.")
    _check_moment(at)
    zone = time_zone or by.time_zone
    if zone not in time_zones():
        raise Invalid("Choose a time zone from the list, such as Europe/Berlin.", "time_zone")
    content = normalise(locked.draft)
    justification, *_ = check_publishable(locked, content, by=by, justification=justification)
    try:
        with transaction.atomic():
            plan = PlannedPublication.objects.create(
                entry=locked, at=at, time_zone=zone, content=content, digest=digest(content), card=locked.card,
                justification=justification, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("A publication is planned already. Cancel it before you plan another one.") from None
    record("release.planned", locked.subject, by=by, lab=locked.lab.subject, public=False, at=at.isoformat())
    return plan


def _check_moment(at):
    if timezone.is_naive(at):
        raise Invalid("Give the time with its offset, such as 2030-05-01T09:00:00+02:00.", "at")
    check_day(at, "at", "The time")
    if at <= timezone.now():
        raise Invalid("This time has passed. Choose a later one, or leave it empty to publish now.", "at", "past")


@transaction.atomic
def cancel_plan(entry, *, by):
    """Take a planned publication back before its moment; the draft stays as it is."""
    require(by, "releases.edit", entry)
    locked = held(entry)
    require(by, "releases.edit", locked)
    plan = waiting_plan(locked)
    if plan is None:
        raise Conflict("No publication is planned, or it was published a moment ago.")
    _settle(plan, State.CANCELLED)
    record("release.plan_cancelled", locked.subject, by=by, lab=locked.lab.subject, public=False)
    return plan


def waiting_plan(entry):
    return entry.plans.filter(state=State.WAITING).select_related("by").first()


@transaction.atomic
def publish_planned(pk):
    """Publish what is due. A second call, or one at the same moment, finds it done and does nothing.

    Where it can no longer be published (its author lost the right, nobody approves any more), the plan says why.
    """
    found = PlannedPublication.objects.filter(pk=pk).select_related("entry").first()
    if found is None:
        return None
    locked = held(found.entry)  # acts on one entry come one after the other
    plan = PlannedPublication.objects.select_for_update(of=["self"]).select_related("by", "card").get(pk=pk)
    if plan.state != State.WAITING or plan.at > timezone.now():
        return None
    try:
        with transaction.atomic():
            require(plan.by, "releases.edit", locked)
            _settle(plan, State.DONE)
            return publish_content(locked, plan.content, plan.card, by=plan.by, justification=plan.justification)
    except (Refused, Conflict, Invalid) as problem:
        said = " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)
        _settle(plan, State.FAILED, said)
        record("release.plan_failed", locked.subject, by=None, lab=locked.lab.subject, public=False, problem=said)
    return None


def _settle(plan, state, problem=""):
    plan.state, plan.settled_at, plan.problem = state, timezone.now(), problem[:300]
    plan.save(update_fields=["state", "settled_at", "problem"])
