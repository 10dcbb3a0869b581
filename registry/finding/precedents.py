"""Entries like one, and what happened to them next.

Alike is what can be read off two ledgers: the share of the tokens of `facets` that both have among all that either
has. That is Jaccard's coefficient (P. Jaccard: The distribution of the flora in the alpine zone. New Phytologist
11(2), 1912, pages 37-50). Nothing learned and nothing hidden: each result says which lines it shares.
"""

from datetime import date
from typing import NamedTuple

from registry.releases import dates
from registry.releases.content import normalise
from registry.releases.facets import PARTS, facets
from registry.releases.models import Entry
from registry.releases.vocabulary import AHEAD, Component, Gate, Mode

from .happened import happened

LOOKED_AT = 1000  # the newest that share a token
SHOWN = 10
MOST_REASONS = 4
WORDS = {"component": Component, "mode": Mode, "gate": Gate}


class Precedent(NamedTuple):
    """An entry, how alike it is (0 to 1), why, and what happened next, in sentences."""

    entry: Entry
    likeness: float
    why: list
    next: list


def precedents(entry, today=None):
    """The published entries most like one, or like its draft where nothing of it is published yet."""
    today = today or date.today()
    content = entry.current.content if entry.published_at and entry.current else normalise(entry.draft)
    own, kind = set(facets(content, today)), content["artefact"]["kind"]
    if not own:
        return []
    others = Entry.objects.published().filter(facets__overlap=sorted(own)).exclude(pk=entry.pk)
    others = others.filter(kind=kind) if kind else others
    rows = others.newest_decision_first().values_list("pk", "facets")[:LOOKED_AT]
    ranked = sorted(((likeness(own, set(theirs)), pk) for pk, theirs in rows), reverse=True)[:SHOWN]
    found = Entry.objects.published().with_current().in_bulk([pk for _, pk in ranked])
    since = happened(found.values(), today)
    return [
        Precedent(found[pk], score, shared(own & set(found[pk].facets)), next_of(found[pk], since[pk]))
        for score, pk in ranked if pk in found
    ]  # fmt: skip


def likeness(own, theirs):
    return len(own & theirs) / len(own | theirs)


def shared(tokens):
    """What two entries have in common, the fullest lines first, each said once."""
    said, lines = [], [dict(part.split("=", 1) for part in token.split("&")) for token in tokens]
    for line in sorted(lines, key=_fullest_first):
        if not any(line.items() <= other.items() for other in said):
            said.append(line)
    return [in_words(line) for line in said[:MOST_REASONS]]


def _fullest_first(line):
    return -len(line), [list(WORDS[name]).index(line[name]) for name in PARTS if name in line]


def in_words(line):
    words = [WORDS[name](line[name]).label for name in PARTS if name in line]
    return ": ".join([words[0], ", ".join(word.lower() for word in words[1:])]) if words[1:] else words[0]


def next_of(entry, since):
    """What came after the first stage: later stages, what others did, what was kept, whether it still stands."""
    content, said = entry.current.content, []
    past = [stage for stage in content["stages"] if stage["status"] not in AHEAD and dates.period(stage["date"])]
    past.sort(key=lambda stage: dates.period(stage["date"])[0])
    if len(past) > 1:
        first, last = dates.period(past[0]["date"])[0], dates.period(past[-1]["date"])[0]
        count = len(past) - 1
        title = f": {past[-1]['title']}" if past[-1]["title"] else ""
        said.append(
            f"{count} later stage{'s' * (count > 1)}, the last {(last - first).days:,} days after the first{title}"
        )
    said += since.replications
    said += [f"Promises: {', '.join(since.promises)}"] if since.promises else []
    if entry.withdrawn_at:
        said.append("Withdrawn since")
    return said or ["Nothing that is recorded here"]
