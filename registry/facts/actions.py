"""What is done with facts: check, dispute, state otherwise, name a source, take back."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registry.accounts.actions import disclosure_of
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record
from registry.labs.rules import role_in
from registry.releases.controls import fit_reason, held
from registry.releases.facts import facts_of, moved_keys

from .models import Fact, Statement
from .standing import lines_of, mark_of
from .validators import fit_words

Kind = Statement.Kind
RULES = {Kind.SOURCE: "facts.speak", Kind.RETRACTION: "facts.retract"}  # all others: "facts.judge"
VERBS = {
    Kind.CHECK: "fact.checked", Kind.DISPUTE: "fact.disputed", Kind.ASSERTION: "fact.asserted",
    Kind.SOURCE: "fact.sourced", Kind.RETRACTION: "fact.retracted",
}  # fmt: skip


@transaction.atomic
def state(entry, key, kind, *, by, digest=None, **words):
    """Say something of a fact of the entry's current revision, beside what the entry says; nothing of that changes.

    `digest` is that of the wording which was on screen: raises `Stale` where another one stands there now.
    """
    if kind not in Kind.values:
        raise Invalid(f"kind is one of: {', '.join(Kind.values)}.", "kind")
    rule = RULES.get(kind, "facts.judge")
    require(by, rule, entry)
    words = fit_words(kind, **words)
    take("statement", f"u{by.pk}", size=60, per_seconds=3600)
    locked = held(entry)
    require(by, rule, locked)
    fact = find_fact(locked, key)
    if digest and digest != fact.digest:
        raise Stale("The entry was revised while you were writing. Read the fact as it is worded now.")
    row, _ = Fact.objects.get_or_create(entry=locked, key=fact.key)
    _check_new(row, kind, fact, by)
    made = row.statements.create(
        kind=kind, digest=fact.digest, as_of=locked.current, title=fact.title[:300], said=fact.says, made_by=by,
        speaker="lab" if role_in(by, locked.lab) else "third_party", disclosure=disclosure_of(by), **words,
    )  # fmt: skip
    write_marks(locked)
    # Without the words, which a moderator may have to take from view.
    _record(VERBS[kind], made, locked, by)
    return made


def find_fact(entry, key):
    """The fact of that key in the current revision; raises `Invalid`."""
    found = next((fact for fact in facts_of(entry.current.content) if fact.key == key), None)
    if found is None:
        raise Invalid("The current revision states no such fact. Choose one from the list of its facts.", "fact")
    return found


def _check_new(row, kind, fact, by):
    if kind == Kind.SOURCE:
        return
    if row.statements.standing().filter(kind=kind, made_by=by, digest=fact.digest).exists():
        raise Conflict("You have said this already of the present wording. Take it back to say it anew.")


@transaction.atomic
def take_back(statement, reason, *, by):
    """Take back what one said oneself, or, as a moderator, take it from view; both leave who, when and why."""
    require(by, "facts.take_back", statement)
    reason = fit_reason(reason)
    locked = held(statement.fact.entry)
    found = Statement.objects.with_all().get(pk=statement.pk)
    if not found.stands:
        raise Conflict("This was taken back before.")
    found.taken_back_at, found.taken_back_by, found.taken_back_because = timezone.now(), by, reason
    found.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    write_marks(locked)
    _record("fact.statement_taken_back", found, locked, by, justification=reason)
    return found


def _record(verb, statement, entry, by, **more):
    record(
        verb, entry.subject, by=by, lab=entry.lab.subject, fact=statement.fact.key, title=statement.title,
        statement=statement.pk, speaker=statement.speaker, revision=statement.as_of.number, **more,
    )  # fmt: skip


def follow_revision(entry, before):
    """Let facts go where a new revision moved them; called in the transaction that publishes it."""
    if before is not None and (rows := list(Fact.objects.filter(entry=entry))):
        moved = moved_keys(before.content, entry.current.content)
        leaving = [row for row in rows if moved.get(row.key, row.key) != row.key]
        taken = {row.key for row in rows if row not in leaving}
        # By way of keys that no fact has, so that two may change places.
        places = [(row, moved[row.key]) for row in leaving if moved[row.key] not in taken]
        for row, _ in places:
            Fact.objects.filter(pk=row.pk).update(key=f"~{row.pk}")
        for row, key in places:
            Fact.objects.filter(pk=row.pk).update(key=key)
    write_marks(entry)


def write_marks(entry):
    """Write onto the entry, which is held, what its page and lists show of its facts."""
    url = reverse("facts:list", args=[entry.lab.slug, entry.slug])
    lines = [line for line in lines_of(entry) if line.fact and line.row]
    marks = {line.fact.key: mark for line in lines if (mark := mark_of(line, url))}
    disputed = sum(mark["state"] == "disputed" for mark in marks.values())
    if (marks, disputed) != (entry.marks, entry.disputed):
        entry.marks, entry.disputed = marks, disputed
        entry.save(update_fields=["marks", "disputed"])
