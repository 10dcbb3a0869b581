"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.disclosures.models import DisclosureCorrection
from discussions.threads.models import Comment, CommentDraft, EarlierText, Thread
from discussions.votes.models import Vote
from discussions.workshops.models import Session, Workshop

__all__ = ["Comment", "CommentDraft", "DisclosureCorrection", "EarlierText", "Session", "Thread", "Vote", "Workshop"]
