"""A publication shows what was declared of the draft."""

from django.dispatch import receiver

from registry.history.recording import recorded

from .actions import reveal_declarations


@receiver(recorded, dispatch_uid="reveal-declarations")
def show_declarations_of_published_entry(event, **_):
    if event.verb == "release.published":
        reveal_declarations(event.subject.entry)
