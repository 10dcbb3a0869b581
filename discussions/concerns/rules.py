"""Who may open, answer, settle and co-sign. A lab can answer a concern; it can never close one by itself."""

from django.db.models import Q

from discussions.threads.rules import goes_by, may_post, may_start, wrote
from registry.core.rules import rule
from registry.labs.rules import speaks_for_lab
from registry.norms.rules import may_publish_norm


@rule("concerns.open", refusal="Sign in to open a concern; some things are closed to new ones.")
def may_open(user, subject):
    return may_start(user, subject)


@rule("concerns.raise", refusal="Only its author may open a concern from a comment, while the discussion is open.")
def may_raise(user, comment):
    stands = not comment.hidden and comment.retracted_at is None
    return stands and wrote(user, comment) and may_post(user, comment.thread)


@rule(
    "concerns.answer",
    refusal="The answer comes from somebody who speaks for the lab, keeps the norm or chairs the session, and who did "
    "not open the concern.",
)
def may_answer(user, concern):
    return may_post(user, concern.thread) and answers_for(user, concern) and not goes_by(user, concern.opened_by_id)


@rule("concerns.settle", refusal="Only whoever opened the concern may say this, while its discussion is open.")
def may_settle(user, concern):
    return goes_by(user, concern.opened_by_id) and may_post(user, concern.thread)


@rule("concerns.keep_dissent", refusal="Only its opener, or those who answer it, may record that the dissent stays.")
def may_keep_dissent(user, concern):
    return may_settle(user, concern) or may_answer(user, concern)


@rule("concerns.sign", refusal="Sign in to co-sign; nobody co-signs a concern of their own.")
def may_sign(user, concern):
    return may_post(user, concern.thread) and not goes_by(user, concern.opened_by_id)


def answers_for(user, concern):
    """Whether a person is on the side that a concern is addressed to."""
    if concern.lab:
        return speaks_for_lab(user, concern.lab)
    if concern.about.kind in {"session", "workshop"}:
        chaired = user.chaired_workshops.filter(Q(subject=concern.about) | Q(sessions__subject=concern.about))
        return chaired.exists()
    return may_publish_norm(user, None)
