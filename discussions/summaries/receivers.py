"""A summary that moderation takes from view leaves the discussion's page in the same transaction."""

from django.dispatch import receiver

from discussions.threads.models import Thread
from registry.history.recording import recorded

from .actions import show


@receiver(recorded, dispatch_uid="summaries-follow-moderation")
def show_what_is_left(event, **_):
    if event.verb.startswith("moderation."):
        for thread in Thread.objects.filter(summaries__hidden=True).distinct():
            show(thread)
