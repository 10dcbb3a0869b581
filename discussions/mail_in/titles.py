"""The title of a discussion that a mail starts: its subject, without what programs put before it."""

import re

from discussions.threads.models import Thread
from registry.core.text import INVISIBLE, REFUSED

PREFIX = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|antw|sv|vs|vl|ref|rif|res|enc|tr|odp|pd|ynt|ilt|отв|ответ|回复|答复|转发|回覆|轉寄)"
    r"(?:\[\d{1,3}\])?\s?[:：]\s{0,3}|\[[^\]]{1,40}\]\s{0,3}(?=\S))",
    re.IGNORECASE,
)
LONGEST = Thread._meta.get_field("title").max_length


def title_of(subject):
    """A mail's subject as a title; "" where it has none."""
    title = REFUSED.sub(" ", subject)
    for _ in range(10):
        found = PREFIX.match(title)
        if not found:
            break
        title = title[found.end() :]
    title = " ".join(title.split())
    title = "" if all(sign in INVISIBLE or sign.isspace() for sign in title) else title
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…"
