"""Who may claim an entry, dispute a claim, and decide about it."""

from registry.core.rules import rule
from registry.labs.rules import owns_lab, tied


@rule("claims.make", refusal="Only an owner of the lab may claim a published entry that third parties curate about it.")
def claims_entry(user, entry):
    return entry.published_at is not None and not entry.is_the_labs and owns_lab(user, entry.lab)


@rule("claims.dispute", refusal="A claim is disputed by the entry's curator or by a moderator without ties to the lab.")
def disputes_claim(user, claim):
    if not user.is_authenticated or tied(user, claim.lab):
        return False
    return user.is_moderator or claim.entry.created_by_id == user.pk


@rule("claims.decide", refusal="Only a moderator without ties to the lab decides about a claim.")
def decides_claim(user, claim):
    """A lab cannot decide about itself; the curator can where they moderate, since they took over nothing."""
    return user.is_authenticated and user.is_moderator and not tied(user, claim.lab)


def keeps_draft_of(user, claim):
    """Which of the drafts that gave way a person may read: their own side's."""
    if not user.is_authenticated:
        return ""
    if claim.entry.created_by_id == user.pk:
        return "curator"
    return "lab" if owns_lab(user, claim.lab) else ""
