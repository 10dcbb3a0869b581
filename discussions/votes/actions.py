"""What is done with votes: cast one, take it back."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from discussions.threads.models import Comment, Thread
from discussions.threads.ties import disclosure_on, lab_of
from registry.core.errors import Invalid
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record

from .models import SIDE_OF, Vote
from .organisations import counted_for
from .tallies import recount


@transaction.atomic
def vote(comment, axis, value, by):
    """Say that a comment helps, or that one agrees or disagrees; replaces one's earlier vote on the same axis."""
    _check(comment, axis, by)
    if (axis, value) not in SIDE_OF:
        raise Invalid("A vote is 1; on the axis of agreement it may also be -1.", "value")
    about = comment.thread.about
    lab = lab_of(about)
    disclosure = disclosure_on(lab, by, about=about)
    name, key, sector = counted_for(by, disclosure, lab)
    comment = _held(comment, by)
    earlier = comment.votes.filter(user=by, axis=axis).first()
    if earlier and (earlier.value, earlier.of_edit) == (value, comment.edits):
        return earlier
    before = earlier.value if earlier else None
    cast = earlier or Vote(comment=comment, user=by, axis=axis)
    cast.value, cast.of_edit, cast.cast_at = value, comment.edits, timezone.now()
    cast.disclosure, cast.organisation, cast.sector = disclosure | {"organisation": name}, key, sector
    cast.save()
    _settle("vote.cast", comment, cast, by, lab, earlier=before)
    return cast


@transaction.atomic
def withdraw_vote(comment, axis, by):
    """Take one's vote on an axis back; where there is none, nothing happens."""
    _check(comment, axis, by)
    lab = lab_of(comment.thread.about)
    comment = _held(comment, by)
    cast = comment.votes.filter(user=by, axis=axis).first()
    if cast is not None:
        cast.delete()
        _settle("vote.withdrawn", comment, cast, by, lab)


def _check(comment, axis, by):
    require(by, "votes.cast", comment)
    if axis not in Vote.Axis.values:
        raise Invalid("Vote on one of: helpful, agreement.", "axis")
    take("vote", f"u{by.pk}", size=60, per_seconds=60)


def _held(comment, by):
    """The comment as it stands now, locked after its thread, as in `threads.actions.edit`."""
    threads = Thread.objects.select_for_update(of=("self",), no_key=True).with_people()
    thread = threads.get(pk=comment.thread_id)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    comment.thread = thread
    require(by, "votes.cast", comment)  # it may have been closed or hidden a moment ago
    return comment


def _settle(verb, comment, cast, by, lab, **more):
    """What every change of a vote ends with. The event keeps the record, and stays out of the public activity."""
    recount(comment)
    thread = comment.thread
    Thread.objects.filter(pk=thread.pk).update(version=F("version") + 1, changed_at=Now())
    record(
        verb, thread.subject, by=by, lab=lab.subject if lab else None, public=False, about=thread.about.ref,
        thread=thread.pk, comment=comment.pk, number=comment.number, axis=cast.axis, value=cast.value, side=cast.side,
        of_edit=cast.of_edit, **more,
    )  # fmt: skip
