"""What happens to an entry or to reports about it makes its clock due."""

from django.dispatch import receiver

from registry.history.recording import recorded
from registry.releases.models import Entry
from registry.replications.models import Replication

from .models import EntryClock

OF_DRAFTS = {"release.begun", "release.card_attached"}


@receiver(recorded, dispatch_uid="entry-clocks-are-due")
def make_due(event, **_):
    if event.verb in OF_DRAFTS:
        return
    kind, entry = event.subject.kind, None
    if kind == "release":
        entry = Entry.objects.filter(subject=event.subject_id).values_list("pk", flat=True).first()
    elif kind == "replication":
        entry = Replication.objects.filter(subject=event.subject_id).values_list("entry", flat=True).first()
    if entry is not None:
        clock = EntryClock(entry_id=entry, due=True)
        EntryClock.objects.bulk_create([clock], update_conflicts=True, unique_fields=["entry"], update_fields=["due"])
