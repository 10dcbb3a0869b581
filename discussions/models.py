"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.concerns.models import AnswerTimes, Concern, Signature
from discussions.summaries.models import Fair, Summary
from discussions.threads.models import Comment, CommentDraft, EarlierText, Thread
from discussions.workshops.models import Session, Workshop

__all__ = [
    "AnswerTimes", "Comment", "CommentDraft", "Concern", "EarlierText", "Fair", "Session", "Signature", "Summary",
    "Thread", "Workshop",
]  # fmt: skip
