"""Events: what was done, to what, by whom, when. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.core.subjects import Subject


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was done in public to what is public and in view, and what one did oneself."""
        shown = Q(public=True, subject__public=True, subject__hidden=False)
        if not user.is_authenticated:
            return self.filter(shown)
        # Whoever left a lab must not go on reading the titles of its drafts by way of what they did there.
        labs = Subject.objects.filter(lab__memberships__user=user)
        return self.filter(shown | Q(actor=user) & (Q(subject__public=True) | Q(lab__in=labs)))

    def about(self, subject):
        return self.filter(subject=subject)

    def with_people(self):
        """With who did it to what, but without what search finds subjects by, which is long."""
        waste = ("subject__text", "subject__words", "lab__text", "lab__words")
        return self.select_related("subject", "actor", "lab").defer(*waste)


class Event(models.Model):
    """One act. `data` holds what a reader needs to understand it without opening the thing."""

    verb = models.CharField(max_length=60)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="events"
    )
    # The lab that the act belongs to, by its subject, so that a lab's page can list what concerns it.
    lab = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="lab_events")
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"]),
            models.Index(fields=["lab", "-id"]),
            models.Index(fields=["actor", "-id"]),
        ]

    def __str__(self):
        return f"{self.verb} {self.subject.ref}"
