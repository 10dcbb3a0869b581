"""Co-signing a concern, and who of the signers is independent.

Independent is who has no tie to the lab that is addressed, and belongs to no organisation of the opener's or of an
independent signer before them. People without an affiliation count as one each.
"""

from django.db import transaction
from django.utils import timezone

from discussions.threads.models import Thread
from discussions.threads.ties import disclosure_on
from registry.core.errors import Conflict
from registry.core.limits import take
from registry.core.rules import require
from registry.core.text import confusable_key
from registry.history.recording import record

from .facts import mark_opening
from .models import OPEN_CALL_SIGNERS, Concern, Signature


@transaction.atomic
def sign(concern, by):
    """Put one's name below a concern, once; return the signature and whether it is new."""
    require(by, "concerns.sign", concern)
    take("sign", f"u{by.pk}", size=30, per_seconds=600)
    concern = _hold(concern)
    if found := concern.signatures.filter(user=by).first():
        return found, False
    if concern.is_resolved:
        raise Conflict("This concern is resolved, so nobody can co-sign it any more.")
    said = disclosure_on(concern.lab, by, about=concern.about)
    signature = concern.signatures.create(user=by, disclosure=said, organisations=organisations_in(said))
    _count(concern)
    _record("concern.signed", concern, by)
    _call(concern, by)
    signature.refresh_from_db()
    return signature, True


@transaction.atomic
def withdraw_signature(concern, by):
    """Take one's name back; an open call that it helped to make stays one."""
    require(by, "concerns.sign", concern)
    concern = _hold(concern)
    found = concern.signatures.filter(user=by)
    if not found.exists():
        return concern
    if concern.is_resolved:
        raise Conflict("This concern is resolved; who had co-signed it by then stays on record.")
    found.delete()
    _count(concern)
    _record("concern.signature_withdrawn", concern, by)
    return concern


def organisations_in(disclosure):
    """Keys of the organisations that somebody belongs to by what they disclosed; equal for names that look alike."""
    mine = (a for a in disclosure.get("affiliations", ()) if a["kind"] == "member" and not a["until"])
    return sorted({confusable_key(a["organisation"]) for a in mine})


def _hold(concern):
    Thread.objects.select_for_update(no_key=True).only("pk").get(pk=concern.thread_id)
    held = Concern.objects.select_for_update(of=["self"], no_key=True).select_related(
        "subject", "about", "lab__subject", "opening", "thread__about"
    )  # fmt: skip
    return held.get(pk=concern.pk)


def _count(concern):
    """Say anew who is independent, in the order of signing: a withdrawal can make room for a colleague."""
    taken = set(organisations_in(concern.disclosure))
    signatures = list(concern.signatures.order_by("pk"))
    for signature in signatures:
        mine = set(signature.organisations)
        signature.independent = not signature.disclosure.get("ties") and not mine & taken
        taken |= mine if signature.independent else set()
    Signature.objects.bulk_update(signatures, ["independent"])
    concern.signers, concern.independent_signers = len(signatures), sum(s.independent for s in signatures)
    concern.save(update_fields=["signers", "independent_signers"])


def _call(concern, by):
    if concern.open_call_at is None and concern.independent_signers >= OPEN_CALL_SIGNERS:
        concern.open_call_at = timezone.now()
        concern.save(update_fields=["open_call_at"])
        mark_opening(concern)
        _record("concern.became_open_call", concern, by)


def _record(verb, concern, by):
    lab = concern.lab.subject if concern.lab else None
    record(verb, concern.subject, by=by, lab=lab, about=concern.about.ref, signers=concern.signers)
