"""Stored files: kept under generated keys by the deployment's file store, identified by their digest."""

import codecs
import hashlib
import secrets
import unicodedata

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse

from .errors import Invalid, Missing, TooLarge

LIMITS = {  # bytes
    "model_card": 2_000_000,  # what the analysis of cards takes
    "samples": 64 * 1024 * 1024,
    "reference": 64 * 1024 * 1024,
    "corpus": 512 * 1024 * 1024,
    "sketch": 512 * 1024 * 1024,
    "attachment": 16 * 1024 * 1024,
}
LARGEST = max(LIMITS.values())
TEXT_KINDS = {"model_card", "samples", "reference", "corpus"}
# Read as a whole by people and by the analysis; of lines of texts, the broken ones are reported and the rest is used.
UTF8_KINDS = {"model_card"}


class FileKind(models.TextChoices):
    MODEL_CARD = "model_card", "Model card"
    SAMPLES = "samples", "Generated samples"
    REFERENCE = "reference", "Human reference texts"
    CORPUS = "corpus", "Training text"
    SKETCH = "sketch", "Corpus sketch"
    ATTACHMENT = "attachment", "Attachment"


_shown = []


def shows_files(seen_by):
    """Register a function of a person that gives the ids of files which they see because of where these stand."""
    _shown.append(seen_by)
    return seen_by


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What something published shows, one's own, and what stands on a draft that one may see."""
        seen = Q(public=True)
        if user.is_authenticated:
            seen |= Q(owner=user)
            for seen_by in _shown:
                seen |= Q(pk__in=seen_by(user))
        return self.filter(seen)


class StoredFile(models.Model):
    """One upload. Private to its owner until something published shows it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20, choices=FileKind.choices)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    public = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("download", args=[self.pk])

    def open(self):
        """The bytes as a stream, or `Missing`; the row outlives a store that lost them."""
        try:
            return default_storage.open(self.key, "rb")
        except FileNotFoundError:
            said = f"The file {self.name} is no longer in the store of this site. Tell its operator; its row is kept."
            raise Missing(said) from None

    def read(self):
        with self.open() as source:
            return source.read()


def store_file(upload, *, kind, by):
    """Keep an upload; the same bytes by the same person under the same kind and name are kept once.

    Raises `Invalid` where it is empty, not text where text is asked for, or more than one person may keep, and
    `TooLarge` where it is too large for its kind.
    """
    if kind not in FileKind.values:
        raise Invalid(f"Choose a kind of file: {', '.join(FileKind.values)}.", "kind")
    name = clean_name(getattr(upload, "name", "") or "file")
    digest, size = _measure(upload, kind, name)
    known = StoredFile.objects.filter(owner=by, kind=kind, sha256=digest, name=name).first()
    if known:
        return known
    _check_quota(by, size)
    key = default_storage.save(f"{kind}/{digest[:2]}/{secrets.token_hex(16)}", upload)
    # A large upload was a temporary file that has been moved into place; it must not try to remove itself later.
    upload.close()
    return StoredFile.objects.create(owner=by, kind=kind, name=name, key=key, sha256=digest, size=size)


def sweep_store(before):
    """Remove from the store what was put there before a moment and no row names: uploads of acts that came to nothing.

    Returns how many.
    """
    swept = 0
    for kind in FileKind.values:
        for shelf in _listed(kind)[0]:
            keys = [f"{kind}/{shelf}/{name}" for name in _listed(f"{kind}/{shelf}")[1]]
            named = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
            for key in sorted(set(keys) - named):
                if default_storage.get_modified_time(key) < before:
                    default_storage.delete(key)
                    swept += 1
    return swept


def _listed(folder):
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def clean_name(name):
    """A file name fit to show: last path part, no control or direction characters, at most 150 characters."""
    last = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return shown[:150] or "file"


def _check_quota(owner, size):
    """Two uploads at the same moment may both fit and together go over; the next one is refused."""
    kept = StoredFile.objects.filter(owner=owner).aggregate(Sum("size"))["size__sum"] or 0
    most = settings.FILE_QUOTA_MB * 1_000_000
    if kept + size > most:
        kept, most = (f"{count // 1_000_000:,} MB" for count in (kept, most))
        said = f"Your files here take {kept}, and those of one person may take {most}."
        raise Invalid(f"{said} This one does not fit any more; ask the operator of the site for room.", "file", "quota")


def _measure(upload, kind, name):
    limit, size, sha, text = LIMITS[kind], 0, hashlib.sha256(), kind in TEXT_KINDS
    decoder = codecs.getincrementaldecoder("utf-8")() if kind in UTF8_KINDS else None
    for chunk in upload.chunks():
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"{name} is larger than the {limit // 1_000_000} MB allowed for this kind of file.", "file")
        if text and b"\0" in chunk:
            raise Invalid(f"{name} is not a text file: it holds NUL bytes. Save it as UTF-8 text.", "file")
        if decoder:
            _check_utf8(decoder, chunk, name)
        sha.update(chunk)
    if not size:
        raise Invalid(f"{name} is empty. Choose a file with something in it.", "file")
    if decoder:
        _check_utf8(decoder, b"", name, final=True)
    upload.seek(0)
    return sha.hexdigest(), size


def _check_utf8(decoder, chunk, name, final=False):
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        odd = error.object[error.start : error.end].hex(" ")
        said = f"{name} is not UTF-8 text (it holds the byte {odd}), so some of its characters cannot be read."
        raise Invalid(f"{said} Save it as UTF-8 in your editor and choose it again.", "file", "encoding") from None
