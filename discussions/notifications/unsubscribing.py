"""The links by which somebody ends mail without signing in: `<person>.<subject>.<signature>`, in small letters.

The subject is 0 for all mail. A link works for ever, since mails are kept for ever; all it can do is stop mail.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

TOKEN = re.compile(r"([0-9a-z]{1,12})\.([0-9a-z]{1,12})\.([a-z2-7]{16})")


def token_for(user, subject=None):
    """What a link or address must hold to stop mail to somebody about a subject, or (without one) all of it."""
    named = f"{int_to_base36(user.pk)}.{int_to_base36(subject.pk if subject else 0)}"
    return f"{named}.{_signature(named)}"


def read_token(token):
    """The keys `(user, subject)` of a token, subject None for all mail; None where it is not one of ours."""
    found = TOKEN.fullmatch(token.strip().lower())
    if found is None or not constant_time_compare(found[3], _signature(f"{found[1]}.{found[2]}")):
        return None
    return base36_to_int(found[1]), base36_to_int(found[2]) or None


def mail_address(token):
    """The address at which a mail does the same as the link; "" where the site takes no mail."""
    return f"unsubscribe+{token}@{settings.MAIL_DOMAIN}" if settings.MAIL_DOMAIN else ""


def read_mail_address(address):
    """What `read_token` says of an address that `mail_address` gave, or None for any other."""
    local, _, domain = address.strip().lower().rpartition("@")
    if not local.startswith("unsubscribe+") or domain != settings.MAIL_DOMAIN.lower():
        return None
    return read_token(local.removeprefix("unsubscribe+"))


def _signature(named):
    digest = salted_hmac("discussions.notifications.unsubscribing", named, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()
