"""What happens to an entry or to reports about it makes its clock due."""

from django.dispatch import receiver

from registry.core.statements import ask_along
from registry.history.recording import recorded

OF_DRAFTS = {"release.begun", "release.card_attached"}
DUE = """
INSERT INTO registry_entryclock (entry_id, due) SELECT {entry} FROM {table} WHERE subject_id = %s
ON CONFLICT (entry_id) DO UPDATE SET due = true
"""
OF = {
    "release": DUE.format(entry="id, true", table="registry_entry"),
    "replication": DUE.format(entry="entry_id, true", table="registry_replication"),
}


@receiver(recorded, dispatch_uid="entry-clocks-are-due")
def make_due(event, **_):
    if event.verb in OF_DRAFTS:
        return
    if statement := OF.get(event.subject.kind):
        ask_along(statement, [event.subject_id])
