"""What is done in discussions: start one, post a comment, edit or retract one's own."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from registry.accounts.actions import affiliations_along
from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.core.limits import take, take_along
from registry.core.rules import allows, require
from registry.core.statements import ask, insert_along
from registry.core.subjects import name_subject
from registry.history.recording import record

from .mentions import mentions_in
from .models import Comment, HeldPost, Thread
from .pace import check_links, check_new_account, check_slow
from .passages import find, mark_of
from .paths import depth_of, path_under
from .pseudonyms import author_for
from .ties import disclosure_on, lab_of
from .validators import clean_body, clean_reason, clean_title

GRACE = timedelta(minutes=5)

# Takes the next place of a thread, and the keys of the comment and its event, and counts the comment there and at what
# is discussed, in one statement that also waits for whoever is posting at the same moment; gives no row where the
# discussion was closed since it was looked at.
TAKE_PLACE = """
WITH place AS (
  UPDATE discussions_thread AS t
  SET next_number = t.next_number + 1, comment_count = t.comment_count + 1, version = t.version + 1,
      last_comment_at = clock_timestamp(), changed_at = clock_timestamp()
  FROM registry_subject AS s
  WHERE t.id = %s AND s.id = t.about_id AND s.public AND NOT (t.hidden OR s.locked OR s.hidden)
    AND NOT (t.locked AND COALESCE(t.locked_until > clock_timestamp(), true))
  RETURNING t.next_number - 1 AS number, t.about_id, s.as_of,
            CASE WHEN t.slow_until > clock_timestamp() THEN t.slow_minutes ELSE 0 END AS slow
)
UPDATE registry_subject AS s SET comment_count = s.comment_count + 1 FROM place WHERE s.id = place.about_id
RETURNING place.number, place.as_of, place.slow, nextval(pg_get_serial_sequence('discussions_comment', 'id')),
          nextval(pg_get_serial_sequence('registry_event', 'id'))
