"""Publishing norms, and declaring what an entry does about their clauses."""

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from registry.accounts.actions import disclosure_of
from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid
from registry.core.free_text import fit_line, fit_lines, fit_markdown
from registry.core.markdown import MarkdownRefused, render
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.models import Event
from registry.history.recording import record
from registry.releases.models import Entry

from .models import Clause, Declaration, Norm, NormVersion, Wording
from .validators import check_clauses, check_evidence

NEEDS_REASON = {Declaration.Stance.PARTLY, Declaration.Stance.DOES_NOT, Declaration.Stance.NOT_APPLICABLE}


@transaction.atomic
def publish_norm(*, title, summary, purpose, clauses, by, note="", status=NormVersion.Status.OPEN_COMMENT):
    """Make a norm and its version 1. `clauses` is a list of dicts as `validators.check_clauses` wants them."""
    require(by, "norms.publish", None)
    title, summary = fit_line(title, "title", required=True), fit_lines(summary, "summary")
    with connection.cursor() as cursor:
        # Two norms made at once must not be given the same number.
        cursor.execute("SELECT pg_advisory_xact_lock(7001)")
    number = (Norm.objects.aggregate(Max("number"))["number__max"] or 0) + 1
    subject = name_subject("norm", f"N-{number}", title=f"N-{number} {title}", path=f"/norms/N-{number}/", public=True)
    norm = Norm.objects.create(number=number, title=title, summary=summary, subject=subject)
    publish_version(norm, purpose=purpose, clauses=clauses, by=by, note=note, status=status)
    norm.refresh_from_db()
    return norm


@transaction.atomic
def publish_version(norm, *, purpose, clauses, by, note="", status=NormVersion.Status.OPEN_COMMENT):
    """Make the next immutable version. A clause without a number is new; one left out has no wording in it."""
    require(by, "norms.publish", norm)
    norm = Norm.objects.select_for_update(of=["self"]).select_related("current", "subject").get(pk=norm.pk)
    clauses = check_clauses(clauses)
    purpose, note = fit_markdown(purpose, "purpose"), fit_lines(note, "note")
    content = {"purpose": purpose, "clauses": clauses}
    found = digest(content)
    before = norm.current
    if before and before.digest == found:
        raise Conflict("Nothing has changed since the last version, so there is nothing to publish.")
    version = norm.versions.create(
        number=before.number + 1 if before else 1, status=status, purpose=purpose, note=note, digest=found, author=by,
        purpose_html=_html(purpose, "purpose"),
    )  # fmt: skip
    for position, stated in enumerate(clauses):
        _word(norm, version, position, stated)
    if before and before.status != NormVersion.Status.RETIRED:
        norm.versions.filter(pk=before.pk).update(status=NormVersion.Status.SUPERSEDED)
    norm.current = version
    norm.save(update_fields=["current"])
    norm.subject.as_of, norm.subject.text = f"version {version.number}", f"{norm.summary}\n{purpose}"
    norm.subject.save(update_fields=["as_of", "text"])
    record("norm.published", norm.subject, by=by, version=version.number, digest=found, note=note)
    return version


def _word(norm, version, position, stated):
    number = stated.get("number") or (norm.clauses.aggregate(Max("number"))["number__max"] or 0) + 1
    clause = norm.clauses.filter(number=number).select_related("subject").first()
    title = f"N-{norm.number}/{number} {stated['heading']}"
    if clause is None:
        subject = name_subject(
            "clause", f"N-{norm.number}/{number}", title=title, path=f"/norms/N-{norm.number}/c/{number}/", public=True
        )
        clause = norm.clauses.create(number=number, subject=subject)
    clause.subject.title, clause.subject.as_of = title[:300], f"version {version.number}"
    clause.subject.text = f"{stated['text']}\n{stated['rationale']}"
    clause.subject.save(update_fields=["title", "as_of", "text"])
    fields = {
        name: stated[name] for name in ("heading", "strength", "text", "rationale", "how_checked", "applies_when")
    }
    Wording.objects.create(
        version=version,
        clause=clause,
        position=position,
        html=_html(stated["text"], f"/clauses/{position}/text"),
        **fields,
    )


