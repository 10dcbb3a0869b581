"""Summaries, and who says that one is fair to their position."""

from django.conf import settings
from django.db import models

from discussions.threads.models import Thread

LEAST_COMMENTS = 20  # shorter discussions are read as quickly as their summary
MOST_POSITIONS = 6


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(hidden=False, thread__in=Thread.objects.visible_to(user))

    def with_people(self):
        found = self.select_related("by", "thread__about", "thread__subject").defer("thread__summary_html")
        return found.prefetch_related("fair_marks")


class Summary(models.Model):
    """What was said from one comment to another, in somebody's words. Never changed: the newest is the current one."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="summaries")
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    body = models.TextField()
    html = models.TextField()
    # The positions that it names, each in a line; referred to by their place, from 1.
    positions = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="summaries")
    disclosure = models.JSONField(default=dict)
    written_at = models.DateTimeField(auto_now_add=True)
    hidden = models.BooleanField(default=False)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "summaries"
        indexes = [models.Index(fields=["thread", "-id"])]

    def __str__(self):
        return f"summary of #{self.first_number} to #{self.last_number}"

    @property
    def name(self):
        return self.disclosure.get("display_name") or self.by.display_name

    def stated_positions(self):
        """Each position with its place and how many say that it is fairly put; `fair_marks` should be prefetched."""
        marks = [mark.position for mark in self.fair_marks.all()]
        return [{"number": n, "words": words, "fair": marks.count(n)} for n, words in enumerate(self.positions, 1)]


class Fair(models.Model):
    """Somebody's word that a summary puts a position of theirs fairly."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="fair_marks")
    position = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "position", "user"], name="one_fair_mark_per_position")
        ]

    def __str__(self):
        return f"position {self.position} of {self.summary_id} is fair to {self.user_id}"
