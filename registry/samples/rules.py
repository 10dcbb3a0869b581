"""Who may read a file of samples before it is published."""

from registry.core.files import shows_files
from registry.releases.models import Entry

from .models import SampleFile


@shows_files
def samples_of_drafts(user):
    """Whoever may read a draft may read the samples on it."""
    return SampleFile.objects.of_drafts(Entry.objects.drafts_seen_by(user)).values("file")
