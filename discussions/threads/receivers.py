"""A text that was published anew: the passages of it that comments speak of are to be looked for again."""

from django.db.models import Q
from django.dispatch import receiver

from registry.history.recording import recorded

from .models import Anchor


@receiver(recorded, dispatch_uid="passages-due")
def look_for_passages_again(event, **_):
    if event.verb in {"release.published", "norm.published"}:
        of_it = Q(subject=event.subject) | Q(subject__clause__norm__subject=event.subject)
        Anchor.objects.filter(of_it).update(due=True)
