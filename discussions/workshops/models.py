"""Workshops and their sessions."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registry.core.days import FIRST_YEAR, LAST_YEAR
from registry.core.subjects import Subject
from registry.labs.models import SLUG

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class WorkshopQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self


class Workshop(models.Model):
    """A meeting with a programme, co-located with a conference."""

    slug = models.CharField(max_length=60, unique=True, validators=[RegexValidator(f"^{SLUG}$")])
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=600, blank=True)
    colocated_with = models.CharField(max_length=200, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=50, default="UTC")
    starts_on = models.DateField()
    ends_on = models.DateField()
    chairs = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="chaired_workshops")
    created_at = models.DateTimeField(auto_now_add=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="workshop")

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__gte=FIRST_DAY, ends_on__lte=LAST_DAY, starts_on__lte=F("ends_on")),
                name="workshop_days_are_real",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:detail", args=[self.slug])


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self

    def in_programme_order(self):
        return self.order_by("starts_at", "room", "pk")


class Session(models.Model):
    """One item of a programme: points at what it discusses, and has a thread of its own."""

    class Kind(models.TextChoices):
        TALK = "talk", "Talk"
        PANEL = "panel", "Panel"
        DISCUSSION = "discussion", "Discussion"
        BALLOT = "ballot", "Ballot"
        BREAK = "break", "Break"

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DISCUSSION)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.CharField(max_length=80, blank=True)
    abstract = models.TextField(blank=True)
    abstract_html = models.TextField(blank=True)
    speakers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="sessions_spoken", blank=True)
    topics = models.ManyToManyField(Subject, related_name="sessions_about", blank=True)
    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="session")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            # A day more on either side: the years are those of the workshop's own zone.
            models.CheckConstraint(
                condition=Q(
                    starts_at__gte=datetime(FIRST_YEAR - 1, 12, 31, tzinfo=UTC),
                    ends_at__lt=datetime(LAST_YEAR + 1, 1, 2, tzinfo=UTC),
                    starts_at__lt=F("ends_at"),
                ),
                name="session_times_are_real",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:session", args=[self.workshop.slug, self.pk])
