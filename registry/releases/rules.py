"""Who may do what with an entry."""

from registry.core.files import shows_files
from registry.core.rules import rule
from registry.labs.models import Membership
from registry.labs.rules import role_in, tied

from .models import Entry


@shows_files
def cards_of_drafts(user):
    """Whoever may read a draft may read the card on it."""
    return Entry.objects.drafts_seen_by(user).exclude(card=None).values("card")


@rule("releases.see", refusal="This entry is not published.")
def sees_entry(user, entry):
    """What `visible_to` lists: what is published, drafts of one's labs, those that one curates or is to review."""
    if entry.published_at is not None:
        return True
    if entry.is_the_labs:
        return role_in(user, entry.lab) is not None
    return user.is_authenticated and (entry.created_by_id == user.pk or _reviews(user, entry))


def _reviews(user, entry):
    return user.is_moderator and entry.review_asked_at is not None and role_in(user, entry.lab) is None


@rule("releases.edit", refusal="Only the lab's owners and editors, or the curator of a curated entry, may do this.")
def edits_entry(user, entry):
    """A lab's own entry by its speakers; a curated one by its curator, never by anybody of the lab it is about."""
    if not user.is_authenticated:
        return False
    if entry.is_the_labs:
        return role_in(user, entry.lab) in {Membership.Role.OWNER, Membership.Role.EDITOR}
    return entry.created_by_id == user.pk and role_in(user, entry.lab) is None


@rule("releases.curate", refusal="Sign in to curate; nobody curates an entry about a lab to which they belong.")
def may_curate(user, lab):
    """Whoever belongs to a lab is no third party to it."""
    return user.is_authenticated and role_in(user, lab) is None


@rule(
    "releases.approve",
    refusal="A draft is approved by another member of the lab; a curated one by a moderator without ties to the lab.",
)
def approves_draft(user, entry):
    """Whose approval a draft needs; that it is not the publisher's own is said by `controls.approvers_of`."""
    if not user.is_authenticated:
        return False
    if entry.is_the_labs:
        return role_in(user, entry.lab) is not None
    asked = entry.review_asked_at is not None and entry.created_by_id != user.pk
    return asked and user.is_moderator and not tied(user, entry.lab)
