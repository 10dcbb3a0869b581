"""What lists of entries are narrowed by: read off a content when it is published, found again by one index.

A line of the ledger that holds today gives one token for each way of asking for it: for its component, its mode or its
gate alone, for two of them, and for all three. So "weights, downloadable" finds entries of which one line says both.
"""

from datetime import date
from itertools import combinations

from django.db.models import Q

from .ledger import ledger
from .vocabulary import Basis, Mode

PARTS = ("component", "mode", "gate")


def token(**parts):
    """One token, such as `component=weights_final&mode=downloadable`; parts that are empty are left out."""
    return "&".join(f"{name}={parts[name]}" for name in PARTS if parts.get(name))


def facets(content, today):
    """Every token of a content, sorted; of what was paused or withdrawn only that it is closed, of a leak none."""
    lines, found = set(), set()
    for cell in ledger(content):
        if cell.stands_on(today) and cell.basis != Basis.UNAUTHORISED:
            # What nobody gets stands behind no gate.
            lines.add((cell.component, cell.mode, "" if cell.mode == Mode.FULLY_CLOSED else cell.gate))
    for line in lines:
        said = [(name, value) for name, value in zip(PARTS, line, strict=True) if value]
        for size in range(1, len(said) + 1):
            found |= {token(**dict(some)) for some in combinations(said, size)}
    return sorted(found)


def narrow(entries, asked, today=None):
    """The entries that fit all that is asked for; what is empty in `asked` narrows nothing.

    `asked`: lab (short name), kind, word, component, mode, gate, year (four digits), norm (a number), disputed and
    overdue (booleans).
    """
    fields = {"lab": "lab__slug", "kind": "kind", "word": "word", "year": "decided_on__startswith"}
    found = entries.filter(**{field: asked[name] for name, field in fields.items() if asked.get(name)})
    if of_line := token(**{name: asked.get(name) for name in PARTS}):
        found = found.filter(facets__contains=[of_line])
    if asked.get("norm"):
        found = found.filter(pk__in=_following(entries.model, asked["norm"]))
    if asked.get("disputed"):
        found = found.filter(disputed__gt=0)
    if asked.get("overdue"):
        late = Q(promises__state="open", promises__day__lt=today or date.today())
        found = found.filter(pk__in=entries.model.objects.filter(late).values("pk"))
    return found


def _following(entry, norm):
    """The entries of which somebody declared that they follow a clause of a norm, or follow it in part."""
    said = Q(
        declarations__superseded_at=None, declarations__clause__norm__number=norm,
        declarations__stance__in=["adheres", "partly"],
    )  # fmt: skip
    return entry.objects.filter(said).values("pk")
