"""A publication shows the files of samples that its revision names, in its own transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded

from .actions import show_samples


@receiver(recorded, dispatch_uid="show-samples")
def show_what_is_published(event, **_):
    if event.verb == "release.published":
        entry = event.subject.entry
        show_samples(entry, entry.current.content)
