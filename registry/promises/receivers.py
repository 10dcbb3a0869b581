"""A publication brings the promises of its entry in step, in its own transaction."""

from django.dispatch import receiver

from registry.core.statements import Instances
from registry.history.recording import Foreseen, recorded

from .actions import read_promises
from .models import Promise

KNOWN = Foreseen("release.published", Instances(
    lambda about: Promise.objects.filter(entry__subject=about), int
), "subject_id")  # fmt: skip


@receiver(recorded, dispatch_uid="read-promises")
def read_what_is_published(event, **_):
    if event.verb == "release.published":
        entry = event.subject.entry
        read_promises(entry, entry.current, KNOWN.statement.made(KNOWN.rows(event)))
