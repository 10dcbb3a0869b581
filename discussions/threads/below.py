"""What stands below the comments of others for whoever may write: later slices add to it, such as buttons to vote."""

_added = []


def below_comments(html):
    """Register what stands below every comment, `{0}` being its key, and `own(thread, user)`, which returns what stands
    there instead for one person: key → HTML. It may cost one query."""

    def register(own):
        _added.append((html, own))
        return own

    return register


def below_all():
    """What stands below a comment for everybody who may write; `{0}` is its key."""
    return "".join(f" {html}" for html, _ in _added)


def below_own(thread, user):
    """What stands there instead for one person: key → HTML, of those comments only where it differs."""
    made = [(html, own(thread, user)) for html, own in _added]
    keys = {pk for _, own in made for pk in own}
    return {pk: "".join(f" {own.get(pk) or html.format(pk)}" for html, own in made) for pk in keys}
