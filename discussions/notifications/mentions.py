"""Who is mentioned in a comment: `@handle`, outside of code, quotations and addresses."""

import re

from registry.accounts.models import HANDLE

MOST = 20
CODE = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)|`[^`\n]{1,400}`")
QUOTED = re.compile(r"(?m)^ {0,3}>.*$")
MENTION = re.compile(rf"(?<![\w@/.+-])@({HANDLE})(?![\w@-])")


def handles_in(event, comment):
    """The handles that an event of a comment names, else those in the comment's text, at most twenty."""
    if "mentions" in event.data:
        return list(event.data["mentions"])[:MOST]
    text = QUOTED.sub("", CODE.sub("", comment.body))
    return list(dict.fromkeys(MENTION.findall(text)))[:MOST]
