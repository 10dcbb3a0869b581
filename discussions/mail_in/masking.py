"""What must not become public with a text: secret addresses and links of ours, and addresses of people."""

import re

from django.conf import settings

OURS = r"[0-9a-z]{1,13}\.[0-9a-z]{1,13}\.[a-z2-7]{16}"
# Wherever a token of ours stands: in an address at any domain it was rewritten to, in a link, by itself.
SECRET = re.compile(
    rf"(?:mailto:)?(?:reply|unsubscribe|bounce)(?:\+|%2b)[0-9a-z.+_-]{{3,120}}(?:(?:@|%40)[\w.-]{{1,255}})?|"
    rf"(?:https?://[^\s<>()\[\]\"'`]{{1,200}}?/)?(?<![0-9a-z]){OURS}(?![0-9a-z])/?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?<![\w.+-])([\w.+%-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})(?![\w@])")
LEFT_OUT = "[left out]"


def mask(text, own=()):
    """`(text, whether something was masked)`: without secrets of ours, and without whole addresses of people.

    `own` are addresses that are left out altogether; of others the domain stays, by which a reader knows what is meant.
    A quoted line that holds a secret goes whole.
    """
    lines = [line for line in text.split("\n") if not (line.lstrip().startswith(">") and SECRET.search(line))]
    own = {address.lower() for address in own if "@" in address}

    def hide(found):
        ours = settings.MAIL_DOMAIN and found[2].lower() == settings.MAIL_DOMAIN.lower()
        return LEFT_OUT if ours or found[0].lower() in own else f"…@{found[2]}"

    masked = ADDRESS.sub(hide, SECRET.sub(LEFT_OUT, "\n".join(lines)))
    return masked, masked != text
