"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.moderation.models import Appeal, Decision, Report
from discussions.threads.models import Comment, CommentDraft, EarlierText, HeldPost, Thread
from discussions.workshops.models import Session, Workshop

__all__ = [
    "Appeal", "Comment", "CommentDraft", "Decision", "EarlierText", "HeldPost", "Report", "Session", "Thread",
    "Workshop",
]  # fmt: skip
