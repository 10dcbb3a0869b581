"""Up to four decisions side by side: what each says of the same thing, and where they differ."""

from datetime import date
from typing import NamedTuple

from registry.core.errors import Invalid
from registry.releases import dates
from registry.releases.ledger import ledger
from registry.releases.models import Entry
from registry.releases.vocabulary import ArtefactKind, Audience, Basis, Component, Gate, Mode, StageStatus

from .happened import happened

FEWEST, MOST = 2, 4
NOT_STATED = "not stated"


class Row(NamedTuple):
    """One thing, and for each entry the lines that say how it stands there; `none` says what no lines mean."""

    what: str
    cells: list
    differs: bool
    none: str


def chosen(keys, user):
    """The published entries named `lab/slug`, in that order, each once; raises `Invalid` for what is not there."""
    keys = list(dict.fromkeys(key.strip().strip("/") for key in keys if key.strip()))
    if len(keys) > MOST:
        said = f"{MOST} entries fit side by side, and these are {len(keys)}. Take some out."
        raise Invalid(said, "entry", "too_many")
    found = []
    for key in keys:
        lab, _, slug = key.partition("/")
        published = Entry.objects.published().with_current()
        entry = published.filter(lab__slug=lab[:60], slug=slug[:60]).first() if "\0" not in key else None
        if entry is None:
            raise Invalid(
                f"There is no published entry {key[:130]!r}. Its name is the end of its address: lab/entry.", "entry",
                "unknown",
            )  # fmt: skip
        found.append(entry)
    return found


def compare(entries, today=None):
    """The rows of the table, those of components in the order of the vocabulary."""
    today = today or date.today()
    contents, since = [entry.current.content for entry in entries], happened(entries, today)
    rows = [
        row("Decision", [[e.sentence] for e in entries],
            [e.word for e in entries]),
        row("Kind", [[ArtefactKind(e.kind).label] for e in entries]),
        row("Written by", [["the lab itself" if e.is_the_labs else "third parties"] for e in entries]),
        row("Stages", [stages(content) for content in contents]),
    ]  # fmt: skip
    standing = [[cell for cell in ledger(content) if cell.stands_on(today)] for content in contents]
    for component in Component:
        cells = [[in_words(c) for c in of_entry if c.component == component] for of_entry in standing]
        if any(cells):
            rows.append(row(component.label, cells))
    rows += [
        row("Concerns weighed", [[one["concern"] for one in content["concerns"]] for content in contents]),
        row("Promises", [since[e.pk].promises for e in entries], none="none recorded"),
        row("Replications and leaks", [since[e.pk].replications for e in entries], none="none recorded"),
        row("Norms", [since[e.pk].norms for e in entries], none="nothing declared"),
        row("Analyses", [since[e.pk].runs for e in entries], none="none done"),
        row("Facts disputed", [[f"{e.disputed:,}"] for e in entries]),
        row("Open concerns", [[f"{e.subject.open_concerns:,}"] for e in entries]),
    ]
    return [one for one in rows if any(one.cells)]


def row(what, cells, by=None, none=NOT_STATED):
    """`by`: what is compared, where that is not the words themselves."""
    told = by or [tuple(lines) for lines in cells]
    return Row(what, cells, len(set(map(str, told))) > 1, none)


def stages(content):
    said = []
    for stage in content["stages"]:
        when = dates.in_words(stage["date"] or stage.get("due", "")) if stage["date"] or stage.get("due") else "no date"
        status = "" if stage["status"] == StageStatus.EFFECTIVE else f" ({StageStatus(stage['status']).label.lower()})"
        said.append(f"{when}: {stage['title'] or 'a stage without a title'}{status}")
    return said


def in_words(cell):
    """A cell of the ledger in one line, such as `1.5B: Downloadable, no gate, for public, licence MIT`."""
    parts = [cell.mode and Mode(cell.mode).label, cell.gate and Gate(cell.gate).label.lower(),
             cell.audience and f"for {Audience(cell.audience).label.lower()}",
             cell.licence and f"licence {cell.licence}"]  # fmt: skip
    if cell.basis == Basis.UNAUTHORISED:
        parts = ["Came out against the decision", *parts[:1]]
    elif cell.mode == Mode.FULLY_CLOSED:
        parts = parts[:1]  # what nobody has stands behind no gate
    said = ", ".join(part for part in parts if part) or NOT_STATED
    return f"{cell.variant}: {said}" if cell.variant else said