def _html(text, field):
    try:
        return render(text)
    except MarkdownRefused as problem:
        raise Invalid(str(problem), field) from None


@transaction.atomic
def declare(entry, clause, *, stance, by, reason="", evidence=()):
    """Record what the lab says of an entry about a clause; its earlier word stays in the history."""
    require(by, "norms.declare", entry)
    if stance not in Declaration.Stance.values:
        raise Invalid(f"Choose a stance: {', '.join(Declaration.Stance.values)}.", "stance")
    reason = fit_markdown(reason, "reason")
    if stance in NEEDS_REASON and not reason:
        raise Invalid("Say why: this stance needs a reason that readers can weigh.", "reason")
    if len(reason) > 4000:
        raise Invalid("Keep the reason under 4,000 characters.", "reason")
    evidence = check_evidence(evidence)
    # Locked first and read after: what is joined to a row that was waited for is as it was before the wait.
    Entry.objects.select_for_update(of=["self"]).get(pk=entry.pk)
    entry = Entry.objects.select_related("lab__subject", "subject", "current").get(pk=entry.pk)
    version = clause.norm.current
    if not version.wordings.filter(clause=clause).exists():
        raise Conflict(f"Clause {clause.key} is not part of version {version.number}, the current one.")
    current = Declaration.objects.filter(entry=entry, clause=clause).current().with_rewording().first()
    as_of = entry.current.number if entry.current else 0
    if current and _same(current, stance, reason, evidence, as_of):
        return current
    if not current and (stance, reason, evidence) == (Declaration.Stance.NO_ASSERTION, "", []):
        raise Conflict(f"Nothing is stated about {clause.key} yet, so there is nothing to take back.")
    Declaration.objects.filter(entry=entry, clause=clause).current().update(superseded_at=timezone.now())
    declaration = Declaration.objects.create(
        entry=entry, clause=clause, version=version, lab=entry.lab, stance=stance, reason=reason,
        reason_html=_html(reason, "reason") if reason else "", evidence=evidence, as_of=as_of, made_by=by,
        disclosure=disclosure_of(by),
    )  # fmt: skip
    record(
        "norm.declared", clause.subject, by=by, lab=entry.lab.subject, public=entry.published_at is not None,
        release=entry.subject.ref, release_title=str(entry), release_path=entry.subject.path, stance=stance,
        version=version.number,
    )  # fmt: skip
    return declaration


def reveal_declarations(entry):
    """Make public what was declared while the entry was a draft, under the name that the entry has now; within the
    transaction that publishes it."""
    said = Event.objects.filter(verb="norm.declared", public=False, lab=entry.lab.subject_id)
    for event in said.filter(data__release=f"release:{entry.key}"):
        event.public, event.data["release_title"] = True, str(entry)
        event.save(update_fields=["public", "data"])


def _same(current, stance, reason, evidence, as_of):
    """Whether this stands already: said in the same words, of the same revision and the same wording."""
    said = (current.stance, current.reason, current.evidence, current.as_of)
    return not current.reworded and said == (stance, reason, evidence, as_of)


def current_declarations(entry):
    """Clause id → current declaration of an entry, one query."""
    stated = entry.declarations.current().with_rewording().select_related("version", "made_by")
    return {d.clause_id: d for d in stated}


def clauses_of(norm):
    """The clauses of the current version with their wording, in its order, one query."""
    return clauses_by_norm([norm])[norm.pk]


def clauses_by_norm(norms):
    """The same for several norms, by the norm's id; one query, whatever their number."""
    current = Wording.objects.filter(version__in=[norm.current_id for norm in norms])
    found = {norm.pk: [] for norm in norms}
    waste = ("clause__subject__text", "clause__subject__words")
    for wording in current.select_related("clause__subject", "clause__norm").defer(*waste).order_by("position"):
        found[wording.clause.norm_id].append(wording)
    return found


def find_clause(key):
    """The clause that a key such as `N-7/3` names, or None."""
    head, _, number = key.removeprefix("clause:").removeprefix("N-").partition("/")
    if not (head.isascii() and head.isdigit() and number.isascii() and number.isdigit() and len(head + number) < 16):
        return None
    return Clause.objects.with_norm().filter(norm__number=int(head), number=int(number)).first()
