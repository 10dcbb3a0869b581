"""A report is found by search and told of in events only while its entry is public and in view."""

from django.dispatch import receiver

from registry.core.subjects import Subject
from registry.history.recording import recorded


@receiver(recorded, dispatch_uid="replications-follow-their-entry")
def keep_in_step(event, **_):
    about = event.subject
    if about.kind != "release":
        return
    seen = Subject.objects.only("public", "hidden").get(pk=about.pk)
    public = seen.public and not seen.hidden
    Subject.objects.filter(replication__entry__subject=about).exclude(public=public).update(public=public)
