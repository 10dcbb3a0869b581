"""The buttons to vote with; they belong to one form at the end of the page, so that each is short."""

from discussions.threads.below import below_comments
from registry.core.statements import Statement

from .models import SIDE_OF, SIDES, Vote

OWN = Statement(
    lambda user, thread: Vote.objects.filter(user_id=user, comment__thread_id=thread).values_list(
        "comment", "axis", "value"
    ),
    int, int,
)  # fmt: skip

PRESSED = '<button form="v" name="vote" value="{0} {1} off" aria-pressed="true">{1}</button>'
NOT_PRESSED = '<button form="v" name="vote" value="{0} {1}">{1}</button>'
NONE_PRESSED = " ".join(NOT_PRESSED.format("{0}", side) for side in SIDES)


@below_comments(NONE_PRESSED)
def own_votes(thread, user):
    """The buttons of the comments of a thread on which this person has voted; one query finds them."""
    own = {}
    for pk, *what in OWN.rows(user.pk, thread.pk):
        own.setdefault(pk, set()).add(SIDE_OF[tuple(what)])
    return {pk: buttons_html(pk, pressed) for pk, pressed in own.items()}


def buttons_html(pk, pressed):
    """The three buttons of one comment; `pressed` are the sides that this person took."""
    return " ".join((PRESSED if side in pressed else NOT_PRESSED).format(pk, side) for side in SIDES)
