"""The ledger as a table: a row for each component and variant, a column for each audience."""

from typing import NamedTuple

from . import dates
from .cited import citing_as
from .ledger import NOT_SAID, audiences_of, ledger
from .vocabulary import AHEAD, Audience, Basis, Component, Gate, StageStatus
from .wording import BOUND, first_sentence, level_in_words, licence_in_words, shortened

MOST_LINES = 150


class Line(NamedTuple):
    """A row of the ledger: one component of one variant, and for each audience its cells, the latest first."""

    name: str
    variant: str
    cells: list


def read_ledger(content, *, curated, on=None):
    """The ledger alone, for a page of its own."""
    return ledger_table(content, citing_as(content, curated), dates.latest_today(), on)


def ledger_table(content, cite, today, on=None):
    """The ledger as a table; `on` keeps what stood on one day. Returns (audiences, lines, lines left out)."""
    cells = ledger(content)
    if on is not None:
        cells = [cell for cell in cells if cell.stands_on(on)]
    audiences, lines = audiences_of(cells), {}
    for cell in cells:
        lines.setdefault((cell.component, cell.variant), {}).setdefault(cell.audience, []).append(cell)
    rows = [
        Line(
            Component(component).label, variant,
            [[_shown(cell, content, cite, today) for cell in reversed(by.get(audience, []))] for audience in audiences],
        )
        for (component, variant), by in lines.items()
    ]
    names = [Audience(audience).label if audience != NOT_SAID else "For whom is not stated" for audience in audiences]
    return {"audiences": names, "lines": rows[:MOST_LINES], "left_out": max(0, len(rows) - MOST_LINES)}


def _shown(cell, content, cite, today):
    """A cell in words."""
    level, word = level_in_words(cell.mode, cell.gate, cell.audience, cell.component)
    stage = content["stages"][cell.stage]
    stopped = cell.status in (StageStatus.PAUSED, StageStatus.WITHDRAWN)
    return {
        "level": level, "word": StageStatus(cell.status).label.lower() if stopped else word,
        "gate": Gate(cell.gate).label if cell.gate and cell.gate != Gate.NONE and not stopped else "",
        "licence": licence_in_words({"licence": cell.licence}), "terms_url": cell.terms_url,
        "restrictions": ", ".join(BOUND[letter] for letter in cell.restrictions),
        "leak": cell.basis == Basis.UNAUTHORISED, "planned": cell.status in AHEAD,
        "since": dates.in_words(cell.since) if cell.since else "", "past": cell.ended_by is not None,
        "until": dates.in_words(cell.until) if cell.until else "a date not stated",
        "stage": cell.stage + 1, "reason": shortened(first_sentence(cell.reason), 160), "title": stage["title"],
        "cited": cite({"sources": cell.sources}),
    }
