"""Following, on the pages of what can be followed, and the number beside the inbox: `{% load following %}`.

Both are for people who are signed in; visitors get nothing, so that their pages stay the same for all.
"""

from django import template

from discussions.notifications.models import Cadence, Notice, Subscription
from registry.accounts.models import User
from registry.core.statements import Statement

register = template.Library()
MOST_COUNTED = 100
UNREAD = Statement(
    lambda user: Notice.objects.visible_to(User(pk=user)).unread().order_by("-pk").values_list("pk", "about")[
        :MOST_COUNTED
    ],
    int,
)
FOLLOWED = Statement(
    lambda user, subject, words: Subscription.objects.filter(
        user_id=user, subject_id=subject, words=words
    ).values_list("cadence"),
    int, int, str,
)  # fmt: skip
SEARCHED = Statement(
    lambda user, words: Subscription.objects.filter(user_id=user, subject=None, words=words).values_list("cadence"),
    int, str,
)  # fmt: skip


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_control(context, subject_id, name, words=""):
    """Follow, mute or stop; and, where one was told of the thing, the way to mark that as read."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {"offered": False}
    found = FOLLOWED.first(user.pk, subject_id, words) if subject_id else SEARCHED.first(user.pk, words)
    unread = [pk for pk, about in _unread(context["request"]) if about == subject_id] if subject_id else []
    return {
        "offered": True,
        "subject_id": subject_id or "",
        "words": words,
        "name": name,
        "cadence": found[0] if found else "",
        "cadences": Cadence.choices,
        "unread": unread,
        "back": context["request"].get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def unread_notices(context):
    """How many notices wait, as a word: "", "3", "99+"."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return ""
    count = len(_unread(context["request"]))
    return "99+" if count >= MOST_COUNTED else str(count or "")


def _unread(request):
    """The newest unread notices of who asks, as (key, key of what they are about); one query for the whole page."""
    if not hasattr(request, "unread_notices"):
        request.unread_notices = UNREAD.rows(request.user.pk)
    return request.unread_notices
