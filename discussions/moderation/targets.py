"""What can be moderated: a comment, a discussion, a person, a summary, the text of an entry or norm, a report of a
replication (by its subject).
Everything that depends on which of them it is."""

from django.db.models import Q
from django.urls import reverse

from discussions.summaries.models import Summary
from discussions.threads.models import Comment, Thread
from discussions.threads.plain_texts import text_of as published_text_of
from registry.core.subjects import Subject
from registry.norms.models import NormVersion
from registry.releases.models import Revision
from registry.replications.models import Replication

HIDDEN_TITLE = "a discussion that was taken from view"
HIDDEN_SUBJECTS = {
    "release": "an entry that was taken from view", "replication": "a report of a replication, taken from view",
}  # fmt: skip
TEXTS = {"release", "norm", "clause", "replication"}  # kinds of subjects whose text can be reported
KINDS = {Comment: "comment", Thread: "thread", Summary: "summary", Subject: "subject"}
MOST_TEXT = 20_000


def kind_of(target):
    """The name of the column that points at it."""
    return KINDS.get(type(target), "person")


def columns_of(target):
    return {kind_of(target): target}


def thread_of(target):
    """The discussion that it is or stands in; None for a person or an entry."""
    return target.thread if isinstance(target, Comment | Summary) else target if isinstance(target, Thread) else None


def author_of(target):
    """Whom a decision about it concerns."""
    if isinstance(target, Subject):
        return _last_author(target)
    names = {"comment": "author", "thread": "started_by", "summary": "by"}
    name = names.get(kind_of(target))
    return getattr(target, name) if name else target


def _last_author(subject):
    """Who published the current text of an entry, norm or clause, or made a report."""
    if subject.kind == "replication":
        return Replication.objects.select_related("reporter").get(subject=subject).reporter
    if subject.kind == "release":
        return Revision.objects.select_related("author").filter(entry__subject=subject).latest("number").author
    of_it = Q(norm__subject=subject) | Q(norm__clauses__subject=subject)
    return NormVersion.objects.select_related("author").filter(of_it).latest("number").author


def subject_of(target):
    """What its events are about."""
    if isinstance(target, Subject):
        return target
    thread = thread_of(target)
    return thread.subject if thread else target.subject


def name_of(target):
    """What it is called in public, without a word of what was taken from view."""
    if isinstance(target, Comment):
        return f"#{target.number} in {_title(target.thread)}"
    if isinstance(target, Summary):
        return f"the {target} in {_title(target.thread)}"
    if isinstance(target, Subject):
        return HIDDEN_SUBJECTS.get(target.kind, "something") if target.hidden else target.title
    return _title(target) if isinstance(target, Thread) else target.display_name


def path_of(target):
    """Where readers find it, or "" where they do not."""
    thread = thread_of(target)
    if thread is not None and thread.hidden:
        return ""
    if isinstance(target, Summary):
        return "" if target.hidden else f"{reverse('summaries:list', args=[thread.pk])}#summary-{target.pk}"
    if isinstance(target, Subject) and target.hidden:
        return ""
    return f"{thread.get_absolute_url()}#c-{target.pk}" if isinstance(target, Comment) else target.get_absolute_url()


def case_path(target):
    """The page on which moderators decide about it."""
    return reverse(f"moderation:{kind_of(target)}", args=[_key_of(target)])


def report_path(target):
    """The page on which readers report it."""
    return reverse(f"moderation:report_{kind_of(target)}", args=[_key_of(target)])


def text_of(target):
    """What its author wrote, for the author and for moderators."""
    if isinstance(target, Comment | Summary):
        return target.body
    if isinstance(target, Subject):
        return published_text_of(target)[:MOST_TEXT]
    return target.title if isinstance(target, Thread) else ""


def moved_between(decision):
    """From where to where something was moved, by the names of now; () for other decisions."""
    detail = decision.detail
    if "from_title" in detail:
        return detail["from_title"], detail["to_title"]
    if "from_thread" not in detail:
        return ()
    found = Thread.objects.in_bulk([detail["from_thread"], detail["to_thread"]])
    return _title(found[detail["from_thread"]]), _title(found[detail["to_thread"]])


def _key_of(target):
    return target.handle if kind_of(target) == "person" else target.pk


def _title(thread):
    return HIDDEN_TITLE if thread.hidden else f"“{thread.title}”"
