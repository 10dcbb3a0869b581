"""What an event concerns: every subject by which somebody may follow it, and the reason that this would be."""

from registry.analyses.models import Run
from registry.core.subjects import Subject
from registry.intents.models import Intent
from registry.replications.models import Replication

from .models import Notice

WRITING = {"thread.started", "comment.posted"}
# Whose followers are told. Edits, drafts, profiles and tokens are nobody's news.
TOLD = WRITING | {
    "release.published", "release.withdrawn", "release.revision_withdrawn", "release.claimed", "claim.disputed",
    "claim.refused", "claim.upheld", "fact.disputed", "fact.asserted", "fact.retracted", "norm.published",
    "norm.declared", "run.succeeded", "lab.registered", "lab.claimed", "lab.domain_proved", "workshop.opened",
    "session.added", "session.changed",
}  # fmt: skip
TOLD_SLICES = ("concern.", "replication.", "intent.")
# What happens to a letter, of which only those are told who may read it.
OF_LETTERS = {
    "letter.sent", "letter.entered", "letter.answered", "letter.date_changed", "letter.recalled", "letter.proposed",
    "letter.declined", "letter.opened",
}  # fmt: skip
WHOLE_OF = {"clause": "norm", "session": "workshop"}  # the key of a part begins with that of the whole
OF_ENTRY = {"run": Run, "replication": Replication, "intent": Intent}
Reason = Notice.Reason


def is_told(event):
    if event.verb in OF_LETTERS:
        return True
    return event.public and (event.verb in TOLD or event.verb.startswith(TOLD_SLICES))


def targets_of(event):
    """Subject id → the reason for which whoever follows it is told."""
    found = {event.subject_id: Reason.THREAD if event.subject.kind == "thread" else Reason.SUBJECT}
    refs = {event.subject.ref, event.data.get("about"), event.data.get("release")}
    refs = {ref for ref in refs if isinstance(ref, str)}
    refs |= {whole for ref in refs for whole in _wholes_of(ref)}
    for pk in Subject.objects.filter(ref__in=refs).values_list("pk", flat=True):
        found.setdefault(pk, Reason.SUBJECT)
    if event.lab_id:
        found.setdefault(event.lab_id, Reason.LAB)
    if event.actor:
        found.setdefault(event.actor.subject_id, Reason.PERSON)
    return found


def _wholes_of(ref):
    """What a thing is part of: the norm of a clause, the workshop of a session, the entry of a run or a report."""
    kind, _, key = ref.partition(":")
    if kind in WHOLE_OF:
        return [f"{WHOLE_OF[kind]}:{key.partition('/')[0]}"]
    if kind in OF_ENTRY and key.isdigit():
        return OF_ENTRY[kind].objects.filter(pk=key).values_list("entry__subject__ref", flat=True)
    return []