"""


@transaction.atomic
def start_thread(subject, title, body, by, official_for=None, passage="", vetted=False, pseudonym=None):
    """Open a discussion of a subject with its first comment, which may speak of a passage of the subject's text.

    `vetted`: a moderator has read it, so that the limits of new accounts do not hold.
    """
    require(by, "threads.start", subject)
    author = author_for(by, pseudonym, subject)
    title = clean_title(title)
    body, html = clean_body(body)
    anchor = find(subject, passage)
    take("thread", f"u{by.pk}", size=30, per_seconds=600)
    if not vetted:
        check_new_account(by, html, starts=True)
    lab = lab_of(subject)
    _check_official(official_for, lab, by, pseudonym)
    thread = Thread.objects.create(
        about=subject, title=title, started_by=author, comment_count=1, next_number=2, version=1
    )
    thread.subject = name_subject("thread", thread.pk, title=title, path=thread.get_absolute_url(), public=True)
    thread.save(update_fields=["subject"])
    path = path_under("", 1)
    comment = Comment.objects.create(
        thread=thread, number=1, path=path, depth=depth_of(path), author=author, body=body, html=html,
        disclosure=disclosure_on(lab, by, about=subject, official_for=official_for, pseudonym=pseudonym),
        official_for=official_for, as_of=subject.as_of, marks=[mark_of(anchor)] if anchor else [],
    )  # fmt: skip
    _keep(anchor, comment)
    subject.count(threads=1, comments=1)
    _record("thread.started", comment, lab, **_named(html))
    return thread


@transaction.atomic
def post(thread, body, by, parent=None, **options):
    """Add a comment below another or at the end, and return it; the options are those of `add`."""
    return add(thread, body, by, parent, **options)


def add(thread, body, by, parent=None, official_for=None, passage="", vetted=False, pseudonym=None):
    """`post` within the caller's transaction, which must end where this raises; `passage` and `vetted` as for
    `start_thread`."""
    require(by, "threads.post", thread)
    author = author_for(by, pseudonym, thread.about, thread)
    if parent is not None and parent.thread_id != thread.pk:
        raise Invalid("The comment to reply to stands in another discussion.", "parent")
    body, html = clean_body(body)
    anchor = find(thread.about, passage)
    check_pace, stated = take_along("post", f"u{by.pk}", size=60, per_seconds=60), affiliations_along(by)
    if not vetted:
        check_new_account(by, html)
    lab = lab_of(thread.about)
    _check_official(official_for, lab, by, pseudonym)
    number, as_of, slow_minutes, comment_key, event_key = _take_place(thread)
    check_pace()
    if slow_minutes:
        check_slow(thread, {by, author}, slow_minutes)
    disclosure = disclosure_on(
        lab, by, about=thread.about, official_for=official_for, pseudonym=pseudonym, stated=stated
    )
    path = path_under(_path_now(parent, thread), number)
    comment = insert_along(Comment(
        pk=comment_key, thread=thread, parent=parent, number=number, path=path, depth=depth_of(path), author=author,
        body=body, html=html, disclosure=disclosure, official_for=official_for, as_of=as_of,
        marks=[mark_of(anchor)] if anchor else [],
    ))  # fmt: skip
    _keep(anchor, comment)
    _record("comment.posted", comment, lab, key=event_key, **_named(html))
    return comment


@transaction.atomic
def hold(about, body, by, thread=None, parent=None, title=""):
    """Keep what a new account wrote for a moderator to read; nobody else sees it, and nothing tells of it."""
    if thread is None:
        require(by, "threads.start", about)
        title = clean_title(title)
    else:
        require(by, "threads.post", thread)
    body, html = clean_body(body)
    take("post", f"u{by.pk}", size=60, per_seconds=60)
    check_new_account(by, html, starts=thread is None)
    held = HeldPost.objects.create(
        author=by, about=about, thread=thread, parent=parent, title=title, body=body, html=html
    )
    record("comment.held", by.subject, by=by, public=False, held=held.pk)
    return held


@transaction.atomic
def edit(comment, body, by, version=None):
    """Change what one's comment says; what it said before stays to be read.

    `version` is the number of edits that the author had on screen; another one raises `Stale`.
    """
    require(by, "threads.edit", comment)
    body, html = clean_body(body)
    take("post", f"u{by.pk}", size=60, per_seconds=60)
    # The thread first, as in `post`: two acts that lock in the same order cannot wait for each other.
    Thread.objects.filter(pk=comment.thread_id).update(version=F("version") + 1, changed_at=Now())
    locked = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if version is not None and version != locked.edits:
        raise Stale("This comment was edited in the meantime. Compare before you save over it.")
    if locked.retracted_at:
        raise Conflict("This comment was retracted in the meantime. It is not edited any more.")
    if body == locked.body:
        return comment
    check_links(by, html, locked.html)
    number, in_grace = locked.edits + 1, _in_grace(locked)
    locked.earlier_texts.create(number=number, body=locked.body, html=locked.html, in_grace=in_grace)
    named = [handle for handle in mentions_in(html) if handle not in mentions_in(locked.html)]
    comment.body, comment.html, comment.edits = body, html, number
    comment.edited_at = None if in_grace else timezone.now()
    comment.save(update_fields=["body", "html", "edits", "edited_at"])
    more = ({"in_grace": True} if in_grace else {}) | ({"mentions": named} if named else {})
    _record("comment.edited", comment, lab_of(comment.thread.about), edit=number, **more)
    return comment


def _in_grace(comment):
    """Whether an edit needs no mark: minutes after writing, and nobody has answered, judged or marked the text yet.

    The text before is kept and shown in the history all the same.
    """
    young = comment.edited_at is None and timezone.now() - comment.created_at < GRACE
    marked = any("passage" not in mark for mark in comment.marks)  # its own passage was there from the start
    judged = comment.helpful or comment.agree or comment.disagree or marked
    return bool(young and not judged and not comment.replies.exists())


@transaction.atomic
def retract(comment, by, reason):
    """Take back what one said: it stays readable, struck through, with the reason. That cannot be undone."""
    require(by, "threads.retract", comment)
    reason = clean_reason(reason)
    take("post", f"u{by.pk}", size=60, per_seconds=60)
    Thread.objects.filter(pk=comment.thread_id).update(version=F("version") + 1, changed_at=Now())
    now = timezone.now()
    done = Comment.objects.filter(pk=comment.pk, retracted_at=None).update(retracted_at=now, retraction=reason)
    if not done:
        raise Conflict("This comment was retracted before.")
    comment.retracted_at, comment.retraction = now, reason
    _record("comment.retracted", comment, lab_of(comment.thread.about))
    return comment


def _keep(anchor, comment):
    if anchor is not None:
        anchor.comment = comment
        anchor.save()


def _named(html):
    """Whom a text names, for whoever listens to its event."""
    named = mentions_in(html)
    return {"mentions": named} if named else {}


def _take_place(thread):
    for row in ask(TAKE_PLACE, [thread.pk]):
        return row
    raise Conflict("This discussion was closed a moment ago. Copy your text before you leave this page.")


def _path_now(parent, thread):
    """Where the comment that is answered stands, asked while the thread is held: moderators move comments."""
    if parent is None:
        return ""
    path = Comment.objects.filter(pk=parent.pk, thread=thread.pk).values_list("path", flat=True).first()
    if path is None:
        raise Conflict("The comment that you answer was moved to another discussion a moment ago. Answer it there.")
    return path


def _check_official(official_for, lab, by, pseudonym):
    """An official response comes from the lab whose affairs are discussed, by somebody who speaks for it."""
    if official_for is None:
        return
    if pseudonym is not None:
        raise Refused("An official response is given under one's own name.")
    if official_for != lab:
        raise Refused("Only the lab that this discussion is about can respond officially.")
    if not allows(by, "labs.speak", lab):
        raise Refused(f"Only somebody who speaks for {lab.name} may respond officially.")


def _record(verb, comment, lab, **more):
    """The event is about the thread's own subject, so that what hides a thread hides its events too.

    It names the comment's author, who may be a pseudonym, and not whoever is signed in.
    """
    thread = comment.thread
    record(
        verb, thread.subject, by=comment.author, lab=lab.subject if lab else None, about=thread.about.ref,
        thread=thread.pk, comment=comment.pk, number=comment.number, **more,
    )  # fmt: skip
