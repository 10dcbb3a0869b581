"""Every model of the discussions, by slice, so that Django finds them."""

from discussions.concerns.models import AnswerTimes, Concern, Signature
from discussions.disclosures.models import DisclosureCorrection
from discussions.letters.models import LabLetter, LetterDateChange, LetterMessage, LetterProposal
from discussions.mail_in.models import IncomingMail
from discussions.moderation.models import Appeal, Decision, Report
from discussions.notifications.models import Letter, Notice, OriginalMail, Preferences, Subscription, Untold
from discussions.summaries.models import Fair, Summary
from discussions.threads.models import Anchor, Comment, CommentDraft, EarlierText, HeldPost, Reading, Thread
from discussions.votes.models import Vote
from discussions.workshops.models import Session, Workshop

__all__ = [
    "Anchor", "AnswerTimes", "Appeal", "Comment", "CommentDraft", "Concern", "Decision", "DisclosureCorrection",
    "EarlierText", "Fair", "HeldPost", "IncomingMail", "LabLetter", "Letter", "LetterDateChange", "LetterMessage",
    "LetterProposal", "Notice", "OriginalMail", "Preferences", "Reading", "Report", "Session", "Signature",
    "Subscription", "Summary", "Thread", "Untold", "Vote", "Workshop",
]  # fmt: skip
