"""Reading what a new account wrote before it appears: posting it in its author's name, or saying why not."""

from django.db import transaction
from django.utils import timezone

from discussions.threads.actions import post, start_thread
from discussions.threads.models import HeldPost
from registry.core.errors import Conflict, Refused
from registry.history.recording import record

from ..rules import require_subject_untied
from ..telling import tell_of_held
from ..validators import clean_words

State = HeldPost.State


@transaction.atomic
def release(held, *, by):
    """Post what waits, as its author's; return the comment."""
    _claim(held, State.RELEASED, by)
    if held.thread is None:
        comment = start_thread(held.about, held.title, held.body, held.author, vetted=True).comments.get(number=1)
    else:
        comment = post(held.thread, held.body, held.author, parent=held.parent, vetted=True)
    HeldPost.objects.filter(pk=held.pk).update(comment=comment)
    held.comment = comment
    tell_of_held(held)
    record("moderation.released", held.author.subject, by=by, public=False, held=held.pk, comment=comment.pk)
    return comment


@transaction.atomic
def decline_held(held, *, answer, by):
    """Do not post what waits, and say why; its author can still read and copy it."""
    answer = clean_words(answer, "answer")
    _claim(held, State.DECLINED, by, answer=answer)
    tell_of_held(held)
    record("moderation.held_declined", held.author.subject, by=by, public=False, held=held.pk)
    return held


def _claim(held, state, by, **more):
    require_subject_untied(by, held.about)
    if held.author == by:
        raise Refused("Not yours: you wrote it.")
    waiting = HeldPost.objects.filter(pk=held.pk).waiting()
    if not waiting.update(state=state, settled_by=by, settled_at=timezone.now(), **more):
        raise Conflict("Somebody has read this already.")
    held.refresh_from_db()
