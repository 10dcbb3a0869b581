"""How a fact stands: from what the entry cites and what is said of the fact's present wording."""

from itertools import groupby
from typing import NamedTuple

from registry.releases.facts import Fact, facts_of

from .models import Statement

Kind, Speaker = Statement.Kind, Statement.Speaker
STATES = ["unsourced", "sourced", "checked", "disputed", "retracted"]
# The verb of each kind, as a sentence about its author has it.
DEEDS = {
    Kind.CHECK: "checked this", Kind.DISPUTE: "disputes this", Kind.ASSERTION: "says otherwise",
    Kind.SOURCE: "names another source", Kind.RETRACTION: "took this back",
}  # fmt: skip


class Line(NamedTuple):
    """A fact with all that is said of it; `fact` is None where the entry no longer states it."""

    fact: Fact | None
    row: object
    state: str
    lab: list
    third_parties: list

    @property
    def said(self):
        return sorted([*self.lab, *self.third_parties], key=lambda statement: statement.pk)


def state_of(fact, statements):
    """One of `STATES`; only what is said of the present wording counts."""
    kinds = {s.kind for s in statements if s.stands and s.digest == fact.digest}
    if Kind.RETRACTION in kinds:
        return "retracted"
    if kinds & {Kind.DISPUTE, Kind.ASSERTION}:
        return "disputed"
    if Kind.CHECK in kinds:
        return "checked"
    return "sourced" if fact.sources or Kind.SOURCE in kinds else "unsourced"


def lines_of(entry):
    """Every fact of the current revision with what is said of it, then those that it no longer states."""
    said = statements_by_key(entry)
    facts = facts_of(entry.current.content)
    lines = [_line(fact, said.pop(fact.key, [])) for fact in facts]
    return lines + [_line(None, statements) for statements in said.values()]


def statements_by_key(entry):
    found = Statement.objects.filter(fact__entry=entry).with_all().order_by("fact_id", "pk")
    return {fact.key: list(rows) for fact, rows in groupby(found, key=lambda s: s.fact)}


def _line(fact, statements):
    for statement in statements:
        statement.is_earlier = fact is None or statement.digest != fact.digest
    lab = [s for s in statements if s.speaker == Speaker.LAB]
    row = statements[0].fact if statements else None
    state = state_of(fact, statements) if fact else "no longer stated"
    return Line(fact, row, state, lab, [s for s in statements if s.speaker != Speaker.LAB])


def mark_of(line, url):
    """What the entry's own page shows beside the fact; None where nobody said anything that stands."""
    standing = [s for s in line.said if s.stands]
    if not standing:
        return None
    notes = [_note(s) for s in standing[-5:]]
    if len(standing) > 5:
        notes.insert(0, f"{len(standing) - 5} earlier notes")
    return {"state": line.state, "url": f"{url}#{line.fact.slug}", "notes": notes}


def _note(statement):
    side = "for the lab" if statement.speaker == Speaker.LAB else "third party"
    words = f"{statement.author} ({side}) {DEEDS[statement.kind]}"
    if statement.kind == Kind.ASSERTION:
        value = statement.value if len(statement.value) <= 120 else statement.value[:119] + "…"
        words += f": “{value}”"
    day = f"{statement.made_at.day} {statement.made_at:%B %Y}"
    return f"{words}, {day}{', of an earlier wording' if statement.is_earlier else ''}."
