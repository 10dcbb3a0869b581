"""What a mail to one of our addresses is to become, by the recipient alone.

`reply+TOKEN` answers a comment; `LAB.SLUG` starts a discussion of an entry, `LAB.SLUG+private` and
`LAB.SLUG+2026-12-24` are letters to its lab; `unsubscribe+TOKEN` ends mail, `bounce+TOKEN` is where mail comes back to.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from discussions.notifications.return_paths import read_return_path
from discussions.notifications.unsubscribing import read_mail_address
from discussions.threads.addresses import read_reply_address
from discussions.threads.models import Comment
from registry.core.subjects import Subject
from registry.releases.models import Entry

ENTRY = re.compile(r"([a-z0-9-]{1,60})\.([a-z0-9-]{1,60})(?:\+([a-z0-9-]{1,20}))?")
NUMBERED = re.compile(r"entry-([0-9]{1,12})(?:\+([a-z0-9-]{1,20}))?")
LONGEST_LOCAL = 64  # characters before the @, as RFC 5321 has it
LONGEST_CHOICE = len("+2026-12-24")


@dataclass
class Route:
    """Where a mail goes. `kind` is `reply`, `thread`, `letter`, `unsubscribe` or `bounce`."""

    kind: str
    person: int | None = None  # whose secret address it is
    comment: Comment | None = None
    about: Subject | None = None
    visibility: str = "public"
    public_on: date | None = None
    unsubscribe: tuple | None = None


def route_of(address):
    """The `Route` of a recipient, or None where nobody takes its mail."""
    local, _, domain = address.strip().lower().rpartition("@")
    if not settings.MAIL_DOMAIN or domain != settings.MAIL_DOMAIN.lower():
        return None
    if found := read_reply_address(address):
        comment = Comment.objects.select_related("thread__about", "thread__subject").filter(pk=found[1]).first()
        return comment and Route("reply", person=found[0], comment=comment, about=comment.thread.about)
    if found := read_mail_address(address):
        return Route("unsubscribe", person=found[0], unsubscribe=found)
    if person := read_return_path(address):
        return Route("bounce", person=person)
    return _route_to_entry(local)


def _route_to_entry(local):
    if found := ENTRY.fullmatch(local):
        entries, choice = Entry.objects.filter(lab__slug=found[1], slug=found[2]), found[3]
    elif found := NUMBERED.fullmatch(local):
        entries, choice = Entry.objects.filter(pk=int(found[1])), found[2]
    else:
        return None
    seen = Subject.objects.visible_to(AnonymousUser()).filter(hidden=False)
    subject = seen.filter(pk__in=entries.values("subject")).first()
    if subject is None:
        return None
    if choice is None:
        return Route("thread", about=subject)
    if choice == "private":
        return Route("letter", about=subject, visibility="private")
    try:
        return Route("letter", about=subject, visibility="dated", public_on=date.fromisoformat(choice))
    except ValueError:
        return None


def address_of(entry):
    """Where mail starts a discussion of an entry; "" where the site takes no mail."""
    if not settings.MAIL_DOMAIN:
        return ""
    local = f"{entry.lab.slug}.{entry.slug}"
    if len(local) + LONGEST_CHOICE > LONGEST_LOCAL:
        local = f"entry-{entry.pk}"
    return f"{local}@{settings.MAIL_DOMAIN}"
