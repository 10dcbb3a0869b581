"""Who may do what with an entry."""

from registry.core.rules import rule
from registry.labs.models import Membership
from registry.labs.rules import role_in


@rule("releases.see", refusal="This entry is not published.")
def sees_entry(user, entry):
    return type(entry).objects.visible_to(user).filter(pk=entry.pk).exists()


@rule("releases.edit", refusal="Only the lab's owners and editors, or the curator of a curated entry, may do this.")
def edits_entry(user, entry):
    """A lab's own entry by its speakers; a curated one by its curator alone, never by the lab it is about."""
    if not user.is_authenticated:
        return False
    if entry.is_curated:
        return entry.created_by_id == user.pk
    return role_in(user, entry.lab) in {Membership.Role.OWNER, Membership.Role.EDITOR}


@rule("releases.curate", refusal="Only moderators may begin an entry about a lab that they do not belong to.")
def may_curate(user, lab):
    return user.is_authenticated and user.is_moderator
