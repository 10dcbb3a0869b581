"""Recording: the last line of every action."""

from django.db import connection
from django.dispatch import Signal

from registry.core.statements import insert, insert_along

from .models import Event

# Sent in the act's own transaction: listeners write rows, and what they write stands or falls with the act.
recorded = Signal()


def record(verb, subject, *, by, lab=None, public=True, key=None, **data):
    """Write the event of an act and tell later slices of it; must be called inside the act's transaction.

    `key` is the event's own where the act has taken one before: then nothing is waited for.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb} must be recorded in the transaction of the act.")
    actor = by if by is not None and by.pk else None
    event = Event(pk=key, verb=verb, subject=subject, actor=actor, lab=lab, public=public, data=data)
    insert_along(event) if key else insert(event)
    recorded.send(sender=Event, event=event)
    return event
