"""How a comment is named in mail and in mailboxes, so that both thread alike in every reader."""

import re
from urllib.parse import urlsplit

from django.conf import settings


def message_id(comment):
    """`<comment-12@host>`, the same for ever."""
    return message_id_of(comment.pk)


def message_id_of(pk):
    """The same by a comment's key, where there is no object."""
    return f"<comment-{pk}@{host()}>"


def comment_of(named):
    """The key of the comment that a Message-ID of ours names, or None for any other."""
    found = re.fullmatch(r"<comment-([0-9]{1,18})@([^@>]{1,255})>", named)
    return int(found[1]) if found and found[2].lower() == host().lower() else None


def host():
    """The name of this site as the right side of an address; that of a numeric address is bent to a name."""
    name = (urlsplit(settings.BASE_URL).hostname or "localhost").replace(":", "-")
    return name if name.isascii() else name.encode("idna").decode()
