"""Recording: the last line of every action."""

from django.db import connection
from django.dispatch import Signal

from registry.core.statements import insert

from .models import Event

# Sent in the act's own transaction: listeners write rows, and what they write stands or falls with the act.
recorded = Signal()


def record(verb, subject, *, by, lab=None, public=True, **data):
    """Write the event of an act and tell later slices of it; must be called inside the act's transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb} must be recorded in the transaction of the act.")
    actor = by if by is not None and by.pk else None
    event = insert(Event(verb=verb, subject=subject, actor=actor, lab=lab, public=public, data=data))
    recorded.send(sender=Event, event=event)
    return event
