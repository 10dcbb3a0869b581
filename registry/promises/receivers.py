"""A publication brings the promises of its entry in step, in its own transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded

from .actions import read_promises


@receiver(recorded, dispatch_uid="read-promises")
def read_what_is_published(event, **_):
    if event.verb == "release.published":
        entry = event.subject.entry
        read_promises(entry, entry.current)
