"""How fast somebody may write: new accounts have limits of their own, and a heated thread can be slowed down.

Every refusal says what the limit is and when one may go on; what was typed is kept by whoever asked.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from registry.accounts.models import User
from registry.core.errors import Invalid, TooMany
from registry.core.limits import waiting

from .models import Comment, HeldPost, Thread

NEW_FOR = timedelta(hours=24)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
COMMENTS, THREADS, LINKS = 5, 2, 2
UNTIL = "until it is a day old and has a comment that is a day old"


def is_new(user):
    """Whether the limits of new accounts hold for this person."""
    if user.trusted_since is not None:
        return False
    old = timezone.now() - NEW_FOR
    return user.date_joined > old or not Comment.objects.filter(author=user, hidden=False, created_at__lt=old).exists()


def check_new_account(user, html, *, starts=False):
    """Refuse what a new account may not do yet; must be called inside the act's transaction.

    Those who stay cost one query once, and none from then on.
    """
    if user.trusted_since is not None:
        return
    # Two posts of one new account wait for each other, so that both are counted.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    if not is_new(user):
        user.trusted_since = timezone.now()
        User.objects.filter(pk=user.pk).update(trusted_since=user.trusted_since)
        return
    _few_links(html, LINKS)
    held = HeldPost.objects.filter(author=user, state=HeldPost.State.WAITING)
    if starts:
        _within(f"start {_scaled(THREADS)} discussions a day", _scaled(THREADS), DAY,
                Thread.objects.filter(started_by=user), "started_at", held.filter(thread=None))  # fmt: skip
    _within(f"post {_scaled(COMMENTS)} comments an hour", _scaled(COMMENTS), HOUR,
            Comment.objects.filter(author=user), "created_at", held)  # fmt: skip


def check_links(user, html, before=""):
    """Refuse more links than a new account may put into a text, or than stood in it before."""
    if is_new(user):
        _few_links(html, max(LINKS, _links(before)))


def _few_links(html, most):
    if (links := _links(html)) > most:
        said = f"A new account may put {LINKS} links into a text, {UNTIL}. This one has {links}; take some out."
        raise Invalid(said, "body", "links")


def _links(html):
    return html.count('href="http')


def check_slow(thread, names, minutes):
    """Refuse a comment that follows the same person's last one too soon, under whichever of their names; asked while
    the thread's row is held."""
    comments = Comment.objects.filter(thread=thread, author__in=names)
    last = comments.order_by("-created_at").values_list("created_at").first()
    wait = (last[0] + timedelta(minutes=minutes) - timezone.now()).total_seconds() if last else 0
    if wait > 0:
        every = "minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(
            f"This discussion is slowed down: one comment per person every {every}. "
            f"You can post again in {waiting(math.ceil(wait))}; your text is kept.", math.ceil(wait),
        )  # fmt: skip


def _within(what, most, time, rows, field, held):
    """Raise `TooMany` where `most` rows lie within the time, with the seconds until the first of them does not."""
    since = timezone.now() - time
    times = [*rows.filter(**{f"{field}__gt": since}).order_by(f"-{field}").values_list(field, flat=True)[:most],
             *held.filter(held_at__gt=since).order_by("-held_at").values_list("held_at", flat=True)[:most]]  # fmt: skip
    times.sort(reverse=True)
    if len(times) >= most:
        wait = math.ceil((times[most - 1] + time - timezone.now()).total_seconds())
        raise TooMany(
            f"A new account may {what}, {UNTIL}. You can go on in {waiting(wait)}; your text is kept.", wait
        )


def _scaled(number):
    return max(1, int(number * settings.RATE_LIMIT_SCALE))
