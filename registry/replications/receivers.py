"""A report is found by search and told of in events only while its entry is public and in view."""

from django.dispatch import receiver

from registry.core.statements import Statement
from registry.core.subjects import Subject
from registry.history.recording import Foreseen, recorded

from .models import Replication

# Asked at every act on an entry, and most have no report.
ANY = Foreseen("release.published", Statement(
    lambda about: Replication.objects.filter(entry__subject=about).values_list("pk")[:1], int
), "subject_id")  # fmt: skip


@receiver(recorded, dispatch_uid="replications-follow-their-entry")
def keep_in_step(event, **_):
    about = event.subject
    if about.kind != "release" or not ANY.rows(event):
        return
    seen = Subject.objects.only("public", "hidden").get(pk=about.pk)
    public = seen.public and not seen.hidden
    Subject.objects.filter(replication__entry__subject=about).exclude(public=public).update(public=public)
