"""A published revision in another format, and what that could not say."""

import hashlib
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from registry.norms.models import Declaration, Wording
from registry.releases.models import Entry, Revision

from .formats import FORMATS, Format
from .said import ABSENT, EXTENSION, LOOSE, OWN, leaves, losses, plain, told


@dataclass
class Source:
    """What an exporter may ask."""

    entry: Entry
    revision: Revision

    @cached_property
    def content(self):
        return told(self.revision.content)

    @cached_property
    def told_revision(self):
        """The revision with the remembering content, for what reads a revision."""
        found = copy(self.revision)
        found.content = self.content
        return found

    @cached_property
    def declarations(self):
        """What labs say of norms now, with the wording that it speaks of. "Not stated" is nothing to say."""
        found = list(
            Declaration.objects.current().filter(entry=self.entry).exclude(stance=Declaration.Stance.NO_ASSERTION)
            .select_related("clause__norm", "version__norm", "lab").order_by("clause__norm__number", "clause__number")
        )  # fmt: skip
        wordings = Wording.objects.filter(version__in={d.version_id for d in found})
        by_place = {(w.version_id, w.clause_id): w for w in wordings}
        for one in found:
            one.wording = by_place.get((one.version_id, one.clause_id))
        return found


@dataclass
class Export:
    """A finished file, its ETag, and the losses as read off its document."""

    format: Format
    filename: str
    body: bytes
    losses: list
    stated: int
    counts: dict = field(default_factory=dict)

    @property
    def etag(self):
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def export(entry, revision, made, declarations=None):
    """The revision in a format of `FORMATS`, whoever asks: revisions are public."""
    source = Source(entry, revision)
    if declarations is not None:
        source.declarations = declarations
    document = made.document(source)
    lost = losses(revision.content, document)
    stated = sum(1 for _ in leaves(revision.content))
    counts = {how: sum(loss.how == how for loss in lost) for how in (EXTENSION, LOOSE, ABSENT)}
    return Export(
        made, made.filename_for(entry, revision.number), made.render(plain(document)).encode(), lost, stated,
        {OWN: stated - len(lost), **counts},
    )  # fmt: skip


def formats_for(content):
    return [made for made in FORMATS.values() if made.fits(content)]
