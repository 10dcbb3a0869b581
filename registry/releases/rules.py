"""Who may do what with an entry."""

from registry.core.files import shows_files
from registry.core.rules import rule
from registry.labs.models import Membership
from registry.labs.rules import role_in

from .models import Entry


@shows_files
def cards_of_drafts(user):
    """Whoever may read a draft may read the card on it."""
    return Entry.objects.drafts_seen_by(user).exclude(card=None).values("card")


@rule("releases.see", refusal="This entry is not published.")
def sees_entry(user, entry):
    """What `visible_to` lists: what is published, drafts of one's labs, and those that one curates."""
    if entry.published_at is not None:
        return True
    if entry.is_curated:
        return user.is_authenticated and entry.created_by_id == user.pk
    return role_in(user, entry.lab) is not None


@rule("releases.edit", refusal="Only the lab's owners and editors, or the curator of a curated entry, may do this.")
def edits_entry(user, entry):
    """A lab's own entry by its speakers; a curated one by its curator, never by anybody of the lab it is about."""
    if not user.is_authenticated:
        return False
    if entry.is_curated:
        return entry.created_by_id == user.pk and role_in(user, entry.lab) is None
    return role_in(user, entry.lab) in {Membership.Role.OWNER, Membership.Role.EDITOR}


@rule("releases.curate", refusal="Only moderators may curate, and only entries about labs that they do not belong to.")
def may_curate(user, lab):
    """Whoever belongs to a lab is no third party to it."""
    return user.is_authenticated and user.is_moderator and role_in(user, lab) is None
