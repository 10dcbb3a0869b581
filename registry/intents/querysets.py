"""Which intents somebody may see, and which are in which phase."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from registry.releases.querysets import SUBJECT_WASTE

GRACE_DAYS = 30  # after which a look-back that is due is overdue


class IntentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An intent is public from its announcement on, that about a draft too; what moderators took away is not."""
        return self.filter(subject__public=True, subject__hidden=False)

    def with_all(self):
        """With what pages and the API show of each; of its entry no more than where it stands."""
        waste = [f"{one}__{name}" for one in ("entry", "lab") for name in SUBJECT_WASTE]
        found = self.select_related(
            "lab__subject", "entry__lab", "entry__subject", "subject", "announced_by", "revision"
        )
        return found.defer(*waste, *SUBJECT_WASTE, "entry__draft", "entry__levels", "revision__content",
                           "revision__html")  # fmt: skip

    def of_public_entry(self, lab, slug):
        """Those about an entry that everybody may see: of a draft nobody learns by asking for it."""
        return self.filter(
            entry__lab__slug=lab, entry__slug=slug, entry__published_at__isnull=False, entry__subject__public=True,
            entry__subject__hidden=False,
        )  # fmt: skip

    def announced(self):
        return self.filter(state="announced")

    def open(self):
        """Those on which the comment window is open."""
        return self.announced().filter(closes_at__gt=timezone.now())

    def waiting(self):
        """Those with a concern that waits for an answer."""
        return self.announced().filter(subject__open_concerns__gt=0)

    def ready(self):
        """Those that nothing keeps from being made final: the window has closed, and every concern has an answer."""
        return self.announced().filter(closes_at__lte=timezone.now(), subject__open_concerns=0)

    def final(self):
        return self.filter(state="final")

    def withdrawn(self):
        return self.filter(state="withdrawn")

    def look_back_due(self):
        """Those whose look-back has come and is not written, overdue ones among them."""
        return self.final().filter(looked_back_at=None, look_back_on__lte=today())

    def look_back_overdue(self):
        return self.look_back_due().filter(look_back_on__lt=today() - timedelta(days=GRACE_DAYS))

    def current(self):
        """What a page about the lab or the artefact has to say: what is announced, and look-backs that are due."""
        return self.filter(
            models.Q(state="announced")
            | models.Q(state="final", looked_back_at=None, look_back_on__lte=today())
        )


def today():
    """Today in UTC: look-backs are due by it everywhere, so that pages, lists and the worker agree."""
    return timezone.now().date()
