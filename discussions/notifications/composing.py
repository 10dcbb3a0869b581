"""What a mail says: one comment in full, one event, or all that came together, in plain text and HTML."""

import re
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from discussions.threads.addresses import reply_address
from registry.core.text import plain_excerpt
from registry.history.phrases import NOBODY, in_words

from . import headers
from .return_paths import return_path
from .unsubscribing import token_for

MOST_TEXTS = 40  # of one mail in full; what is more is counted and linked
CONTEXT = 200  # characters of the comment that is answered
QUOTED = re.compile(r"(?m)^ {0,3}>.*$")
LOCAL_LINK = re.compile(r'(<(?:a|img)\b[^<>]*?\b(?:href|src)=")/(?!/)')


def compose(user, notices, *, crowded=False):
    """The mail that tells somebody of notices. `crowded` says that they came together since there were so many."""
    alone = notices[0] if len(notices) == 1 and not crowded else None
    context = _context(user, notices, alone, crowded)
    sender, named = headers.sender_of(alone), headers.headers_of(user, alone, notices)
    # What cannot be delivered comes back to the envelope's sender, who is not the one that readers see.
    if path := return_path(user):
        sender, named = path, named | {"From": sender}
    message = EmailMultiAlternatives(
        headers.subject_of(alone, notices), render_to_string("notifications/mail/letter.txt", context),
        sender, [user.email], headers=named,
    )  # fmt: skip
    message.attach_alternative(render_to_string("notifications/mail/letter.html", context), "text/html")
    return message


def _context(user, notices, alone, crowded):
    shown = sorted(notices[:MOST_TEXTS], key=lambda n: (n.about_id, n.pk))
    subject = alone.about if alone else None
    return {
        "base": settings.BASE_URL,
        "groups": [(rows[0].about, rows) for rows in _by_subject(shown)],
        "more": len(notices) - len(shown),
        "alone": alone,
        "crowded": crowded,
        "stop": f"{settings.BASE_URL}/unsubscribe/{token_for(user, subject)}/",
        "answerable": bool(alone and alone.comment and reply_address(user, alone.comment)),
    }


def _by_subject(notices):
    for _, rows in groupby(map(_with_texts, notices), key=lambda n: n.about_id):
        yield list(rows)


def _with_texts(notice):
    """The notice with what the templates show of it."""
    comment = notice.comment
    notice.actor = notice.event.actor.display_name if notice.event.actor else NOBODY
    if comment is None or notice.event.verb not in headers.WRITING:
        notice.sentence = f"{notice.actor} {in_words(notice.event)} {notice.about.title}."
        notice.said = notice.event.data.get("justification") or notice.event.data.get("sentence") or ""
        notice.url = settings.BASE_URL + notice.about.path
        return notice
    said = comment.disclosure
    notice.ties = "; ".join(words for words in (said.get("tie"), said.get("shown")) if words)
    notice.html = LOCAL_LINK.sub(rf"\1{settings.BASE_URL}/", comment.html)
    notice.url = settings.BASE_URL + comment.get_absolute_url()
    parent = comment.parent
    if parent and not parent.hidden:
        own = QUOTED.sub("", parent.body).strip()
        notice.context = plain_excerpt(own or parent.body, CONTEXT)
    return notice
