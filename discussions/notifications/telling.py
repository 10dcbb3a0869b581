"""Telling: from one event to a notice for everybody who is to know of it.

A batch is one transaction under the lock of the event's row, and notices are unique by person and event: whoever dies
in the middle leaves nothing half done, and two workers at once tell nobody twice.
"""

from collections import defaultdict
from contextlib import suppress

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from discussions.letters.models import LabLetter
from discussions.letters.readers import readers_of
from discussions.threads.models import Comment
from discussions.threads.search import OPERATORS, ask, find
from registry.accounts.models import Pseudonym, User, suspended_now
from registry.core.errors import Invalid
from registry.history.models import Event

from .models import Cadence, Notice, Preferences, Subscription, Untold
from .schedule import due_at
from .targets import OF_LETTERS, WRITING, targets_of

BATCH = 500
Reason = Notice.Reason
ORDER = [
    Reason.LETTER, Reason.MENTION, Reason.REPLY, Reason.THREAD, Reason.SUBJECT, Reason.LAB, Reason.PERSON,
    Reason.SEARCH,
]  # fmt: skip
# Saved searches that find a text; what is looked through is what site search looks through, and new comments.
# Those with operators ask for comments alone, as the search in discussions does.
FOUND = """
SELECT s.id FROM discussions_subscription AS s JOIN registry_subject AS t ON t.id = %s
WHERE s.subject_id IS NULL AND s.words !~ %s
  AND (t.words || to_tsvector('english', %s)) @@ websearch_to_tsquery('english', s.words)
"""
HAS_OPERATOR = rf"(^|\s)-?({'|'.join(OPERATORS)}):\S"


def tell(pk, *, batch=BATCH):
    """Tell all followers of an event; returns how many notices were written."""
    written = 0
    while (told := _tell_some(pk, batch)) is not None:
        written += told
    return written


@transaction.atomic
def _tell_some(pk, batch):
    """The next batch, or None where nobody is left or another worker is at it."""
    row = Untold.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None:
        return None
    event = Event.objects.select_related("subject", "actor", "lab").get(pk=pk)
    comment = _comment_of(event)
    people = _next_people(row, event, comment, batch) if _is_in_view(event, comment) else []
    written = _write(event, comment, people) if people else 0
    if len(people) < batch:
        row.delete()
    else:
        row.after = max(people)
        row.save(update_fields=["after"])
    return written


def _comment_of(event):
    pk = event.data.get("comment")
    found = Comment.objects.select_related("thread", "parent", "author") if isinstance(pk, int) else None
    return found.filter(pk=pk).first() if found is not None else None


def _is_in_view(event, comment):
    """Only what everybody may read is told, or a letter to its readers, and nothing by somebody who is suspended."""
    everybody = AnonymousUser()
    authors = {event.actor, comment.author if comment else None} - {None}
    if any(author.is_suspended for author in authors):
        return False
    if event.verb in OF_LETTERS:
        return True
    if comment and not Comment.objects.visible_to(everybody).filter(pk=comment.pk).exists():
        return False
    return Event.objects.visible_to(everybody).filter(pk=event.pk).exists()


def _next_people(row, event, comment, batch):
    """User id → [(reason, subscription)], of the next so many who follow anything that the event concerns."""
    if event.verb in OF_LETTERS:
        return _readers(row, event, batch)
    targets = targets_of(event)
    subscriptions = Subscription.objects.filter(Q(subject__in=targets) | Q(pk__in=_searches(event, comment)))
    direct = _addressed(event, comment) if comment and event.verb in WRITING else {}
    following = subscriptions.filter(user_id__gt=row.after).order_by("user_id").values_list("user_id", flat=True)
    ids = sorted({*following.distinct()[:batch], *(pk for pk in direct if pk > row.after)})[:batch]
    people = {pk: [(direct[pk], None)] if pk in direct else [] for pk in ids}
    for one in subscriptions.filter(user_id__in=ids):
        reason = targets[one.subject_id] if one.subject_id else Reason.SEARCH
        people[one.user_id].append((reason, one))
    return people


def _readers(row, event, batch):
    """The same for a letter: those who may read it, with what they have said of being told of it."""
    letter = LabLetter.objects.with_place().get(subject=event.subject)
    ids = sorted(person.pk for person in readers_of(letter) if person.pk > row.after)[:batch]
    said = Subscription.objects.filter(subject=event.subject, user__in=ids)
    chosen = {one.user_id: one for one in said}
    return {pk: [(Reason.LETTER, chosen.get(pk))] for pk in ids}


def _searches(event, comment):
    text = f"{comment.thread.title}\n{comment.body}" if comment else ""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [event.subject_id, HAS_OPERATOR, text[:20_000]])
        found = [pk for (pk,) in cursor.fetchall()]
    return found + _with_operators(comment) if comment else found


def _with_operators(comment):
    """The searches with operators that find a comment, each different one looked for once."""
    asked = defaultdict(list)
    searches = Subscription.objects.filter(subject=None, words__regex=HAS_OPERATOR).values_list("words", "pk")
    for words, pk in searches:
        asked[words].append(pk)
    this, nobody = Comment.objects.filter(pk=comment.pk), AnonymousUser()
    found = []
    for words, keys in asked.items():
        with suppress(Invalid):  # followed before its operators were checked
            found += keys if find(ask(words), nobody, this).exists() else []
    return found


def _addressed(event, comment):
    """Who is spoken to: whoever is mentioned or answered, whether they follow anything or not."""
    found = {comment.parent.author_id: Reason.REPLY} if comment.parent else {}
    mentioned = User.objects.filter(handle__in=event.data.get("mentions", ())).values_list("pk", flat=True)
    found |= dict.fromkeys(mentioned, Reason.MENTION)
    # Who is spoken to by a pseudonym of theirs is told under their own name; it is seen by them alone.
    owners = dict(Pseudonym.objects.filter(persona__in=found).values_list("persona", "owner"))
    return {owners.get(pk, pk): reason for pk, reason in found.items()}


def _write(event, comment, people):
    now = timezone.now()
    users = User.objects.filter(pk__in=people, is_active=True).exclude(suspended_now())
    authors = {event.actor_id, comment.author_id if comment else None}
    authors |= set(Pseudonym.objects.filter(persona__in=authors - {None}).values_list("owner", flat=True))
    chosen = {p.user_id: p for p in Preferences.objects.filter(user__in=people)}
    notices = []
    for user in users:
        if user.pk in authors or any(s and s.cadence == Cadence.NONE for _, s in people[user.pk]):
            continue
        reason, followed = min(people[user.pk], key=lambda why: ORDER.index(why[0]))
        cadence = _cadence(people[user.pk], chosen.get(user.pk) or Preferences())
        notices.append(
            Notice(
                user=user, event=event, about=event.subject, comment=comment, reason=reason, subscription=followed,
                cadence=cadence, due_at=due_at(cadence, user, now),
            )
        )  # fmt: skip
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)


def _cadence(why, preferences):
    """What the nearest of their subscriptions says, else what they have set for everything."""
    if not preferences.mail:
        return Cadence.INBOX
    nearest = min((w for w in why if w[1]), key=lambda w: ORDER.index(w[0]), default=None)
    if nearest is None or nearest[1].cadence == Cadence.USUAL:
        return preferences.cadence
    return nearest[1].cadence
