"""Who may publish norms and declare adherence."""

from registry.core.rules import rule
from registry.labs.models import Membership
from registry.labs.rules import role_in


@rule("norms.publish", refusal="Only moderators may publish a norm until a workshop has adopted one.")
def may_publish_norm(user, norm):
    return user.is_authenticated and user.is_moderator


@rule("norms.declare", refusal="Only somebody who speaks for the lab may declare what it does.")
def may_declare(user, entry):
    """Never on a curated entry: nobody puts words in a lab's mouth."""
    if not user.is_authenticated or not entry.is_the_labs:
        return False
    return role_in(user, entry.lab) in {Membership.Role.OWNER, Membership.Role.EDITOR}
