"""Following, on the pages of what can be followed, and the number beside the inbox: `{% load following %}`.

Both are for people who are signed in; visitors get nothing, so that their pages stay the same for all.
"""

from django import template

from discussions.notifications.models import Cadence, Notice, Subscription

register = template.Library()
MOST_COUNTED = 100


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_control(context, subject_id, name, words=""):
    """Follow, mute or stop; and, where one was told of the thing, the way to mark that as read."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {"offered": False}
    unread = [pk for pk, about in _unread(context["request"]) if about == subject_id] if subject_id else []
    return {
        "offered": True,
        "subject_id": subject_id or "",
        "words": words,
        "name": name,
        "found": Subscription.objects.filter(user=user, subject=subject_id, words=words).first(),
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
        notices = Notice.objects.visible_to(request.user).unread().order_by("-pk")
        request.unread_notices = list(notices.values_list("pk", "about")[:MOST_COUNTED])
    return request.unread_notices
