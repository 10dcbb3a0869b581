"""Who may follow what."""

from registry.core.rules import rule


@rule("notifications.follow", refusal="Sign in to follow things; what is not public cannot be followed.")
def may_follow(user, subject):
    return user.is_authenticated and (subject is None or (subject.public and not subject.hidden))
