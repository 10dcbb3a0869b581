"""Facts go along with revisions, in the transaction that publishes them."""

from django.dispatch import receiver

from registry.core.statements import Statement
from registry.history.recording import Foreseen, recorded

from .actions import follow_revision
from .models import Fact

ANY = Foreseen("release.published", Statement(
    lambda subject: Fact.objects.filter(entry__subject=subject).values_list("pk")[:1], int
), "subject_id")  # fmt: skip


@receiver(recorded, dispatch_uid="facts-follow-revisions")
def keep_in_step(event, **_):
    if event.verb != "release.published":
        return
    # Most entries have none, and publishing must stay quick.
    if not ANY.rows(event):
        return
    entry = event.subject.entry
    follow_revision(entry, entry.revisions.filter(number=entry.current.number - 1).only("content").first())
