"""Taking a mail: a row for each of its recipients, in one transaction; whoever sent it is told so only then."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from registry.core.errors import TooMany
from registry.core.limits import take

from .limits import HEADER_END, MEGABYTE, TooMuch, check
from .message import read_headers
from .models import IncomingMail
from .routing import route_of

MOST_WAITING = 300 * MEGABYTE  # of all mails that no worker has read yet
AN_HOUR = 120  # mails of one sender


class Later(Exception):
    """There is no room at this moment: the sending server is to try again."""


class NobodyHere(ValueError):
    """No recipient of the mail is ours."""


def store(raw, recipients, envelope_sender=None):
    """Keep a mail for the worker; returns how many rows are new. One that came before is no error.

    Raises `NobodyHere`, `TooMuch` (never to be sent again) or `Later`.
    """
    check(raw, settings.MAIL_IN_MB * MEGABYTE)
    ours = list(dict.fromkeys(found for found in map(_as_ours, recipients) if found))
    if not ours:
        raise NobodyHere("Nobody takes mail at this address.")
    with transaction.atomic():
        _leave_room(len(raw) * len(ours), envelope_sender)
        digest = digest_of(raw)
        there = IncomingMail.objects.filter(digest=digest, recipient__in=ours).values_list("recipient", flat=True)
        new = set(ours) - set(there)
        IncomingMail.objects.bulk_create(
            [
                IncomingMail(digest=digest, recipient=one, envelope_sender=envelope_sender, raw=raw, size=len(raw))
                for one in sorted(new)
            ],
            ignore_conflicts=True,
        )
    return len(new)


def digest_of(raw):
    """Names a mail: by its Message-ID and sender, or by sender, date, subject and text where it has none."""
    head = read_headers(raw)
    if head.message_id:
        named = ["id", head.message_id, head.get("from")]
    else:
        end = HEADER_END.search(raw)
        body = hashlib.sha256(raw[end.end() :] if end else raw).hexdigest()
        named = ["text", head.get("from"), head.get("date"), head.get("subject"), body]
    return hashlib.sha256("\n".join(named).encode("utf-8", "replace")).hexdigest()


def _as_ours(address):
    address = address.strip().strip("<>").lower()
    return address if len(address) <= 320 and "\0" not in address and route_of(address) else None


def _leave_room(size, envelope_sender):
    waiting = IncomingMail.objects.filter(state=IncomingMail.State.RECEIVED).aggregate(size=Sum("size"))["size"] or 0
    if waiting + size > MOST_WAITING:
        raise Later("Too much mail waits to be read.")
    if envelope_sender:
        who = hashlib.sha256(envelope_sender.lower().encode("utf-8", "replace")).hexdigest()[:32]
        try:
            take("mail-in", who, size=AN_HOUR, per_seconds=3600)
        except TooMany:
            raise Later("So much mail of one sender is not taken within an hour.") from None


__all__ = ["Later", "NobodyHere", "TooMuch", "digest_of", "store"]
