"""`MAIL_IN`: where mail is taken."""

import re

NAMED = re.compile(r"(?:(?:smtp|lmtp)://)?(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})/?")


def read_address(text):
    """`(host, port)` of `HOST:PORT`, with or without `smtp://` before it; None where that is not what it says."""
    found = NAMED.fullmatch(text.strip())
    if found is None or not 0 <= int(found[2]) < 65536:
        return None
    return found[1].strip("[]"), int(found[2])
