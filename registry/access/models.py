"""Programmes, the requests made to them, and every step that each took."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registry.accounts.models import Affiliation
from registry.releases.models import Entry
from registry.releases.querysets import SUBJECT_WASTE


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Programmes of entries that everybody may see."""
        return self.filter(
            entry__published_at__isnull=False, entry__subject__public=True, entry__subject__hidden=False
        )

    def with_entry(self):
        waste = [f"entry__{name}" for name in ("draft", "marks", *SUBJECT_WASTE)]
        return self.select_related("entry__lab__subject", "entry__subject").defer(*waste)


class Programme(models.Model):
    """A lab's standing offer to give access to components of an entry to those who meet its criteria."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    # Names of components, such as ["weights_final"].
    components = models.JSONField(default=list)
    criteria = models.TextField()
    criteria_html = models.TextField()
    # Where requests are made elsewhere: an address; "" where they are made here.
    contact = models.CharField(max_length=500, blank=True)
    # [{"label", "kind", "help", "required"}], see `fields`.
    fields = models.JSONField(default=list)
    terms = models.TextField(blank=True)
    decided_within = models.PositiveSmallIntegerField(help_text="Days within which the lab means to decide.")
    lasts = models.PositiveSmallIntegerField(null=True, help_text="Days for which access lasts; none: no end.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=2000, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["entry", "id"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("access:programme", args=[self.pk])


class RequestQuerySet(models.QuerySet):
    def readable_by(self, user):
        """One's own, and those made to the labs for which one writes."""
        if not user.is_authenticated:
            return self.none()
        labs = user.memberships.filter(role__in=["owner", "editor"]).values("lab")
        of_lab = Q(programme__entry__lab__in=labs) & ~Q(programme__entry__origin="third_party")
        claimed = Q(programme__entry__lab__in=labs, programme__entry__claimed_at__isnull=False)
        return self.filter(Q(user=user) | of_lab | claimed)

    def with_programme(self):
        waste = [f"programme__entry__{name}" for name in ("draft", "marks", *SUBJECT_WASTE)]
        return self.select_related("programme__entry__lab__subject", "programme__entry__subject", "user").defer(*waste)


class AccessRequest(models.Model):
    """One person's request; what was asked and answered is kept as it was, whatever becomes of the programme."""

    class State(models.TextChoices):
        PENDING = "pending", "Waits for the lab"
        MORE = "more", "Waits for more information"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        APPEALED = "appealed", "Appealed"
        REVOKED = "revoked", "Revoked"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"

    WAITS_FOR_LAB = (State.PENDING, State.APPEALED)
    OVER = (State.REJECTED, State.REVOKED, State.EXPIRED, State.WITHDRAWN)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_requests")
    purpose = models.TextField()
    sector = models.CharField(max_length=13, choices=Affiliation.Sector.choices)
    # [{"label", "answer"}], as the form stood when it was sent.
    answers = models.JSONField(default=list)
    terms = models.TextField(blank=True)
    disclosure = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    since = models.DateTimeField()
    # Seconds for which it waited for the lab before it came into its state.
    waited = models.PositiveBigIntegerField(default=0)
    # The last decision of the lab, by whom, and when; what an appeal is decided by somebody else than.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Whether the lab accepted it at its last decision; none before the first.
    accepted = models.BooleanField(null=True)
    ends_at = models.DateTimeField(null=True)
    appeals = models.PositiveSmallIntegerField(default=0)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user"], name="one_request_at_a_time",
                condition=Q(state__in=["pending", "more", "accepted", "appealed"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["programme", "state", "-id"]),
            models.Index(fields=["ends_at"], name="access_that_ends", condition=Q(state="accepted")),
            models.Index(fields=["since"], name="access_left_waiting", condition=Q(state="more")),
        ]

    def __str__(self):
        return f"Request {self.pk}"

    def get_absolute_url(self):
        return reverse("access:request", args=[self.pk])


class Step(models.Model):
    """One change of a request: who, why, when. Only ever added."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=9, choices=AccessRequest.State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = [F("pk").asc()]

    def __str__(self):
        return f"{self.request_id}: {self.state}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A step is never changed.")
        super().save(*args, **kwargs)
