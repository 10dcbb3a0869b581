"""Which entries and revisions somebody may see, and in which order."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

# What a lab registered itself or has claimed; anything else is written by its curator.
THE_LABS = Q(origin="self_registered") | Q(claimed_at__isnull=False)
# What decides how the row of an entry looks in a list: the rest is that of its revision.
STATE = ("current_id", "lab__name", "subject__comment_count", "subject__open_concerns", "disputed", "withdrawn_at")
# What search finds a subject by: long, and shown nowhere.
SUBJECT_WASTE = ("subject__text", "subject__words")


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is published, and the drafts that one may work on."""
        if not user.is_authenticated:
            return self.published()
        own = THE_LABS & Q(lab__in=_labs_of(user)) | ~THE_LABS & Q(created_by=user)
        if user.is_moderator:
            own |= ~THE_LABS & Q(review_asked_at__isnull=False) & ~Q(lab__in=_labs_of(user))
        return self.filter(Q(published_at__isnull=False) | own)

    def editable_by(self, user):
        if not user.is_authenticated:
            return self.none()
        own = THE_LABS & Q(lab__in=_labs_of(user, ["owner", "editor"]))
        curated = ~THE_LABS & Q(created_by=user) & ~Q(lab__in=_labs_of(user))
        return self.filter(own | curated)

    def drafts_seen_by(self, user):
        """Whose working copy a person may read: drafts of their labs and their own, and what they may edit."""
        return self.visible_to(user).drafts() | self.editable_by(user)

    def published(self):
        return self.filter(published_at__isnull=False)

    def drafts(self):
        return self.filter(published_at__isnull=True)

    def with_lab(self):
        """With lab, subject and the current revision's number and date, but without its content."""
        waste = ("current__content", "current__html", *SUBJECT_WASTE)
        return self.select_related("lab", "subject", "current").defer(*waste)

    def with_current(self):
        return self.select_related("lab", "subject", "current__author", "current__card", "card", "created_by")

    def listed(self):
        """Without the working copy, which no list shows."""
        return self.select_related("lab", "subject").defer("draft", "marks", "facets", *SUBJECT_WASTE)

    def as_states(self, order):
        """Named tuples of what decides how a row of a list looks, and of what the list is ordered by."""
        return self.values_list(*dict.fromkeys(["pk", *STATE, *(name.lstrip("-") for name in order)]), named=True)

    def as_rows(self):
        """Drafts too, of which a list shows the title alone."""
        return self.with_lab().annotate(draft_title=KT("draft__title")).defer("draft", "marks", "facets")

    def awaiting_review(self):
        return self.filter(review_asked_at__isnull=False)

    def newest_decision_first(self):
        return self.order_by("-decided_on", "-pk")


def _labs_of(user, roles=None):
    memberships = user.memberships.all()
    return (memberships.filter(role__in=roles) if roles else memberships).values("lab")


class RevisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every revision of every entry that one may see; a revision is public by being one, until moderators take
        its entry from view."""
        if not user.is_authenticated:
            return self.filter(entry__published_at__isnull=False)
        own = Q(entry__origin="self_registered", entry__lab__in=_labs_of(user))
        own |= Q(entry__origin="third_party", entry__created_by=user)
        return self.filter(Q(entry__published_at__isnull=False) | own)

    def with_entry(self):
        waste = ("entry__draft", "entry__subject__text", "entry__subject__words")
        return self.select_related("entry__lab", "entry__subject", "author").defer(*waste)
