"""Who may vote."""

from discussions.threads.rules import may_post, wrote
from registry.core.rules import rule


@rule("votes.cast", refusal="Sign in to vote; nobody votes on their own comment, or in a closed discussion.")
def may_vote(user, comment):
    return may_post(user, comment.thread) and not comment.hidden and not wrote(user, comment)
