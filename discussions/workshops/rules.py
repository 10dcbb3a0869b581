"""Who may open workshops and keep their programme."""

from registry.core.rules import rule


@rule("workshops.open", refusal="Only moderators may open a workshop.")
def may_open_workshop(user, _):
    return user.is_authenticated and user.is_moderator


@rule("workshops.chair", refusal="Only the chairs of the workshop may do this.")
def chairs_workshop(user, workshop):
    return user.is_authenticated and workshop.chairs.filter(pk=user.pk).exists()
