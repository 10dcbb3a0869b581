"""The buttons to vote with; they belong to one form at the end of the page, so that each is short."""

from discussions.threads.below import below_comments

from .models import SIDE_OF, SIDES, Vote

PRESSED = '<button form="v" name="vote" value="{0} {1} off" aria-pressed="true">{1}</button>'
NOT_PRESSED = '<button form="v" name="vote" value="{0} {1}">{1}</button>'
NONE_PRESSED = " ".join(NOT_PRESSED.format("{0}", side) for side in SIDES)


@below_comments
def buttons_in(thread, user):
    """For every comment of a thread by its key; one query finds this person's votes."""
    own = {}
    votes = Vote.objects.filter(user=user, comment__thread=thread).values_list("comment", "axis", "value")
    for pk, *what in votes:
        own.setdefault(pk, set()).add(SIDE_OF[tuple(what)])
    return lambda pk: buttons_html(pk, own[pk]) if pk in own else NONE_PRESSED.format(pk)


def buttons_html(pk, pressed):
    """The three buttons of one comment; `pressed` are the sides that this person took."""
    return " ".join((PRESSED if side in pressed else NOT_PRESSED).format(pk, side) for side in SIDES)
