"""What decisions do to comments, discussions and people.

Nothing here adds to or takes from what stands there: the facts are written anew from the decisions in force, so that
taking one back leaves exactly what the others say.
"""

import hashlib

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from discussions.summaries.actions import show
from discussions.summaries.models import Summary
from discussions.threads import moving
from discussions.threads.marks import drop_mark, drop_notice, set_mark, set_notice
from discussions.threads.models import Comment, CommentDraft, EarlierText, HeldPost, Thread
from registry.accounts.models import User
from registry.core.errors import Conflict
from registry.core.idempotency import OnceKey
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.norms.actions import reveal_declarations
from registry.releases.actions import bring_back, take_from_view
from registry.releases.models import Entry

from .models import Decision
from .targets import thread_of

Kind, State = Decision.Kind, Decision.State


def hold_still(target):
    """The thing as it is now, its row locked: the discussion first, as whoever posts there does."""
    if isinstance(target, Subject):
        return Subject.objects.select_for_update(no_key=True).get(pk=target.pk)
    thread = thread_of(target)
    if thread is None:
        return User.objects.select_for_update(of=("self",), no_key=True).select_related("subject").get(pk=target.pk)
    rows = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("about", "started_by")
    thread = rows.get(pk=thread.pk)
    if isinstance(target, Summary):
        summary = Summary.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=target.pk)
        summary.thread = thread
        return summary
    if not isinstance(target, Comment):
        return thread
    comment = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("author").get(pk=target.pk)
    if comment.thread_id != thread.pk:
        raise Conflict("It was moved to another discussion a moment ago. Load the page again.")
    if moving.is_placeholder(comment):
        raise Conflict("This only says where a comment went. Decide about it where it stands now.")
    comment.thread = thread
    return comment


def refresh(target):
    """Write what the decisions in force say onto a thing that is held still."""
    if isinstance(target, Comment):
        _refresh_comment(target)
    elif isinstance(target, Thread):
        _refresh_thread(target)
    elif isinstance(target, Summary):
        _refresh_summary(target)
    elif isinstance(target, Subject):
        (_refresh_entry if target.kind == "release" else _refresh_report)(target)
    else:
        _refresh_person(target)


def move(thread, to):
    """Put a discussion below another subject, with its comments counted there."""
    if not thread.hidden:
        thread.about.count(threads=-1, comments=-thread.comment_count)
        to.count(threads=1, comments=thread.comment_count)
    thread.about = to
    Thread.objects.filter(pk=thread.pk).update(about=to, version=F("version") + 1, changed_at=Now())


def move_branch(decision, comment, to):
    """Carry a comment and its replies to another discussion and leave word; both discussions are held."""
    source = comment.thread
    before = moving.carry(comment, to)
    under = f"by a moderator under {decision.rule_in_full}. Reason: {_sentence(decision.reason)}"
    replies = len(before) - 1
    what = "Moved" if not replies else f"Moved with {replies} repl{'y' if replies == 1 else 'ies'}"
    # Neither names the other discussion: its title may be taken from view later.
    moving.leave_word(comment, source, before[comment.pk], f"{what} to another discussion {under}")
    set_mark(comment, "moved", "moved here from another discussion", decision.get_absolute_url())
    places = {pk: [place.number, place.path, place.parent, place.as_of] for pk, place in before.items()}
    decision.detail |= {"places": places}
    decision.save(update_fields=["detail"])


def hold_both(decision):
    """Hold the two discussions between which a comment was moved, before anything else is held."""
    if decision.kind == Kind.MOVE and decision.comment_id:
        moving.hold_threads(decision.detail["from_thread"], decision.comment.thread_id)


def _move_back(decision, comment):
    """Put a branch into its old places; what was answered to it meanwhile comes along, with numbers of its own."""
    away, detail = comment.thread, decision.detail
    home = moving.hold_threads(detail["from_thread"])[detail["from_thread"]]
    places = {int(pk): moving.Place(*place) for pk, place in detail["places"].items()}
    moving.take_word_back(home, places[comment.pk].number)
    moving.carry(comment, home, places=places)
    drop_mark(comment, "moved")
    if detail["begun"] and not away.comments.exists():
        away.about.count(threads=-1)
        Thread.objects.filter(pk=away.pk).update(hidden=True)
        Subject.objects.filter(pk=away.subject_id).update(hidden=True)


