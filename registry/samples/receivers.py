"""A publication shows the files of samples that its revision names, in its own transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded
from registry.releases.models import Entry

from .actions import show_samples


@receiver(recorded, dispatch_uid="show-samples")
def show_what_is_published(event, **_):
    if event.verb == "release.published":
        entry = Entry.objects.select_related("current").get(subject=event.subject)
        show_samples(entry, entry.current.content)
