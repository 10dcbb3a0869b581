"""Corrections of disclosures."""

from django.conf import settings
from django.db import models

from discussions.threads.models import Comment


class DisclosureCorrection(models.Model):
    """What an author says was wrong or missing in what stands beside a comment; never changed or deleted."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="disclosure_corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="disclosure_corrections")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["comment", "pk"]

    def __str__(self):
        return f"correction {self.pk} of {self.comment_id}"
