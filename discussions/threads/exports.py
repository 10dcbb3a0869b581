"""A whole thread to take away: as JSON, and as a mailbox that mail programs open and thread.

No address of a person is in either: whoever answers a message of the mailbox writes to a name under `.invalid`,
which RFC 2606 keeps from ever being delivered to.
"""

import re
from base64 import encodebytes
from email.header import Header
from email.utils import format_datetime, formataddr
from quopri import encodestring

from django.conf import settings

from .message_ids import host, message_id_of
from .models import Comment
from .page import GONE
from .serializers import CommentSerializer, ThreadSerializer

LONGEST_LINE = 990  # RFC 5322 allows 998
MOST_REFERENCES = 20
FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)
# What is left of a comment that was taken from view; its place in the thread stays known.
KEPT = ("id", "thread", "parent", "number", "depth", "created_at", "url")


def as_json(thread):
    """The thread and its comments as the API gives them, the oldest first; of those taken from view only the place."""
    return {"thread": ThreadSerializer(thread).data, "comments": [_told(comment) for comment in _all(thread)]}


def as_mbox(thread):
    """The thread as a mailbox (RFC 4155, lines that begin with From quoted as in mboxrd), the oldest first."""
    above, messages = {}, []
    for comment in _all(thread):
        above[comment.pk] = [*above.get(comment.parent_id, []), comment.pk][-MOST_REFERENCES:]
        messages.append(_message(thread, comment, above[comment.pk][:-1]))
    return b"".join(messages)


def _all(thread):
    comments = Comment.objects.filter(thread=thread).select_related("author", "official_for")
    return comments.order_by("number")


def _told(comment):
    told = CommentSerializer(comment).data
    if comment.hidden:
        return {name: told[name] if name in KEPT else None for name in told} | {"hidden": True}
    return told | {"hidden": False}


def _message(thread, comment, above):
    name, handle = ("Taken from view", "nobody") if comment.hidden else (comment.name, comment.author.handle)
    sender = f"{handle}@{host()}.invalid"
    head = [
        f"From: {formataddr((name, sender))}",
        f"Date: {format_datetime(comment.created_at)}",
        "Subject: " + Header(("Re: " if above else "") + thread.title, None, 70, "Subject").encode(),
        f"Message-ID: {message_id_of(comment.pk)}",
    ]
    if above:
        head.append(f"In-Reply-To: {message_id_of(above[-1])}")
        head.append("References: " + "\n ".join(map(message_id_of, above)))
    head.append(f"Archived-At: <{settings.BASE_URL}{comment.get_absolute_url()}>")
    coding, body = _coded(_said(comment))
    head += ["MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', f"Content-Transfer-Encoding: {coding}"]
    text = "\n".join(head).encode("ascii", "replace") + b"\n\n" + body.rstrip(b"\n") + b"\n"
    began = f"From {sender} {comment.created_at:%a %b %e %H:%M:%S %Y}\n".encode()
    return began + FROM_LINE.sub(rb">\1", text) + b"\n"


def _said(comment):
    """The text as it was written, below the passage that it speaks of and what its author said of it since."""
    if comment.hidden:
        return GONE
    parts = []
    if comment.retracted_at:
        parts.append(f"[Retracted on {comment.retracted_at:%Y-%m-%d}: {comment.retraction}]")
    if passage := comment.passage:
        parts.append(f"> {passage['passage']}\n[This passage {passage['words']}.]")
    return "\n\n".join([*parts, comment.body])


def _coded(text):
    """The text in 7 bits, which is all that RFC 4155 lets a mailbox hold."""
    data = text.encode()
    if text.isascii() and max(map(len, text.split("\n"))) <= LONGEST_LINE:
        return "7bit", data
    if sum(byte > 127 for byte in data) * 3 > len(data):
        return "base64", encodebytes(data)
    return "quoted-printable", encodestring(data)
