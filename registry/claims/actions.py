"""What is done with claims: make one, dispute it, refuse or uphold it."""

from django.db import transaction
from django.utils import timezone

from registry.accounts.actions import disclosure_of
from registry.core.errors import Conflict
from registry.core.rules import require
from registry.history.recording import record
from registry.releases.content import normalise
from registry.releases.controls import fit_reason, held
from registry.releases.models import Entry, PlannedPublication

from .models import Claim

State = Claim.State


@transaction.atomic
def claim_entry(entry, *, by):
    """Let the lab write an entry that was curated about it. What is published stays as it is, under its authors' names.

    The curator's unpublished draft is theirs: it gives way to the published text and is kept for them.
    """
    require(by, "claims.make", entry)
    locked = held(entry)
    require(by, "claims.make", locked)
    if not locked.lab.verified_domain:
        raise Conflict("Prove the domain of the lab first, on the lab's page. Then claim its entries.")
    if Claim.objects.filter(entry=locked, state=State.REFUSED).exists():
        raise Conflict("A claim to this entry was refused. Its page says why; open a concern if that is wrong.")
    claim = Claim.objects.create(
        entry=locked, lab=locked.lab, by=by, disclosure=disclosure_of(by), domain=locked.lab.verified_domain,
        revision=locked.current, kept=_given_way("curator", locked),
    )  # fmt: skip
    locked.claimed_at, locked.review_asked_at = claim.made_at, None
    _open_draft(locked, locked.current.content, locked.current.card, by)
    _record("release.claimed", claim, by, revision=locked.current.number, domain=claim.domain)
    entry.refresh_from_db(fields=["claimed_at"])
    return claim


def _given_way(side, entry):
    """The draft of one side, where it says something that is not published."""
    draft = normalise(entry.draft)
    return {} if draft == entry.current.content else {side: draft}


def _open_draft(entry, content, card, by):
    """Begin the other side's draft from a published text; what the former side had planned is off."""
    now = timezone.now()
    entry.draft, entry.card, entry.draft_saved_by = content, card, by
    entry.draft_version += 1
    entry.save()
    waiting = PlannedPublication.objects.filter(entry=entry, state=PlannedPublication.State.WAITING)
    waiting.update(
        state=PlannedPublication.State.CANCELLED, settled_at=now, problem="The entry is written by somebody else now."
    )


@transaction.atomic
def dispute_claim(claim, reason, *, by):
    """Say that a claim is wrong; it stays in force, marked, until a moderator decides."""
    require(by, "claims.dispute", claim)
    reason = fit_reason(reason)
    _, claim = _held(claim)
    if claim.state != State.IN_FORCE:
        raise Conflict(f"This claim is {claim.get_state_display().lower()} already.")
    claim.state, claim.dispute, claim.disputed_by, claim.disputed_at = State.DISPUTED, reason, by, timezone.now()
    claim.save(update_fields=["state", "dispute", "disputed_by", "disputed_at"])
    _record("claim.disputed", claim, by, reason=reason)
    return claim


@transaction.atomic
def refuse_claim(claim, reason, *, by):
    """Undo a wrong claim: the curator writes the entry again. What was published under it stays in the history."""
    require(by, "claims.decide", claim)
    reason = fit_reason(reason)
    entry, claim = _held(claim)
    if not claim.is_standing:
        raise Conflict("This claim was refused before.")
    claim.kept |= _given_way("lab", entry)
    _decide(claim, State.REFUSED, reason, by)
    entry.claimed_at, entry.origin = None, Entry.Origin.THIRD_PARTY
    content = claim.kept.get("curator") or claim.revision.content
    _open_draft(entry, content, claim.revision.card, entry.created_by)
    _record("claim.refused", claim, by, reason=reason)
    return claim


@transaction.atomic
def uphold_claim(claim, reason, *, by):
    """Say that a disputed claim is right."""
    require(by, "claims.decide", claim)
    reason = fit_reason(reason)
    _, claim = _held(claim)
    if claim.state != State.DISPUTED:
        raise Conflict("Only a disputed claim can be upheld.")
    _decide(claim, State.IN_FORCE, reason, by)
    _record("claim.upheld", claim, by, reason=reason)
    return claim


def _held(claim):
    """Entry and claim, held: acts on one entry come one after the other."""
    entry = held(claim.entry)
    return entry, Claim.objects.select_related("entry__subject", "lab__subject", "revision__card").get(pk=claim.pk)


def _decide(claim, state, reason, by):
    claim.state, claim.decision, claim.decided_by, claim.decided_at = state, reason, by, timezone.now()
    claim.save(update_fields=["state", "decision", "decided_by", "decided_at", "kept"])


def _record(verb, claim, by, reason="", **more):
    record(
        verb, claim.entry.subject, by=by, lab=claim.lab.subject, claim=claim.pk, lab_name=claim.lab.name,
        justification=reason, **more,
    )  # fmt: skip
