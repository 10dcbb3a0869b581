"""Deciding, confirming what needs two, and taking back."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from discussions.threads.models import Comment, Thread
from discussions.threads.moving import begin_thread, hold_threads
from discussions.threads.rules import NOT_DISCUSSED
from discussions.threads.ties import lab_of
from discussions.threads.validators import clean_title
from registry.core.errors import Conflict, Invalid, Refused
from registry.history.recording import record

from ..effects import erase, hold_both, hold_still, move, move_branch, refresh, undo
from ..models import Appeal, Decision
from ..rules import require_subject_untied, require_untied
from ..targets import columns_of, kind_of, subject_of, thread_of
from ..telling import tell_of_decision, tell_of_restoration
from ..validators import check_end, check_kind, check_minutes, check_rule, clean_words
from .reports import first_report, uphold_reports

Kind, State = Decision.Kind, Decision.State
VERBS = {
    Kind.HIDE: "moderation.hid", Kind.LOCK: "moderation.locked", Kind.MOVE: "moderation.moved",
    Kind.SLOW: "moderation.slowed", Kind.SUSPEND: "moderation.suspended", Kind.REMOVE: "moderation.removed",
}  # fmt: skip


@transaction.atomic
def decide(kind, target, *, rule, reason, by, until=None, minutes=None, to=None, to_thread=None, title=""):
    """Hide, lock, move, slow down or suspend at once; propose to erase, or to hide an entry, which a second moderator
    confirms.

    A discussion is moved `to` a subject; a comment with its replies `to_thread`, or to a new discussion of this `title`
    about `to` (what is discussed now, where none is named).
    """
    require_untied(by, target)
    check_kind(kind, target)
    check_rule(rule)
    reason = clean_words(reason, "reason")
    check_end(kind, until)
    check_minutes(kind, minutes)
    branch = kind == Kind.MOVE and isinstance(target, Comment)
    if branch and to_thread is not None:
        to_thread = hold_threads(target.thread_id, to_thread.pk)[to_thread.pk]
    target = hold_still(target)
    _make_room(kind, target)
    detail = {"minutes": minutes} if kind == Kind.SLOW else {}
    if branch:
        to_thread, detail = _check_branch(target, to_thread, title, to, by)
    elif kind == Kind.MOVE:
        detail = _check_move(target, to, by)
    proposed = needs_two(kind, target)
    state = State.PROPOSED if proposed else State.IN_FORCE
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                **columns_of(target), kind=kind, rule=rule, reason=reason, by=by, until=until, detail=detail,
                state=state, reported_at=first_report(target),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("This was decided a moment ago.") from None
    if proposed:
        record_act("moderation.proposed", decision, by, public=False)
        return decision
    if branch:
        move_branch(decision, target, to_thread)
    elif kind == Kind.MOVE:
        move(target, to)
    return _take_effect(decision, target, by)


def needs_two(kind, target):
    """What cannot be undone, and what takes a whole entry with all that was said of it out of view."""
    return kind == Kind.REMOVE or (kind_of(target) == "subject" and target.kind == "release")


@transaction.atomic
def confirm(decision, *, by):
    """Erase, or take from view, what another moderator proposed."""
    require_untied(by, decision.target)
    if by == decision.by:
        raise Refused("This needs two: somebody else has to confirm what you proposed.")
    target = hold_still(decision.target)
    settle(decision, State.PROPOSED, State.IN_FORCE, second=by, confirmed_at=timezone.now())
    setattr(decision, kind_of(target), target)
    if decision.kind == Kind.REMOVE:
        decision.detail = {"digest": erase(target)}
        decision.save(update_fields=["detail"])
    return _take_effect(decision, target, by)


@transaction.atomic
def refuse(decision, *, by):
    """Do not do what was proposed: its proposer takes it back, or another moderator says no."""
    require_untied(by, decision.target)
    settle(decision, State.PROPOSED, State.REFUSED, second=by, confirmed_at=timezone.now())
    record_act("moderation.refused", decision, by, public=False)
    return decision


@transaction.atomic
def restore(decision, *, reason, by):
    """Take a decision back; what it did is undone exactly, and both stay in the log."""
    require_untied(by, decision.target)
    reason = clean_words(reason, "reason")
    if decision.kind == Kind.REMOVE:
        raise Conflict("What was erased cannot be brought back.")
    hold_both(decision)
    target = hold_still(decision.target)
    if decision.is_over:
        raise Conflict("It has ended by itself already.")
    settle(decision, State.IN_FORCE, State.RESTORED)
    Appeal.objects.filter(decision=decision).waiting().update(state=Appeal.State.MOOT, settled_at=timezone.now())
    made = Decision.objects.create(
        **columns_of(target), kind=Kind.RESTORE, rule=decision.rule, reason=reason, by=by, reverses=decision,
        state=State.RECORDED, detail={"kind": decision.kind},
    )  # fmt: skip
    undo(decision, target)
    tell_of_restoration(decision, reason)
    record_act("moderation.restored", decision, by, undone=made.pk)
    return made


def _take_effect(decision, target, by):
    refresh(target)
    uphold_reports(decision)
    tell_of_decision(decision)
    record_act(VERBS[decision.kind], decision, by)
    return decision


def _make_room(kind, target):
    """An earlier decision of this kind on this thing has ended by now, or is in the way."""
    for earlier in target_decisions(target).filter(kind=kind, state__in=[State.PROPOSED, State.IN_FORCE]):
        if kind == Kind.MOVE:
            earlier.state = State.REPLACED
        elif earlier.is_over:
            earlier.state = State.ENDED
        else:
            raise Conflict(f"This is decided already: {earlier.standing}.")
        earlier.save(update_fields=["state"])
    erased = target_decisions(target).filter(kind=Kind.REMOVE, state__in=[State.IN_FORCE, State.OVERTURNED])
    if kind in {Kind.HIDE, Kind.REMOVE} and erased.exists():
        raise Conflict("This is erased already.")


def target_decisions(target):
    return Decision.objects.filter(**columns_of(target))


def _check_move(thread, to, by):
    if to is None:
        raise Invalid("Say where the discussion belongs, such as release:openai/gpt-2.", "to", "required")
    _check_subject(to)
    if to.pk == thread.about_id:
        raise Conflict("The discussion is there already.")
    require_subject_untied(by, to)
    return {"from": thread.about.ref, "from_title": thread.about.title, "to": to.ref, "to_title": to.title}


def _check_subject(to):
    if not to.public or to.hidden or to.kind in NOT_DISCUSSED:
        raise Invalid("A discussion cannot be about this.", "to")


def _check_branch(comment, to_thread, title, to, by):
    """The discussion that a comment goes to, begun where a title is given, and what the decision has to remember."""
    if comment.number == 1:
        raise Conflict("This comment opens its discussion. Move the discussion instead.")
    if (to_thread is None) == (not title):
        raise Invalid("Name a discussion, or give a title for a new one; one of the two.", "to_thread", "required")
    begun = to_thread is None
    if begun:
        about, title = to or comment.thread.about, clean_title(title)
        _check_subject(about)
    else:
        about = to_thread.about
        if not Thread.objects.visible_to(by).filter(pk=to_thread.pk).exists():
            raise Invalid("There is no such discussion to be seen.", "to_thread")
        if to_thread.pk == comment.thread_id:
            raise Conflict("The comment stands in this discussion already.")
    require_subject_untied(by, about)
    if begun:
        to_thread = begin_thread(about, title, comment.author)
    return to_thread, {
        "from": comment.thread.about.ref, "to": about.ref, "from_thread": comment.thread_id,
        "to_thread": to_thread.pk, "begun": begun,
    }  # fmt: skip


def settle(decision, before, after, **more):
    """Change the state, once: of two who do so at the same moment the second is told."""
    if not Decision.objects.filter(pk=decision.pk, state=before).update(state=after, **more):
        raise Conflict("Somebody has settled this already.")
    decision.state = after
    for name, value in more.items():
        setattr(decision, name, value)


def record_act(verb, decision, by, *, public=True, **more):
    """The event of an act of moderation; it never holds a word of what was taken from view."""
    target = decision.target
    thread = thread_of(target)
    about = thread.about if thread else target if decision.subject_id else None
    lab = lab_of(about) if about else None
    what = f"#{target.number} in" if decision.comment_id else f"a {target} in" if decision.summary_id else ""
    if decision.detail.get("digest"):
        more["digest"] = decision.detail["digest"]
    record(
        verb, subject_of(target), by=by, lab=lab.subject if lab else None, public=public, decision=decision.pk,
        rule=decision.rule, what=what, comment=decision.comment_id, thread=thread.pk if thread else None, **more,
    )  # fmt: skip
