"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.concerns.models import AnswerTimes, Concern, Signature
from discussions.threads.models import Comment, CommentDraft, EarlierText, Thread
from discussions.workshops.models import Session, Workshop

__all__ = [
    "AnswerTimes", "Comment", "CommentDraft", "Concern", "EarlierText", "Session", "Signature", "Thread", "Workshop",
]  # fmt: skip
