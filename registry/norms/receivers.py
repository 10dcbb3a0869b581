"""A publication shows what was declared of the draft."""

from django.dispatch import receiver

from registry.core.statements import Statement
from registry.history.models import Event
from registry.history.recording import Foreseen, recorded

from .actions import reveal_declarations

PRIVATE = Foreseen("release.published", Statement(
    lambda lab: Event.objects.filter(verb="norm.declared", public=False, lab=lab).values_list("pk")[:1], int
), "lab_id")  # fmt: skip


@receiver(recorded, dispatch_uid="reveal-declarations")
def show_declarations_of_published_entry(event, **_):
    if event.verb == "release.published" and PRIVATE.rows(event):
        reveal_declarations(event.subject.entry)
