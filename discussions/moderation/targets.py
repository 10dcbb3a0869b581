"""What can be moderated: a comment, a discussion, a person. Everything that depends on which of them it is."""

from django.urls import reverse

from discussions.threads.models import Comment, Thread

HIDDEN_TITLE = "a discussion that was taken from view"


def kind_of(target):
    """The name of the column that points at it."""
    return "comment" if isinstance(target, Comment) else "thread" if isinstance(target, Thread) else "person"


def columns_of(target):
    return {kind_of(target): target}


def thread_of(target):
    """The discussion that it is or stands in; None for a person."""
    return target.thread if isinstance(target, Comment) else target if isinstance(target, Thread) else None


def author_of(target):
    """Whom a decision about it concerns."""
    if isinstance(target, Comment):
        return target.author
    return target.started_by if isinstance(target, Thread) else target


def subject_of(target):
    """What its events are about."""
    thread = thread_of(target)
    return thread.subject if thread else target.subject


def name_of(target):
    """What it is called in public, without a word of what was taken from view."""
    if isinstance(target, Comment):
        return f"#{target.number} in {_title(target.thread)}"
    return _title(target) if isinstance(target, Thread) else target.display_name


def path_of(target):
    """Where readers find it, or "" where they do not."""
    thread = thread_of(target)
    if thread is not None and thread.hidden:
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
    if isinstance(target, Comment):
        return target.body
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
    return target.pk if thread_of(target) else target.handle


def _title(thread):
    return HIDDEN_TITLE if thread.hidden else f"“{thread.title}”"
