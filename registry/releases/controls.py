"""Two pairs of eyes: who approved exactly this draft, and whether it may be published without anybody's approval.

A lab may ask for it in its settings. A draft that somebody curates who is no moderator always needs it, from a
moderator without ties to the lab. An approval is of a digest, so a draft that changes is no longer approved.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.free_text import fit_lines
from registry.core.rules import allows, require
from registry.core.statements import Instances, Statement
from registry.history.recording import record

from .checking import problems_for_publication, validate
from .content import normalise
from .models import Approval, Entry, PlannedPublication

MOST_REASON = 2_000
LOCK = Statement(lambda pk: Entry.objects.select_for_update(of=["self"]).filter(pk=pk).values_list("pk"), int)
PLANNED = PlannedPublication.objects.filter(entry=OuterRef("pk"), state="waiting").values("at")[:1]
HELD = Instances(
    lambda pk: Entry.objects.select_related(
        "current", "subject", "lab__subject", "card", "created_by", "draft_saved_by"
    ).annotate(planned_at=Subquery(PLANNED)).filter(pk=pk),
    int,
)  # fmt: skip
APPROVALS = Instances(
    lambda entry, digest: Approval.objects.filter(entry=entry, digest=digest).select_related("by"), int, str
)


def held(entry):
    """The row as it is now, held until the act is done; `planned_at` is when a publication is planned, or None."""
    # Locked first and read after: what is joined to a row that was waited for is as it was before the wait.
    LOCK.along(entry.pk)
    return HELD.get(entry.pk)


def approval_needed(entry):
    """Whether somebody else must approve what is to be published."""
    return entry.lab.needs_approval if entry.is_the_labs else not entry.created_by.is_moderator


def approvals_of(entry, content_digest, *, publisher=None):
    """Who approved just this content and may still do so; the publisher's own does not count."""
    given = (one for one in APPROVALS.all(entry.pk, content_digest) if one.by != publisher)
    return [approval for approval in given if allows(approval.by, "releases.approve", entry)]


def check_approved(entry, content_digest, *, by):
    """The approvers to be named on the revision; raises `Conflict` where one is needed and nobody approved this."""
    found = approvals_of(entry, content_digest, publisher=by)
    if approval_needed(entry) and not found:
        whose = f"Another member of {entry.lab}" if entry.is_the_labs else "A moderator"
        raise Conflict(f"{whose} must approve exactly this draft first. Nothing was published; the draft is as it was.")
    names = ({"handle": a.by.handle, "display_name": a.by.display_name, "at": a.at.isoformat()} for a in found)
    return list(names)


@transaction.atomic
def approve(entry, *, by, version):
    """Say that one read this version of the draft and would publish just this; `Stale` where it changed since."""
    require(by, "releases.approve", entry)
    locked = held(entry)
    require(by, "releases.approve", locked)
    if version != locked.draft_version:
        raise _changed(locked, version)
    content = normalise(locked.draft)
    if validate(content) or problems_for_publication(content):
        raise Conflict("This draft cannot be published yet, so there is nothing to approve.")
    approval, new = locked.approvals.get_or_create(
        digest=digest(content), by=by, defaults={"version": locked.draft_version}
    )
    if new:
        record(
            "release.approved", locked.subject, by=by, lab=locked.lab.subject, public=False, version=approval.version,
            digest=approval.digest,
        )  # fmt: skip
        if not locked.is_the_labs:
            _write_to_curator(locked, f"{by.display_name} approved your draft. You can publish it now.")
    return approval


def _changed(entry, version):
    who = entry.draft_saved_by.display_name if entry.draft_saved_by else "Somebody"
    said = f"{who} saved this draft while you were reading it. Read what changed before you approve it."
    return Stale(said, current=f'"v{entry.draft_version}"', given=f'"v{version}"')


@transaction.atomic
def ask_for_review(entry, *, by):
    """Show a curated draft to the moderators, one of whom must approve it before it can be published."""
    require(by, "releases.edit", entry)
    locked = held(entry)
    if locked.is_the_labs or not approval_needed(locked):
        raise Conflict("This draft needs no moderator's approval. You can publish it yourself.")
    content = normalise(locked.draft)
    if validate(content) or problems_for_publication(content):
        raise Conflict("Something must still be said before this can be published; the page of publishing lists it.")
    if locked.review_asked_at is None:
        locked.review_asked_at = timezone.now()
        locked.save(update_fields=["review_asked_at"])
        record("release.review_asked", locked.subject, by=by, lab=locked.lab.subject, public=False)
    entry.review_asked_at = locked.review_asked_at
    return locked


@transaction.atomic
def return_draft(entry, reason, *, by):
    """Give a curated draft back to its curator, saying what is missing; nothing of it is changed."""
    require(by, "releases.approve", entry)
    locked = held(entry)
    if locked.is_the_labs or locked.review_asked_at is None:
        raise Conflict("This draft does not wait for a moderator any more.")
    reason = fit_reason(reason)
    locked.review_asked_at = None
    locked.save(update_fields=["review_asked_at"])
    record("release.review_returned", locked.subject, by=by, lab=locked.lab.subject, public=False, reason=reason)
    _write_to_curator(locked, f"{by.display_name} gave your draft back:\n\n{reason}")
    entry.review_asked_at = None
    return locked


def fit_reason(reason):
    """A reason that readers will see: required, plain, and not too long."""
    reason = fit_lines(reason, "reason")
    if not reason:
        raise Invalid("Say why in a sentence or two; readers see it.", "reason", "required")
    if len(reason) > MOST_REASON:
        raise Invalid(f"This may be {MOST_REASON} characters long at most.", "reason", "too_long")
    return reason


def _write_to_curator(entry, words):
    title = str(entry).replace("\n", " ").replace("\r", " ")
    address = f"{settings.BASE_URL}{entry.get_absolute_url()}publish/"
    message = EmailMessage(
        f"[Daylight] Your draft of {title}", f"{words}\n\n{address}\n", to=[entry.created_by.address]
    )  # fmt: skip
    if entry.created_by.address:
        message.send()
