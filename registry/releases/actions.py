"""What is done with release entries: begin, save, attach a card, publish.

Approving is in `controls`, publishing at a moment in `planning`, withdrawing in `withdrawing`.
"""

import json
import re

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registry.accounts.actions import affiliations_along, disclosure_of
from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.files import StoredFile
from registry.core.limits import take
from registry.core.markdown import MarkdownRefused, render
from registry.core.rules import require
from registry.core.statements import insert, update_along
from registry.core.subjects import Subject, name_subject
from registry.history.recording import record
from registry.labs.models import SLUG

from .checking import MOST_BYTES, problems_for_publication, validate
from .content import normalise
from .controls import check_approved, held
from .diff import diff
from .facets import facets
from .happened import happened
from .levels import tracks
from .models import Entry, Revision
from .shape import Problem, Text, text_problems, tidy_text
from .standing import levels_by_family
from .summary import summarise
from .withdrawing import end_withdrawal

RESERVED = {"new", "feed", "edit", "import"}
JUSTIFICATION = Text(2_000, lines=True)
# What somebody who is still typing gets wrong: a draft may hold it, a revision may not.
HALF_TYPED = {
    "required",
    "date",
    "date_precision",
    "future",
    "duplicate",
    "unknown_variant",
    "unknown_source",
    "unknown_promise",
    "not_kept",
    "contradiction",
    "url",
    "format",
}


@transaction.atomic
def begin_entry(lab, slug, *, by, content=None, origin=Entry.Origin.SELF_REGISTERED):
    """Begin a draft; nobody but those who may edit it sees it until it is published."""
    if origin == Entry.Origin.THIRD_PARTY:
        require(by, "releases.curate", lab)
        _check_curated(lab, (content or {}).get("title"), by)
    else:
        require(by, "labs.edit", lab)
    if not re.fullmatch(SLUG, slug) or slug in RESERVED:
        raise Invalid("Use 1 to 60 small letters, digits and hyphens, such as gpt-2.", "slug")
    # The card is a file that somebody attaches, never something that a content may claim.
    content = _fit_to_keep(content or {}) | {"model_card": None}
    if Entry.objects.filter(lab=lab, slug=slug).exists():
        raise Invalid(f"{lab.name} has an entry with this short name. Choose another.", "slug", "taken")
    try:
        with transaction.atomic():
            subject = name_subject(
                "release", f"{lab.slug}/{slug}", title=content["title"] or slug, path=f"/releases/{lab.slug}/{slug}/",
                public=False,
            )  # fmt: skip
            entry = Entry.objects.create(
                lab=lab, slug=slug, origin=origin, draft=content, created_by=by, draft_saved_by=by, subject=subject
            )
    except IntegrityError:
        raise Conflict("An entry with this short name was begun a moment ago.") from None
    record("release.begun", subject, by=by, lab=lab.subject)
    return entry


def _check_curated(lab, title, by):
    """A lab's own word comes first: what it has registered itself only moderators curate beside it."""
    if by.is_moderator:
        return
    take("curate", f"u{by.pk}", size=10, per_seconds=86_400)
    own = Entry.objects.published().filter(lab=lab, origin=Entry.Origin.SELF_REGISTERED)
    if isinstance(title, str) and own.filter(title__iexact=title.strip()).exists():
        said = f"{lab.name} has registered this itself. Speak about its facts on the page of its entry."
        raise Invalid(said, "title", "taken")


@transaction.atomic
def save_draft(entry, content, *, by, version=None, unfinished=False):
    """Keep the working copy. Whoever names an outdated version is told so, and keeps what they typed.

    Raises `Stale` where `version` is not the current one, `Invalid` with JSON pointers where it cannot be kept.
    `unfinished` also keeps what is half typed, such as half a date; publishing refuses it later.
    """
    locked = _locked(entry, version, by)
    _keep(locked, _fit_to_keep(content, unfinished=unfinished), by)
    _copy(locked, entry)
    return entry


@transaction.atomic
def change_draft(entry, given, *, by, version=None):
    """Replace some fields of the working copy; the others stay as they are at that moment, whoever wrote them."""
    locked = _locked(entry, version, by)
    content = normalise(locked.draft | given)
    # Half-typed text in a field that is not spoken of is in nobody's way.
    raise_problems([p for p in validate(content) if p.pointer.split("/")[1:2] in ([], *([n] for n in given))])
    _keep(locked, _fit_to_keep(content, unfinished=True), by)
    _copy(locked, entry)
    return entry


def _locked(entry, version, by, meanwhile="while you were writing. Compare before you save over it."):
    """The row as it is now, held until the act is done; `Stale` where `version` is not the current one.

    Whether `by` may edit is asked once it is held: while this waited, the lab may have claimed the entry.
    """
    locked = held(entry)
    require(by, "releases.edit", locked)
    if version is not None and version != locked.draft_version:
        who = locked.draft_saved_by.display_name if locked.draft_saved_by else "Somebody"
        current, given = f'"v{locked.draft_version}"', f'"v{version}"'
        raise Stale(f"{who} saved this draft {meanwhile}", current=current, given=given)
    return locked


