"""Withdrawal: whoever publishes an entry takes back what it says. The page stays, with reason, name and date.

What was said stays said: the text of every revision remains as history, at its own address.
"""

from django.db import transaction

from registry.accounts.actions import disclosure_of
from registry.core.errors import Conflict
from registry.core.rules import require
from registry.history.recording import record

from .controls import fit_reason, held
from .models import Withdrawal


@transaction.atomic
def withdraw(entry, reason, *, by, revision=None):
    """Withdraw an entry, or with `revision` one of its revisions; a later revision takes back the former, not the
    latter."""
    require(by, "releases.edit", entry)
    locked = held(entry)
    require(by, "releases.edit", locked)
    if locked.published_at is None:
        raise Conflict("A draft has not been published, so there is nothing to withdraw.")
    reason = fit_reason(reason)
    earlier = locked.withdrawals.filter(revision=revision)
    if (earlier.filter(ended_by=None) if revision is None else earlier).exists():
        raise Conflict("This was withdrawn before. Its page says by whom and why.")
    made = locked.withdrawals.create(revision=revision, reason=reason, by=by, disclosure=disclosure_of(by))
    if revision is None or revision.pk == locked.current_id:
        locked.withdrawn_at = made.at
        locked.save(update_fields=["withdrawn_at"])
    number = {"revision": revision.number} if revision else {}
    verb = "release.revision_withdrawn" if revision else "release.withdrawn"
    record(verb, locked.subject, by=by, lab=locked.lab.subject, reason=reason, justification=reason, **number)
    entry.refresh_from_db(fields=["withdrawn_at"])
    return made


def tombstone_of(entry):
    """The withdrawal that stands for what the entry's page would show, or None."""
    if entry.withdrawn_at is None:
        return None
    found = entry.withdrawals.select_related("by", "revision").order_by("-pk")
    return found.filter(revision=None, ended_by=None).first() or found.filter(revision=entry.current_id).first()


def end_withdrawal(entry, revision):
    """What a new revision does to the withdrawal of the whole entry."""
    if entry.withdrawn_at is None:
        return
    Withdrawal.objects.filter(entry=entry, revision=None, ended_by=None).update(ended_by=revision)
