"""Votes on comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from discussions.threads.models import Comment
from registry.accounts.models import Affiliation


class VoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A vote is seen where its comment is."""
        return self.filter(comment__in=Comment.objects.visible_to(user))

    def with_people(self):
        return self.select_related("user", "comment")

    def for_earlier_text(self):
        """Those cast before the comment's last edit."""
        return self.filter(of_edit__lt=models.F("comment__edits"))


class Vote(models.Model):
    """What one person says of one comment on one axis. Another vote replaces it, taking it back removes it."""

    class Axis(models.TextChoices):
        HELPFUL = "helpful", "Whether it helps the discussion"
        AGREEMENT = "agreement", "Whether one agrees"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    axis = models.CharField(max_length=9, choices=Axis.choices)
    value = models.SmallIntegerField()
    # As `ties.disclosure_on` returned it when this was cast; never brought up to date.
    disclosure = models.JSONField(default=dict)
    # The organisation for which the person counts, by the key of its name, and its class; "" for none.
    organisation = models.CharField(max_length=240, blank=True)
    sector = models.CharField(max_length=13, choices=Affiliation.Sector.choices, blank=True)
    # How many edits the text had that the vote is about.
    of_edit = models.PositiveIntegerField()
    cast_at = models.DateTimeField()

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user", "axis"], name="one_vote_per_person_and_axis"),
            models.CheckConstraint(
                condition=Q(value=1) | Q(value=-1, axis="agreement"), name="votes_have_a_side"
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    def __str__(self):
        return f"{self.side} on {self.comment_id}"

    @property
    def side(self):
        """The word on its button."""
        return SIDE_OF[self.axis, self.value]

    @property
    def is_for_earlier_text(self):
        return self.of_edit < self.comment.edits


SIDES = {
    "helpful": (Vote.Axis.HELPFUL.value, 1),
    "agree": (Vote.Axis.AGREEMENT.value, 1),
    "disagree": (Vote.Axis.AGREEMENT.value, -1),
}
SIDE_OF = {what: side for side, what in SIDES.items()}
