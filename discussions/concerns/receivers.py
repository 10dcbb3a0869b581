"""What moderation takes from view or moves, concerns follow, in the same transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded
from registry.intents.unanswered import tells_unanswered

from .facts import follow_moderation
from .models import Concern


@receiver(recorded, dispatch_uid="concerns-follow-moderation")
def keep_in_step(event, **_):
    if event.verb.startswith("moderation."):
        follow_moderation(event.subject)


@tells_unanswered
def those_that_wait(subject):
    """Title and page of every concern about a subject that waits for an answer, the oldest first."""
    waiting = Concern.objects.filter(about=subject).waiting().shown().select_related("opening").order_by("pk")
    return [(concern.shown_title, concern.get_absolute_url()) for concern in waiting]
