"""Who may write a summary, and who may say that it is fair to them."""

from discussions.threads.rules import may_post
from registry.core.rules import rule

from .models import LEAST_COMMENTS


@rule(
    "summaries.write",
    refusal=f"Sign in to write a summary; an open discussion can have one from {LEAST_COMMENTS} comments on.",
)
def may_write(user, thread):
    return may_post(user, thread) and thread.comment_count >= LEAST_COMMENTS


@rule("summaries.mark_fair", refusal="Only those who took part in the open discussion may say what is fair to them.")
def may_mark_fair(user, thread):
    return may_post(user, thread) and thread.comments.filter(author=user, hidden=False).exists()
