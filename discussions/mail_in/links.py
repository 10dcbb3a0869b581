"""The link by which somebody says that a mail is theirs: `<mail>.<person>.<signature>`, in small letters.

It comes by mail to an address that they have confirmed; whoever reads that can say what a password could.
"""

import base64
import re

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from .models import IncomingMail

TOKEN = re.compile(r"([0-9a-z]{1,12})\.([0-9a-z]{1,12})\.([a-z2-7]{16})")


def token_for(mail):
    named = f"{int_to_base36(mail.pk)}.{int_to_base36(mail.person_id)}"
    return f"{named}.{_signature(named)}"


def mail_of(token):
    """The mail that a token stands for, as long as it is its person's and can be settled; else None."""
    found = TOKEN.fullmatch(token)
    if found is None or not constant_time_compare(found[3], _signature(f"{found[1]}.{found[2]}")):
        return None
    pk, person = base36_to_int(found[1]), base36_to_int(found[2])
    mails = IncomingMail.objects.filter(pk=pk, person=person, person__is_active=True)
    return mails.exclude(state__in=["received", "ignored", "done"]).with_place().select_related("person").first()


def _signature(named):
    digest = salted_hmac("discussions.mail_in.links", named, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()
