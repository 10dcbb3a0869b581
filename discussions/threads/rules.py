"""Who may start, post and edit. Everybody who is signed in may speak where a discussion is open."""

from django.conf import settings

from registry.core.rules import rule

# A discussion is about a decision, a norm, a run, a session or a lab, never about a person.
NOT_DISCUSSED = {"person", "thread", "concern"}


def why_not_start(user, subject):
    if not user.is_authenticated:
        return "Sign in to start a discussion."
    if subject.kind in NOT_DISCUSSED:
        return "A discussion is about a decision, a norm, a run, a session or a lab, not about this."
    return _why_closed(subject)


@rule("threads.start", refusal=why_not_start)
def may_start(user, subject):
    return user.is_authenticated and _is_open(subject) and subject.kind not in NOT_DISCUSSED


def why_not_post(user, thread):
    if not user.is_authenticated:
        return "Sign in to take part."
    if thread.hidden:
        return "This discussion was taken from view. Nothing can be added to it."
    if thread.is_locked:
        return "This discussion is closed. It can be read and cited, and nothing can be added."
    return _why_closed(thread.about)


@rule("threads.post", refusal=why_not_post)
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
    return goes_by(user, comment.author_id)


def goes_by(user, person):
    """Whether somebody is a person, given by their key, or bears that name as a pseudonym."""
    if not user.is_authenticated:
        return False
    return person == user.pk or user.pseudonyms.filter(persona=person).exists()


@rule("threads.mark_seen", refusal="Sign in to keep what you have read.")
def may_mark_seen(user, thread):
    return user.is_authenticated and not thread.hidden and thread.about.public and not thread.about.hidden


def _is_open(subject):
    return subject.public and not subject.hidden and not subject.locked


def _why_closed(subject):
    if subject.locked and subject.public and not subject.hidden:
        return f"{subject.title} is closed to new contributions. What was said of it can be read and cited."
    return "What is discussed here is not in public view. Nothing can be added."
