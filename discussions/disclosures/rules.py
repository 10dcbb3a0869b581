"""Who may correct a disclosure."""

from discussions.threads.rules import wrote
from registry.core.rules import rule


@rule("disclosures.correct", refusal="Only the author may correct what is disclosed beside a comment.")
def may_correct(user, comment):
    """In a closed discussion too: it puts the record right and adds nothing to the argument."""
    return wrote(user, comment) and not (comment.hidden or comment.thread.hidden)
