"""Facts go along with revisions, in the transaction that publishes them."""

from django.dispatch import receiver

from registry.history.recording import recorded
from registry.releases.models import Entry

from .actions import follow_revision
from .models import Fact


@receiver(recorded, dispatch_uid="facts-follow-revisions")
def keep_in_step(event, **_):
    if event.verb != "release.published":
        return
    # Most entries have none, and publishing must stay quick.
    if not Fact.objects.filter(entry__subject=event.subject).exists():
        return
    entry = Entry.objects.select_related("lab", "current").get(subject=event.subject)
    follow_revision(entry, entry.revisions.filter(number=entry.current.number - 1).only("content").first())
