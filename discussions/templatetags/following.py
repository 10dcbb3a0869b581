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
    unread = []
    if subject_id:
        notices = Notice.objects.visible_to(user).unread().filter(about=subject_id)
        unread = list(notices.order_by("-pk").values_list("pk", flat=True)[:MOST_COUNTED])
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
    """How many notices wait, as a word: "", "3", "99+"; one query."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return ""
    count = Notice.objects.visible_to(user).unread()[:MOST_COUNTED].count()
    return "99+" if count >= MOST_COUNTED else str(count or "")
