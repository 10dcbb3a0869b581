"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.notifications.models import Letter, Notice, Preferences, Subscription, Untold
from discussions.threads.models import Comment, CommentDraft, EarlierText, Thread
from discussions.workshops.models import Session, Workshop

__all__ = [
    "Comment", "CommentDraft", "EarlierText", "Letter", "Notice", "Preferences", "Session", "Subscription", "Thread",
    "Untold", "Workshop",
]  # fmt: skip
