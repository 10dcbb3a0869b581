"""Whether what a button sent is a vote."""

import re

from registry.core.errors import Invalid

from .models import SIDES

SENT = re.compile(rf"(\d{{1,18}}) ({'|'.join(SIDES)})( off)?", re.ASCII)


def read_vote(text):
    """`(key of the comment, side, whether the vote is taken back)` of "12 agree" or "12 agree off"."""
    found = SENT.fullmatch(text)
    if found is None:
        raise Invalid("This is no vote. Go back and press one of the buttons below a comment.")
    return int(found[1]), found[2], bool(found[3])
