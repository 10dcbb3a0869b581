"""Who may start, post and edit. Everybody who is signed in may speak where a discussion is open."""

from django.conf import settings

from registry.core.rules import rule

# A discussion is about a decision, a norm, a run, a session or a lab, never about a person.
NOT_DISCUSSED = {"person", "thread", "concern"}


@rule("threads.start", refusal="Sign in to start a discussion; some subjects are closed to new ones.")
def may_start(user, subject):
    return user.is_authenticated and _is_open(subject) and subject.kind not in NOT_DISCUSSED


@rule("threads.post", refusal="Sign in to take part; nothing can be added to a closed discussion.")
def may_post(user, thread):
    return user.is_authenticated and not thread.hidden and not thread.is_locked and _is_open(thread.about)


@rule("threads.edit", refusal="Only the author may edit a comment, until it is retracted or the discussion closed.")
def may_edit(user, comment):
    own = wrote(user, comment) and not comment.hidden and comment.retracted_at is None
    return own and may_post(user, comment.thread)


@rule("threads.retract", refusal="Only the author may retract a comment, while the discussion is open.")
def may_retract(user, comment):
    # Whether it was retracted before is asked when that is written: a second click must be told so.
    return wrote(user, comment) and not comment.hidden and may_post(user, comment.thread)


@rule("threads.pseudonym", refusal="Pseudonyms are not allowed in this discussion.")
def may_use_pseudonym(user, subject):
    return user.is_authenticated and (settings.PSEUDONYMS or subject.pseudonyms)


def wrote(user, comment):
    """Whether a comment is somebody's, under their own name or a pseudonym."""
    if not user.is_authenticated:
        return False
    return comment.author_id == user.pk or user.pseudonyms.filter(persona=comment.author_id).exists()


@rule("threads.mark_seen", refusal="Sign in to keep what you have read.")
def may_mark_seen(user, thread):
    return user.is_authenticated and not thread.hidden and thread.about.public and not thread.about.hidden


def _is_open(subject):
    return subject.public and not subject.hidden and not subject.locked
