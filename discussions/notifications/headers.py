"""The headers of a mail. Of what people typed only a title and a name are in them, each made one harmless line."""

import unicodedata
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from discussions.threads.addresses import reply_address
from discussions.threads.message_ids import message_id
from discussions.threads.models import PLACE, Comment
from registry.history.phrases import NOBODY, in_words

from .models import OriginalMail
from .targets import WRITING
from .unsubscribing import mail_address, token_for

LONGEST_SUBJECT = 200
LONGEST_NAME = 60
MOST_ANCESTORS = 20
LINE_BREAKERS = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def one_line(text, length):
    """Text that can stand in a header: no line breaks, nothing invisible, not too long."""
    text = "".join(" " if unicodedata.category(char) in LINE_BREAKERS else char for char in text)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def subject_of(alone, notices):
    """The title of the discussion, "Re:" where something is answered; of many things their number."""
    if alone and alone.comment and alone.event.verb in WRITING:
        title = one_line(alone.comment.thread.title, LONGEST_SUBJECT)
        return title if alone.comment.number == 1 else f"Re: {title}"
    if alone:
        actor = alone.event.actor.display_name if alone.event.actor else NOBODY
        return one_line(f"{actor} {in_words(alone.event)} {alone.about.title}", LONGEST_SUBJECT)
    places = len({n.about_id for n in notices})
    return f"Daylight: {len(notices)} new, in {places} place{'' if places == 1 else 's'}"


def sender_of(alone):
    """The site's own address, under the name of whoever spoke."""
    if alone is None or alone.comment is None:
        return settings.DEFAULT_FROM_EMAIL
    name = one_line(alone.comment.name, LONGEST_NAME)
    name = "".join(char for char in name if char not in '"\\<>@,;:()[]')
    return f'"{name} via Daylight" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'


def headers_of(user, alone, notices):
    subject = alone.about if alone else None
    token = token_for(user, subject)
    ways = [f"<{settings.BASE_URL}/unsubscribe/{token}/>"]
    if address := mail_address(token):
        ways.append(f"<mailto:{address}>")
    return {
        "Message-ID": _own_id(user, alone, notices),
        "List-Id": f"<{_place(subject)}.{_host()}>",
        "List-Archive": f"<{settings.BASE_URL}{subject.path if subject else '/inbox/'}>",
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "list",
        **(_threading(user, alone.comment) if alone and alone.comment else {}),
    }


def _threading(user, comment):
    """What a mail client puts the discussion together by, and where an answer goes."""
    found, above = {}, ancestors_of(comment)
    if ids := [named for ancestor in _with_originals(user, above) for named in ancestor]:
        found = {"In-Reply-To": ids[-1], "References": " ".join(ids)}
    if address := reply_address(user, comment):
        found["Reply-To"] = address
    return found


def _with_originals(user, comments):
    """The Message-IDs of comments; of those that the reader sent by mail also the one under which they have it."""
    own = OriginalMail.objects.filter(comment__in=comments, comment__author=user)
    own = dict(own.values_list("comment", "message_id")) if comments else {}
    return [[message_id(one), *([own[one.pk]] if one.pk in own else [])] for one in comments]


def ancestors_of(comment):
    """The comments above one, the highest first, with the thread's first above all; of very deep ones the nearest."""
    places = [comment.path[at : at + PLACE] for at in range(0, len(comment.path) - PLACE, PLACE)]
    numbers = {int(place, 36) for place in places[-MOST_ANCESTORS:]} | {1}
    if comment.parent:
        numbers.add(comment.parent.number)
    found = Comment.objects.filter(thread=comment.thread_id, number__in=numbers - {comment.number})
    return list(found.only("pk").order_by("number"))


def _own_id(user, alone, notices):
    if alone and alone.comment and alone.event.verb in WRITING:
        return message_id(alone.comment)
    name = f"event-{alone.event_id}" if alone else f"digest-{user.pk}-{notices[0].pk}"
    return f"<{name}@{_host()}>"


def _place(subject):
    if subject is None:
        return "digest"
    key = subject.path.strip("/").split("/")[-1] if subject.kind == "thread" else subject.pk
    return f"{subject.kind}-{key}"


def _host():
    return urlsplit(settings.BASE_URL).hostname
