"""Recording: the last line of every action."""

from collections import defaultdict
from operator import attrgetter

from django.db import connection
from django.dispatch import Signal

from registry.core.statements import insert, insert_along

from .models import Event

_foreseen = defaultdict(list)


class Foreseen:
    """A question that a listener asks of every event of a verb, and to which the answer is nearly always: nothing.

    Those of all listeners are sent at once, since each by itself would be a journey to the database. `value` names what
    of the event is asked about, such as "subject_id".
    """

    def __init__(self, verb, statement, value):
        self.statement, self.value = statement, attrgetter(value)
        _foreseen[verb].append(self)

    def ask(self, event):
        event.answers[self] = self.statement.along(self.value(event))

    def rows(self, event):
        if self not in event.answers:  # an event of another verb
            self.ask(event)
        return event.answers[self].rows


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
    event.answers = {}
    for question in _foreseen.get(verb, ()):
        question.ask(event)
    recorded.send(sender=Event, event=event)
    return event
