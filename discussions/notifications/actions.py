"""What people do about what they are told: follow, mute, stop, mark as read, set how mail comes."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from discussions.threads import search
from registry.core.errors import Conflict, Invalid
from registry.core.limits import take
from registry.core.rules import require
from registry.core.text import TextRefused, clean, looks_empty

from .models import DEFAULTS, MOST_WORDS, Cadence, Notice, Preferences, Subscription

MOST_SUBSCRIPTIONS = 2000
MOST_SEARCHES = 50
MOST_BOUNCES, BOUNCES_WITHIN = 5, timedelta(days=30)  # each within so long of the last one
# Mail at once is an archive, so it comes even where its reader was on the site already.
SPARED_WHEN_READ = [Cadence.BUNDLED, Cadence.DAILY, Cadence.WEEKLY]


@transaction.atomic
def follow(*, by, subject=None, words="", cadence=Cadence.USUAL):
    """Follow a subject or the words of a search, or change how; muting is following with the cadence `none`."""
    require(by, "notifications.follow", subject)
    if cadence not in Cadence.values:
        raise Invalid(f"Choose how mail comes: {', '.join(Cadence.values)}.", "cadence")
    words = _clean_words(words) if subject is None else ""
    take("follow", f"u{by.pk}", size=120, per_seconds=600)
    subscription, new = Subscription.objects.update_or_create(
        user=by, subject=subject, words=words,
        defaults={"cadence": cadence, "made_by": Subscription.MadeBy.SELF},
    )  # fmt: skip
    if new:
        _leave_room(by, subject)
    if cadence == Cadence.INBOX:
        _hold_back(by, subscription)
    return subscription


@transaction.atomic
def stop_following(subscription, *, by):
    """End a subscription of one's own; what waits to be mailed because of it is not mailed."""
    require(by, "notifications.follow")
    mine = Subscription.objects.filter(user=by, pk=subscription.pk)
    _hold_back(by, subscription)
    mine.delete()


def _hold_back(user, subscription):
    """Write no mail about what already waits under a thing that somebody no longer wants mail about."""
    waiting = Notice.objects.filter(user=user, due_at__isnull=False)
    under = Q(subscription=subscription)
    if subscription.subject_id:
        under |= Q(about=subscription.subject_id)
    waiting.filter(under).update(due_at=None)


def _clean_words(words):
    try:
        words = clean(words, lines=False)
    except TextRefused as problem:
        raise Invalid(str(problem), "words", "characters") from None
    if looks_empty(words):
        raise Invalid("Name what to follow: a subject, or words to look for.", "words", "required")
    if len(words) > MOST_WORDS:
        raise Invalid(f"Keep the words under {MOST_WORDS} characters.", "words", "max_length")
    try:
        search.find(search.ask(words), AnonymousUser())
    except Invalid as problem:  # an operator with a senseless value would find nothing, for ever
        raise Invalid(" ".join(problem.messages), "words", "operator") from None
    return words


def _leave_room(user, subject):
    own = Subscription.objects.filter(user=user)
    if own.count() > MOST_SUBSCRIPTIONS or (subject is None and own.filter(subject=None).count() > MOST_SEARCHES):
        raise Conflict(
            f"One can follow {MOST_SUBSCRIPTIONS:,} things and {MOST_SEARCHES} searches. Stop following one first."
        )


@transaction.atomic
def mark_read(user, notices):
    """Mark notices as read, out of those given that are one's own and unread; returns how many there were."""
    unread = Notice.objects.filter(pk__in=notices.values("pk"), user=user).unread()
    ids = list(unread.order_by("pk").select_for_update(of=["self"]).values_list("pk", flat=True))
    marked = Notice.objects.filter(pk__in=ids)
    marked.filter(cadence__in=SPARED_WHEN_READ).update(due_at=None)
    return marked.update(seen_at=timezone.now())


@transaction.atomic
def choose(user, *, cadence=None, mail=None):
    """Set how mail comes where nothing else is said, and whether it comes at all."""
    require(user, "notifications.follow")
    if cadence is not None and cadence not in {c.value for c in DEFAULTS}:
        raise Invalid(f"Choose one of: {', '.join(c.value for c in DEFAULTS)}.", "cadence")
    said = {name: value for name, value in (("cadence", cadence), ("mail", mail)) if value is not None}
    if mail:  # they say so having seen that mail came back
        said |= {"bounces": 0, "failing_since": None}
    preferences, _ = Preferences.objects.update_or_create(user=user, defaults=said)
    if mail is False:
        Notice.objects.filter(user=user, due_at__isnull=False).update(due_at=None)
    return preferences


@transaction.atomic
def count_bounce(user):
    """Note that a mail to somebody came back; after several within a month no more are written until they say so."""
    preferences, _ = Preferences.objects.get_or_create(user=user)
    chosen, now = Preferences.objects.select_for_update().get(pk=preferences.pk), timezone.now()
    recent = chosen.bounced_at is not None and now - chosen.bounced_at < BOUNCES_WITHIN
    chosen.bounces, chosen.bounced_at = (chosen.bounces + 1 if recent else 1), now
    if chosen.bounces >= MOST_BOUNCES and chosen.failing_since is None:
        chosen.failing_since = now
    chosen.save(update_fields=["bounces", "bounced_at", "failing_since"])
    return chosen


@transaction.atomic
def stop_mail(user, subject):
    """What the link at the end of a mail does: mute what the mail was about, or (without one) end all mail.

    It is done by whoever holds the link, as often as they like, and to the person to whom it was sent.
    """
    if subject is None:
        return choose(user, mail=False)
    subscription, _ = Subscription.objects.update_or_create(
        user=user, subject=subject, words="", defaults={"cadence": Cadence.NONE}
    )
    return subscription


@transaction.atomic
def catch_up(user, moment):
    """Say up to which moment one knows everything; never back."""
    preferences, _ = Preferences.objects.get_or_create(user=user)
    locked = Preferences.objects.select_for_update().get(pk=preferences.pk)
    if locked.caught_up_at is None or moment > locked.caught_up_at:
        locked.caught_up_at = min(moment, timezone.now())
        locked.save(update_fields=["caught_up_at"])
    return locked
