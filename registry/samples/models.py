"""Files of samples that stand on entries."""

from django.db import models

from registry.core.files import StoredFile
from registry.releases.models import Entry

from .querysets import SampleFileQuerySet


class SampleFile(models.Model):
    """A file of samples on an entry, with an index of its lines; seen by others once `published_at` is set."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sample_files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="sample_files")
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    # Where every `reading.STEP`th line begins, in bytes.
    offsets = models.JSONField(default=list)
    attached_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    objects = SampleFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "sha256"], name="one_sample_file_per_digest")]

    def __str__(self):
        return self.file.name

    def get_absolute_url(self):
        return f"{self.entry.get_absolute_url()}samples/{self.digest}/"

    @property
    def digest(self):
        """As much of the digest as an address needs."""
        return self.sha256[:12]