def undo(decision, target):
    """Take away what a decision did, once it is no longer in force."""
    if decision.kind == Kind.MOVE and decision.comment_id:
        _move_back(decision, target)
    elif decision.kind == Kind.MOVE:
        move(target, Subject.objects.get(ref=decision.detail["from"]))
    refresh(target)


def erase(target):
    """Erase what a comment or summary says and ever said, wherever it is kept; return the digest of its text."""
    if isinstance(target, Comment):
        return _erase_comment(target)
    digest = hashlib.sha256(target.body.encode()).hexdigest()
    Summary.objects.filter(pk=target.pk).update(body="", html="", positions=[])
    target.body, target.html, target.positions = "", "", []
    CommentDraft.objects.filter(user=target.by, place=f"summary:{target.thread_id}").delete()
    kept = OnceKey.objects.filter(user=target.by, body__id=target.pk, body__first=target.first_number)
    kept.update(body={"id": target.pk, "thread": target.thread_id})
    return digest


def _erase_comment(comment):
    digest = hashlib.sha256(comment.body.encode()).hexdigest()
    comment.body = comment.html = ""
    comment.save(update_fields=["body", "html"])
    EarlierText.objects.filter(comment=comment).update(body="", html="")
    CommentDraft.objects.filter(place=f"edit:{comment.pk}").delete()
    HeldPost.objects.filter(comment=comment).update(title="", body="", html="")
    # Answers of the API that are kept for scripts which ask twice.
    kept = OnceKey.objects.filter(user=comment.author, body__id=comment.pk, body__number=comment.number)
    kept.update(body={"id": comment.pk, "thread": comment.thread_id, "number": comment.number})
    return digest


def _hiding(target):
    """The decision by which something is out of view now, or None."""
    erased = Q(kind=Kind.REMOVE, state__in=[State.IN_FORCE, State.OVERTURNED])
    standing = target.decisions.filter(erased | Q(kind=Kind.HIDE, state=State.IN_FORCE))
    # What is erased stays so, whatever becomes of other decisions.
    return min(standing, key=lambda found: (found.kind != Kind.REMOVE, -found.pk), default=None)


def _refresh_comment(comment):
    decision = _hiding(comment)
    if decision:
        set_mark(comment, "moderation", tombstone_words(decision), decision.get_absolute_url())
    else:
        drop_mark(comment, "moderation")
    hidden = decision is not None
    if hidden == comment.hidden:
        return
    comment.hidden, more = hidden, -1 if hidden else 1
    comment.save(update_fields=["hidden"])
    Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + more)
    if not comment.thread.hidden:
        comment.thread.about.count(comments=more)


def _refresh_thread(thread):
    found = {decision.kind: decision for decision in thread.decisions.in_force()}
    lock, slow = found.get(Kind.LOCK), found.get(Kind.SLOW)
    hidden = Kind.HIDE in found
    if hidden != thread.hidden:
        more = -1 if hidden else 1
        thread.about.count(threads=more, comments=more * thread.comment_count)
    thread.hidden, thread.locked = hidden, lock is not None
    thread.locked_until = lock.until if lock else None
    thread.slow_minutes, thread.slow_until = (slow.detail["minutes"], slow.until) if slow else (0, None)
    thread.save(update_fields=["hidden", "locked", "locked_until", "slow_minutes", "slow_until"])
    _entomb(thread.subject_id, found.get(Kind.HIDE))
    for kind in (Kind.LOCK, Kind.SLOW, Kind.MOVE):
        if decision := found.get(kind):
            set_notice(thread, kind, notice_words(decision), decision.get_absolute_url(), decision.until)
        else:
            drop_notice(thread, kind)


def _refresh_summary(summary):
    """The one before it stands above the discussion again, and a notice says what became of it."""
    decision = _hiding(summary)
    summary.hidden = decision is not None
    summary.save(update_fields=["hidden"])
    show(summary.thread)
    if decision:
        words = tombstone_words(decision)
        words = f"The {summary} was {words[0].lower()}{words[1:]}"
        set_notice(summary.thread, "summary", words, decision.get_absolute_url())
    else:
        drop_notice(summary.thread, "summary")


