"""Claims of labs to entries, and what came of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from registry.labs.models import Lab
from registry.releases.models import Entry, Revision


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them: a claim changes who speaks in a published entry, so everybody may see that it was made."""
        return self.filter(entry__subject__hidden=False)

    def standing(self):
        return self.filter(state__in=Claim.STANDING)

    def with_all(self):
        waste = ("entry__draft", "entry__marks", "kept", "revision__content", "revision__html")
        related = ("entry__lab__subject", "entry__subject", "entry__created_by", "lab", "by", "disputed_by",
                   "decided_by", "revision")  # fmt: skip
        return self.select_related(*related).defer(*waste)


class Claim(models.Model):
    """That a lab whose domain was proved speaks, from then on, in an entry that third parties had curated about it."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        DISPUTED = "disputed", "Disputed"
        REFUSED = "refused", "Refused"

    STANDING = (State.IN_FORCE, State.DISPUTED)

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="claims")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="claims")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    disclosure = models.JSONField(default=dict)
    # What was proved when the claim was made, and the last revision of third parties.
    domain = models.CharField(max_length=253)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.IN_FORCE)
    disputed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    disputed_at = models.DateTimeField(null=True)
    dispute = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    # Unpublished drafts that gave way, so that nothing typed is lost: {"curator": content, "lab": content}.
    kept = models.JSONField(default=dict)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=["in_force", "disputed"]), name="one_standing_claim_per_entry"
            )
        ]
        indexes = [models.Index(fields=["state", "id"])]

    def __str__(self):
        return f"claim of {self.lab} to {self.entry}"

    def get_absolute_url(self):
        return reverse("claims:detail", args=[self.pk])

    @property
    def is_standing(self):
        return self.state in self.STANDING
