"""What concerns write onto earlier rows so that other pages can say it: marks beside comments, counts, titles."""

from django.db import connection

from discussions.threads.marks import set_mark
from discussions.threads.ties import lab_of
from registry.core.subjects import Subject

from .models import TAKEN_FROM_VIEW, Concern

# Said of the comment, without the title: it must not outlive a concern that is taken from view.
SAID = {
    "answered": ("answer", "answers the concern of #{number}"),
    "accepted": ("resolution", "accepts the answer to #{number}"),
    "dissent_kept": ("resolution", "records that the dissent of #{number} stays"),
    "open": ("resolution", "says that #{number} is not answered"),
    "withdrawn": ("resolution", "withdraws the concern of #{number}"),
}


def mark_opening(concern):
    """Say beside the comment what it opened and how that stands."""
    what = "an open call" if concern.open_call_at else "a concern"
    words = f"opens {what}: {concern.title} ({concern.get_state_display().lower()})"
    set_mark(concern.opening, "concern", words, concern.get_absolute_url())


def mark_said(concern, comment, state):
    kind, words = SAID[state]
    set_mark(comment, kind, words.format(number=concern.opening.number), concern.get_absolute_url())


def recount(about):
    """Count again the concerns about a subject that wait for an answer; its row is held so that no count is lost."""
    Subject.objects.select_for_update(no_key=True).only("pk").get(pk=about.pk)
    waiting = Concern.objects.filter(about=about).waiting().shown().count()
    Subject.objects.filter(pk=about.pk).update(open_concerns=waiting)


# A concern's own subject is found by search and in events: it is public while what it stands on is, and bears no
# title that was taken from view.
FOLLOW = """
UPDATE registry_subject AS s SET public = now.public, title = now.title
FROM (
    SELECT c.subject_id, c.about_id, a.public AND NOT a.hidden AND NOT t.hidden AS public,
           CASE WHEN o.hidden THEN %s ELSE c.title END AS title
    FROM discussions_concern AS c
    JOIN discussions_comment AS o ON o.id = c.opening_id
    JOIN discussions_thread AS t ON t.id = c.thread_id
    JOIN registry_subject AS a ON a.id = c.about_id
) AS now
WHERE s.id = now.subject_id AND (s.public, s.title) IS DISTINCT FROM (now.public, now.title)
RETURNING now.about_id
"""


def follow_moderation(subject):
    """Bring concerns in step with what moderation did to comments, threads, things, or to a concern's own subject."""
    changed = set(_follow_moves())
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [TAKEN_FROM_VIEW])
        changed |= {about for (about,) in cursor.fetchall()}
    changed |= set(Concern.objects.filter(subject=subject).values_list("about", flat=True))
    for about in Subject.objects.filter(pk__in=changed).order_by("pk"):
        recount(about)


def _follow_moves():
    """Concerns go where their opening comment went; yields the keys of what they left and what they came to."""
    for concern in Concern.objects.moved().select_related("opening__thread__about"):
        thread = concern.opening.thread
        yield from (concern.about_id, thread.about_id)
        Concern.objects.filter(pk=concern.pk).update(thread=thread, about=thread.about, lab=lab_of(thread.about))
