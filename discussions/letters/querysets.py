"""Which letters somebody may read, and which placeholders everybody sees."""

from django.db import models
from django.db.models import Q

from registry.labs.models import Membership

from .chairs import as_chair

UNREAD = ("text", "words")  # of a subject: what search finds it by, which can be long
SPEAKERS = (Membership.Role.OWNER, Membership.Role.EDITOR)


class LabLetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What has a page for this person: the letters they may read, and what is public of all others."""
        return self.filter(_announced() | _readable(user))

    def readable_by(self, user):
        """Those whose text somebody may read, as long as it is no discussion yet."""
        return self.filter(_readable(user))

    def read_as_chair(self, user):
        """Those that somebody reads though they are on neither side."""
        return self.filter(as_chair(user)).exclude(state="public").exclude(sender=user)

    def announced(self):
        """What everybody sees: placeholders of dated letters, and what became of them."""
        return self.filter(_announced())

    def waiting(self):
        return self.filter(state="waiting")

    def due(self, now):
        return self.waiting().filter(opens_at__lte=now)

    def on(self, subject):
        return self.filter(about=subject)

    def sent_by(self, user):
        return self.filter(sender=user)

    def to_lab(self, lab):
        return self.filter(lab=lab)

    def with_place(self):
        """With what it is about and whom it concerns."""
        found = self.select_related(
            "about", "lab__subject", "sender", "thread__about", "thread__started_by", "subject", "entered_by"
        )
        subjects = ("about", "lab__subject", "thread__about", "subject")
        return found.defer("thread__summary_html", *(f"{name}__{waste}" for name in subjects for waste in UNREAD))


class LetterProposalQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state="open")

    def agreed(self):
        return self.filter(state="consented")


def _announced():
    """The placeholder of a dated letter for ever, a published one as long as its discussion is in view."""
    in_view = Q(about__public=True, about__hidden=False)
    dated = Q(visibility="dated", state__in=["waiting", "withdrawn"])
    public = Q(state="public", thread__hidden=False, thread__about__public=True, thread__about__hidden=False)
    return (in_view & dated) | public


def _readable(user):
    """The two sides; chairs without ties, except where the letter was written elsewhere and nobody reported it."""
    if not user.is_authenticated or user.is_suspended:
        return Q(pk__in=[])
    labs = Membership.objects.filter(user=user, role__in=SPEAKERS).values("lab")
    return Q(sender=user) | Q(lab__in=labs) | as_chair(user)
