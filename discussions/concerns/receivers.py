"""What moderation takes from view or moves, concerns follow, in the same transaction."""

from django.dispatch import receiver

from registry.history.recording import recorded

from .facts import follow_moderation


@receiver(recorded, dispatch_uid="concerns-follow-moderation")
def keep_in_step(event, **_):
    if event.verb.startswith("moderation."):
        follow_moderation(event.subject)
