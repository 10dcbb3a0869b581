"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.threads.models import Anchor, Comment, CommentDraft, EarlierText, Reading, Thread
from discussions.workshops.models import Session, Workshop

__all__ = ["Anchor", "Comment", "CommentDraft", "EarlierText", "Reading", "Session", "Thread", "Workshop"]
