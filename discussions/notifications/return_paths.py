"""Where mail that cannot be delivered comes back to: `bounce+<person>.0.<signature>@<domain>`, signed for one person.

A bounce that comes anywhere else counts for nothing, since anybody can write one.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

LOCAL = re.compile(r"bounce\+([0-9a-z]{1,12})\.0\.([a-z2-7]{16})")


def return_path(user):
    """The envelope sender of mail to somebody; "" where the site takes no mail."""
    if not settings.MAIL_DOMAIN:
        return ""
    person = int_to_base36(user.pk)
    return f"bounce+{person}.0.{_signature(person)}@{settings.MAIL_DOMAIN}"


def read_return_path(address):
    """The person whom `return_path` named, or None for any other address."""
    local, _, domain = address.strip().lower().rpartition("@")
    found = LOCAL.fullmatch(local)
    if found is None or domain != settings.MAIL_DOMAIN.lower():
        return None
    return base36_to_int(found[1]) if constant_time_compare(found[2], _signature(found[1])) else None


def _signature(person):
    digest = salted_hmac("discussions.notifications.return_paths", person, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()
