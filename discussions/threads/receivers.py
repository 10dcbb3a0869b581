"""A text that was published anew: the passages of it that comments speak of are to be looked for again."""

from django.db.models import Q
from django.dispatch import receiver

from registry.core.statements import Statement
from registry.history.recording import recorded

from .models import Anchor

# Most texts have none.
ANY = Statement(
    lambda text: Anchor.objects.filter(Q(subject=text) | Q(subject__clause__norm__subject=text)).values_list("pk")[:1],
    int,
)

@receiver(recorded, dispatch_uid="passages-due")
def look_for_passages_again(event, **_):
    if event.verb in {"release.published", "norm.published"} and ANY.first(event.subject_id):
        of_it = Q(subject=event.subject) | Q(subject__clause__norm__subject=event.subject)
        Anchor.objects.filter(of_it).update(due=True)
