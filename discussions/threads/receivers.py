"""A text that was published anew: the passages of it that comments speak of are to be looked for again."""

from django.db.models import Q
from django.dispatch import receiver

from registry.core.statements import Statement
from registry.history.recording import Foreseen, recorded

from .models import Anchor

# Most texts have none.
ANY = Foreseen("release.published", Statement(
    lambda text: Anchor.objects.filter(Q(subject=text) | Q(subject__clause__norm__subject=text)).values_list("pk")[:1],
    int,
), "subject_id")  # fmt: skip


@receiver(recorded, dispatch_uid="passages-due")
def look_for_passages_again(event, **_):
    if event.verb in {"release.published", "norm.published"} and ANY.rows(event):
        of_it = Q(subject=event.subject) | Q(subject__clause__norm__subject=event.subject)
        Anchor.objects.filter(of_it).update(due=True)
