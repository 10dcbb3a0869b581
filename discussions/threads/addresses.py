"""The address that answers one comment in one person's name: mail sent there becomes their reply.

`reply+<person>.<comment>.<signature>@<domain>`: numbers in base 36, 80 bits of signature, all in small letters because
mail servers may change case, and within the 64 characters that RFC 5321 gives a local part.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LOCAL = re.compile(r"reply\+([0-9a-z]{1,13})\.([0-9a-z]{1,13})\.([a-z2-7]{16})")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def reply_address(user, comment):
    """Where this person's mail answers this comment; "" where the site takes no mail."""
    if not settings.MAIL_DOMAIN:
        return ""
    person, answered = _digits(user.pk), _digits(comment.pk)
    return f"reply+{person}.{answered}.{_signature(person, answered)}@{settings.MAIL_DOMAIN}"


def read_reply_address(address):
    """The keys `(user, comment)` that an address of `reply_address` names, or None for any other."""
    local, _, domain = address.strip().lower().rpartition("@")
    found = LOCAL.fullmatch(local)
    if found is None or domain != settings.MAIL_DOMAIN.lower():
        return None
    person, answered, signature = found.groups()
    if not constant_time_compare(signature, _signature(person, answered)):
        return None
    return int(person, 36), int(answered, 36)


def _signature(person, answered):
    digest = salted_hmac("discussions.threads.addresses", f"{person}.{answered}", algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _digits(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
