"""What stands below the comments of others for whoever may write: later slices add to it, such as buttons to vote."""

_makers = []


def below_comments(make):
    """Register `make(thread, user)`, which returns a function from a comment's key to HTML; it may cost one query."""
    _makers.append(make)
    return make


def made_for(thread, user):
    return [make(thread, user) for make in _makers]
