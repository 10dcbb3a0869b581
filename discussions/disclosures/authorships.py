"""Who wrote what an entry is about: stated by the person or the entry's lab, and put right by the other side."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from discussions.threads.models import Authorship
from discussions.threads.ties import lab_of
from registry.core.errors import Conflict
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record

from .validators import clean_correction


@transaction.atomic
def name_author(subject, person, *, by):
    """State that somebody wrote what an entry is about; it stands beside what they write of it from now on."""
    require(by, "disclosures.name_author", (subject, person))
    take("correct", f"u{by.pk}", size=30, per_seconds=600)
    try:
        with transaction.atomic():
            made = Authorship.objects.create(subject=subject, user=person, by=by)
    except IntegrityError:
        raise Conflict("This is stated already.") from None
    _record("authorship.stated", made, by)
    return made


@transaction.atomic
def close_authorship(authorship, words, *, by):
    """Take back what one stated, or say as the other side that it is wrong; both stay on record."""
    require(by, "disclosures.close_authorship", authorship)
    words = clean_correction(words)
    open_still = Authorship.objects.filter(pk=authorship.pk, closed_at=None)
    if not open_still.update(closed_by=by, closed_at=timezone.now(), words=words):
        raise Conflict("This was taken back or called wrong already.")
    authorship.refresh_from_db()
    _record("authorship.closed", authorship, by)
    return authorship


def _record(verb, authorship, by):
    lab = lab_of(authorship.subject)
    record(
        verb, authorship.subject, by=by, lab=lab.subject if lab else None, person=authorship.user.handle,
        authorship=authorship.pk,
    )  # fmt: skip