def _refresh_entry(subject):
    """An entry out of view is as private as a draft, with what was computed from it and all that was said of it."""
    decision = subject.decisions.in_force().filter(kind=Kind.HIDE).first()
    entry = Entry.objects.select_related("subject", "lab").get(subject=subject)
    if (decision is not None) != subject.hidden:
        if decision:
            decision.detail = {"published_at": entry.published_at.isoformat(), "events": _hush(entry)}
            decision.save(update_fields=["detail"])
            take_from_view(entry)
        else:
            last = subject.decisions.filter(kind=Kind.HIDE, detail__has_key="published_at").latest("pk")
            bring_back(entry, last.detail["published_at"])
            Event.objects.filter(pk__in=last.detail["events"]).update(public=True)
            reveal_declarations(entry)
        about = Subject.objects.filter(
            Q(pk=subject.pk) | Q(run__entry=entry) | Q(replication__entry=entry) | Q(intent__entry=entry)
        )
        said_of_it = Subject.objects.filter(thread__about__in=about, thread__hidden=False)
        said_of_it.update(hidden=decision is not None)
        Thread.objects.filter(about__in=about).update(version=F("version") + 1, changed_at=Now())
    subject.hidden = decision is not None
    _entomb(subject.pk, decision)


def _hush(entry):
    """Make private the events that tell of an entry by its title elsewhere, as clauses do; return their keys."""
    events = Event.objects.filter(lab=entry.lab.subject_id, data__release=entry.subject.ref, public=True)
    keys = list(events.values_list("pk", flat=True))
    Event.objects.filter(pk__in=keys).update(public=False)
    return keys


def _refresh_report(subject):
    """A report out of view takes with it what was said of it; the clock counts it no more."""
    decision = subject.decisions.in_force().filter(kind=Kind.HIDE).first()
    Subject.objects.filter(thread__about=subject, thread__hidden=False).update(hidden=decision is not None)
    Thread.objects.filter(about=subject).update(version=F("version") + 1, changed_at=Now())
    _entomb(subject.pk, decision)


def _entomb(pk, decision):
    """Say on a subject whether it is out of view, and what stands in its place."""
    tombstone = {"words": tombstone_words(decision), "path": decision.get_absolute_url()} if decision else {}
    Subject.objects.filter(pk=pk).update(hidden=decision is not None, tombstone=tombstone)


def _refresh_person(person):
    decision = person.decisions_about.in_force().filter(kind=Kind.SUSPEND).first()
    person.suspended_at = decision.at if decision else None
    person.suspended_until = decision.until if decision else None
    person.save(update_fields=["suspended_at", "suspended_until"])


def tombstone_words(decision):
    """What stands where a comment stood."""
    if decision.kind == Kind.HIDE:
        who = "two moderators" if decision.second_id else "a moderator"
        return f"Taken from view by {who} under {decision.rule_in_full}. Reason: {_sentence(decision.reason)}"
    said = f"Erased by two moderators under {decision.rule_in_full}. Reason: {_sentence(decision.reason)}"
    if decision.state == State.OVERTURNED:
        said += " The decision was overturned on appeal; what was erased cannot be brought back."
    return said


def notice_words(decision):
    """What stands above the comments of a discussion."""
    under = f"under {decision.rule_in_full}. Reason: {_sentence(decision.reason)}"
    if decision.kind == Kind.MOVE:
        return f"Moved here from {decision.detail['from_title']} by a moderator {under}"
    until = moment_in_words(decision.until)
    if decision.kind == Kind.LOCK:
        return f"Locked until {until} by a moderator {under}"
    minutes = decision.detail["minutes"]
    every = "minute" if minutes == 1 else f"{minutes} minutes"
    return f"Slowed down until {until}: one comment per person every {every}, by a moderator {under}"


def moment_in_words(moment):
    """A moment as text that is stored, and so names its zone."""
    at = timezone.localtime(moment, timezone.get_default_timezone())
    return f"{at.day} {at:%B %Y, %H:%M} {at.tzname()}"


def _sentence(text):
    return text if text.endswith((".", "!", "?")) else f"{text}."
