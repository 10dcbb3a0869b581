"""A publication brings the promises of its entry in step, in its own transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded
from registry.releases.models import Entry

from .actions import read_promises


@receiver(recorded, dispatch_uid="read-promises")
def read_what_is_published(event, **_):
    if event.verb == "release.published":
        entry = Entry.objects.select_related("current").get(subject=event.subject)
        read_promises(entry, entry.current)
