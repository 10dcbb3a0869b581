"""How a letter stands, in sentences that hold nothing of what it says."""

from discussions.moderation.effects import moment_in_words


def moment(at):
    """A moment in the site's own zone, which gives away nothing of where the sender lives."""
    return moment_in_words(at)