def _keep(locked, content, by):
    content["model_card"] = _card_facts(locked.card)
    if content != locked.draft:
        locked.draft, locked.draft_saved_by = content, by
        locked.draft_version += 1
        locked.save(update_fields=["draft", "draft_version", "draft_saved_at", "draft_saved_by"])
        if locked.published_at is None:
            locked.subject.title = (content["title"] or locked.slug)[:300]
            locked.subject.save(update_fields=["title"])


def _copy(locked, entry):
    for name in ("draft", "draft_version", "draft_saved_at", "draft_saved_by", "card"):
        setattr(entry, name, getattr(locked, name))


def _fit_to_keep(raw, *, unfinished=False):
    content = normalise(raw)
    problems = [p for p in validate(content) if not (unfinished and p.code in HALF_TYPED)]
    if len(json.dumps(content).encode()) > 2 * MOST_BYTES:
        problems = [Problem("", "too_large", "The whole draft is too large to be kept. Shorten its longest texts.")]
    raise_problems(problems)
    return content


def raise_problems(problems):
    """All problems at once, each under its JSON pointer."""
    if problems:
        errors = {}
        for problem in problems:
            found = Invalid(problem.detail, problem.pointer or "__all__", problem.code)
            for field, several in found.error_dict.items():
                errors.setdefault(field, []).extend(several)
        error = Invalid(problems[0].detail)
        error.__dict__.pop("error_list", None)
        error.error_dict = errors
        raise error


@transaction.atomic
def attach_card(entry, card, *, by, version=None):
    """Put a model card on the draft, in place of the one before; its analysis is asked for in the same breath."""
    require(by, "releases.edit", entry)
    if card is not None and card.kind != "model_card":
        raise Invalid("This file was not uploaded as a model card. Upload it with kind model_card.", "file")
    locked = _locked(entry, version, by)
    if locked.card_id != (card.pk if card else None):
        locked.card, locked.draft_saved_by = card, by
        locked.draft["model_card"] = _card_facts(card)
        locked.draft_version += 1
        locked.save(update_fields=["card", "draft", "draft_version", "draft_saved_at", "draft_saved_by"])
        file = card.pk if card else None
        record("release.card_attached", entry.subject, by=by, lab=entry.lab.subject, public=False, file=file)
    _copy(locked, entry)
    return entry


def _card_facts(card):
    return {"name": card.name, "sha256": card.sha256, "size": card.size} if card else None


@transaction.atomic
def publish(entry, *, by, justification="", version=None):
    """Make the draft the next revision: numbered, immutable, public at once.

    From the second revision on a justification is required; a draft that changes nothing is refused. `version` is
    that of the draft which was on screen: raises `Stale` where somebody saved another one since.
    """
    locked = _locked(entry, version, by, "while you were reading it. Read what changed before you publish it.")
    if at := locked.planned_at:
        raise Conflict(f"Revision {_next(locked)} is planned for {at:%Y-%m-%d %H:%M} UTC. Cancel that first.")
    content = normalise(locked.draft)
    revision = publish_content(locked, content, locked.card, by=by, justification=justification)
    for field in Entry._meta.concrete_fields:
        setattr(entry, field.attname, getattr(locked, field.attname))
    entry.current, entry.subject = revision, locked.subject
    return revision


def check_publishable(locked, content, *, by, justification):
    """The justification as it is kept, who approved this, and its digest; raises whatever stands in the way."""
    if locked.subject.hidden:
        raise Conflict("Moderators took this entry from view. Appeal against their decision before you publish again.")
    before = locked.current
    raise_problems(validate(content) + problems_for_publication(content))
    justification = _fit_to_publish(justification, required=before is not None)
    # Publishing the same again takes a withdrawal back.
    found = digest(content)
    if before and before.digest == found and locked.withdrawn_at is None:
        raise Conflict("Nothing has changed since the last revision, so there is nothing to publish.")
    return justification, check_approved(locked, found, by=by), found


def publish_content(locked, content, card, *, by, justification):
    """Make a content the next revision of an entry that is held; the one place where revisions are made."""
    before, stated = locked.current, affiliations_along(by)
    justification, approvers, found = check_publishable(locked, content, by=by, justification=justification)
    origin = Entry.Origin.SELF_REGISTERED if locked.is_the_labs else Entry.Origin.THIRD_PARTY
    revision = insert(Revision(
        entry=locked,
        number=_next(locked),
        content=content,
        digest=found,
        justification=justification,
        changed=[group.section for group in diff(before.content, content)] if before else [],
        author=by,
        disclosure=disclosure_of(by, stated=stated),
        card=card,
        html=rendered(content),
        origin=origin,
        approvers=approvers,
    ))
    end_withdrawal(locked, revision)
    _show(locked, revision)
    record(
        "release.published", locked.subject, by=by, lab=locked.lab.subject, revision=revision.number,
        digest=revision.digest, justification=justification, word=locked.word, sentence=locked.sentence,
    )  # fmt: skip
    return revision


