"""Names with an @ before them: linked where they are somebody's, and told to whoever listens to the event."""

import re

from django.db.models import Exists, OuterRef, Q

from registry.accounts.models import User, suspended_now
from registry.core.markdown.links import MENTION

from .models import Comment

MOST = 20  # people that one text can name
OFFERED = 8
LINKED = re.compile(r'<a href="/people/([a-z0-9-]+)/"[^>]*>@\1</a>', re.IGNORECASE)
QUOTATION = re.compile(r"<blockquote>(?:(?!<blockquote>).)*?</blockquote>", re.DOTALL)  # that holds no other one
CALLED = re.compile(MENTION)


def people_named(text):
    """The handles of people whom a text names; one query, and none where there is no @."""
    handles = list(dict.fromkeys(found[1].lower() for found in CALLED.finditer(text)))[:MOST]
    if not handles:
        return frozenset()
    return frozenset(User.objects.filter(is_active=True, handle__in=handles).values_list("handle", flat=True))


def mentions_in(html):
    """The handles that the HTML of a text links as mentions, each once; those in quotations are spoken of, not to."""
    while (own := QUOTATION.sub("", html)) != html:
        html = own
    return list(dict.fromkeys(handle.lower() for handle in LINKED.findall(html)))[:MOST]


def offered(user, start, thread=None):
    """People whose handle or name begins so, those first who speak in the thread: what typing an @ offers."""
    people = User.objects.visible_to(user).exclude(suspended_now())
    if start:
        begins = Q(handle__startswith=start.lower()) | Q(display_name__istartswith=start)
        people = people.filter(begins | Q(display_name__icontains=f" {start}"))
    here = Comment.objects.filter(thread=thread, author=OuterRef("pk"), hidden=False)
    people = people.annotate(speaks_here=Exists(here)).order_by("-speaks_here", "handle")
    if not start:
        people = people.filter(speaks_here=True)
    found = people.values_list("handle", "display_name")[:OFFERED]
    return [{"handle": handle, "name": name} for handle, name in found]
