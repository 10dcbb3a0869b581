"""What is done with files of samples: attach one to a draft; show those that a revision names."""

from django.db import transaction
from django.utils import timezone

from registry.core.errors import Invalid
from registry.core.files import StoredFile
from registry.core.rules import require
from registry.history.recording import record
from registry.releases.actions import save_draft

from .models import SampleFile
from .reading import index

MOST = 20
MOST_LINES = 5_000_000


@transaction.atomic
def attach_samples(entry, file, *, by, version=None):
    """Put a file of samples on the draft; unless a set of the draft names it, a new one does."""
    require(by, "releases.edit", entry)
    if file.kind != "samples":
        raise Invalid("This file was not uploaded as samples. Upload it with kind samples.", "file")
    known = entry.sample_files.filter(sha256=file.sha256).first()
    if known is None:
        if entry.sample_files.count() >= MOST:
            raise Invalid(f"An entry has at most {MOST} files of samples. Leave one out.", "file", "too_many")
        with file.open() as stream:
            lines, offsets = index(stream)
        if lines > MOST_LINES:
            raise Invalid(f"This file has {lines:,} lines; at most {MOST_LINES:,} can be read here.", "file")
        known = entry.sample_files.create(file=file, sha256=file.sha256, lines=lines, offsets=offsets)
    sets = entry.draft.get("samples", [])
    if not any(item.get("file") == file.sha256 for item in sets):
        draft = entry.draft | {"samples": [*sets, {"title": file.name, "file": file.sha256}]}
        save_draft(entry, draft, by=by, version=version, unfinished=True)
        record("release.samples_attached", entry.subject, by=by, lab=entry.lab.subject, public=False, file=file.pk)
    return known


def show_samples(entry, content):
    """Make public the attached files that a published content names, for good."""
    named = {item["file"] for item in content.get("samples", []) if item["file"]}
    if not named:
        return
    found = SampleFile.objects.filter(entry=entry, sha256__in=named, published_at__isnull=True)
    StoredFile.objects.filter(pk__in=found.values("file")).update(public=True)
    found.update(published_at=timezone.now())