def _next(entry):
    return entry.current.number + 1 if entry.current else 1


def _subjects_of(entry):
    """Its own, and those of what was computed from it, reported and announced of it."""
    return Subject.objects.filter(
        Q(pk=entry.subject_id) | Q(run__entry=entry) | Q(replication__entry=entry) | Q(intent__entry=entry)
    )


def take_from_view(entry):
    """Make a published entry as private as a draft, with its files, for as long as moderation says so."""
    Entry.objects.filter(pk=entry.pk).update(published_at=None)
    _subjects_of(entry).update(hidden=True)
    elsewhere = Revision.objects.exclude(entry=entry).filter(entry__published_at__isnull=False, card__isnull=False)
    cards = StoredFile.objects.filter(pk__in=entry.revisions.values("card"))
    cards.exclude(pk__in=elsewhere.values("card")).update(public=False)
    samples = StoredFile.objects.filter(sample_files__entry=entry).values("pk")
    shown = StoredFile.objects.filter(
        sample_files__entry__published_at__isnull=False, sample_files__published_at__isnull=False
    )
    StoredFile.objects.filter(pk__in=samples).exclude(pk__in=shown.values("pk")).update(public=False)


def bring_back(entry, published_at):
    """Undo `take_from_view`: the entry is public again, since it was at first."""
    Entry.objects.filter(pk=entry.pk).update(published_at=published_at)
    # What has a tombstone of its own stays out of view; that of the entry itself is lifted by whoever calls this.
    _subjects_of(entry).filter(tombstone={}).update(hidden=False)
    StoredFile.objects.filter(pk__in=entry.revisions.values("card")).update(public=True)
    shown = StoredFile.objects.filter(sample_files__entry=entry, sample_files__published_at__isnull=False)
    StoredFile.objects.filter(pk__in=shown.values("pk")).update(public=True)


def _fit_to_publish(justification, *, required):
    justification = tidy_text(justification)
    raise_problems(list(text_problems(JUSTIFICATION, justification, "justification")))
    if required and not justification:
        raise Invalid("Say in a sentence why this revision is needed; readers see it beside it.", "justification")
    return justification


# What of an entry's row is that of its current revision.
SHOWN = (
    "current", "published_at", "title", "summary", "kind", "levels", "word", "sentence", "decided_on", "facets",
    "origin", "withdrawn_at", "review_asked_at",
)  # fmt: skip


def _show(entry, revision):
    """Write what lists and links need of the new current revision."""
    today = timezone.now().date()
    of = tracks(revision.content)
    summary = summarise(revision.content, today, of)
    dates = [
        s["date"] for s in revision.content["stages"] if s["status"] not in ("planned", "conditional", "cancelled")
    ]
    entry.current, entry.published_at = revision, entry.published_at or timezone.now()
    entry.title, entry.summary = revision.content["title"], revision.content["summary"]
    entry.kind, entry.levels = revision.content["artefact"]["kind"], levels_by_family(of, today)
    entry.word, entry.sentence = str(summary.label), summary.sentence[:400]
    entry.decided_on, entry.facets = max(dates, default=""), facets(revision.content, today)
    entry.origin, entry.withdrawn_at, entry.review_asked_at = revision.origin, None, None
    update_along(entry, SHOWN)
    entry.subject.title, entry.subject.public = entry.title, True
    entry.subject.as_of = f"revision {revision.number}"
    entry.subject.text = _findable(entry, revision.content)
    update_along(entry.subject, ("title", "public", "as_of", "text"))
    if revision.card and not revision.card.public:
        revision.card.public = True
        revision.card.save(update_fields=["public"])


def _findable(entry, content):
    """The words by which search finds an entry."""
    names = [n for v in content["artefact"]["variants"] for n in (v["name"], *v["aliases"])]
    for holder in (content["artefact"], *content["artefact"]["variants"]):
        names += [one["name"] for one in holder.get("former", [])]
    concerns = [f"{c['concern']} {c['mitigation']}" for c in content["concerns"]]
    stages = [f"{s['title']} {s['rationale']} {s.get('reason', '')}" for s in content["stages"]]
    since = [f"{event['text']} {event['reason']}" for event in happened(content)]
    samples = [f"{one['title']} {one['rule']}" for one in content.get("samples", [])]
    # Sentences first, since excerpts begin with them.
    parts = [content["summary"], entry.sentence, content["rationale"], *concerns, *stages, *since, *samples]
    parts += [*names, entry.lab.name]
    return "\n".join(parts)[:100_000]


def rendered(content):
    """Safe HTML of every Markdown field, by JSON pointer."""
    texts = {"/rationale": content["rationale"]}
    texts |= {f"/stages/{i}/rationale": s["rationale"] for i, s in enumerate(content["stages"])}
    html = {}
    for pointer, text in texts.items():
        try:
            html[pointer] = render(text)
        except MarkdownRefused as problem:
            raise Invalid(str(problem), pointer) from None
    return html
