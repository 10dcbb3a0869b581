"""Counting: by person, one per organisation, and by class of affiliation."""

from django.db.models import Count, Q, Sum

from registry.accounts.models import Affiliation
from registry.core.cells import shown_apart

from .models import SIDE_OF, Vote

HELPFUL, AGREEMENT = Vote.Axis.HELPFUL.value, Vote.Axis.AGREEMENT.value
OTHER = "other"
CLASSES = {"": "No class stated", OTHER: "Other classes together"} | dict(Affiliation.Sector.choices)


def recount(comment):
    """Bring the tallies on a comment, which is locked, up to date with its votes."""
    tally = comment.votes.aggregate(
        helpful=Count("pk", filter=Q(axis=HELPFUL)),
        agree=Count("pk", filter=Q(axis=AGREEMENT, value=1)),
        disagree=Count("pk", filter=Q(axis=AGREEMENT, value=-1)),
    )
    sides = sides_of_organisations(comment)
    tally["agree_organisations"], tally["disagree_organisations"] = sides["agree"], sides["disagree"]
    for name, number in tally.items():
        setattr(comment, name, number)
    comment.save(update_fields=list(tally))


def sides_of_organisations(comment):
    """How many organisations agree, disagree or are evenly divided, each by the majority of its people."""
    votes = comment.votes.filter(axis=AGREEMENT).exclude(organisation="")
    sums = votes.values("organisation").annotate(side=Sum("value")).values_list("side", flat=True)
    sides = {"agree": 0, "disagree": 0, "divided": 0}
    for side in sums:
        sides["agree" if side > 0 else "disagree" if side < 0 else "divided"] += 1
    return sides


def summary(comment):
    """All that is told of the votes on a comment beside their list, by two queries."""
    cells = {HELPFUL: {}, AGREEMENT: {}}
    told = {"helpful": 0, "agree": 0, "disagree": 0, "without_organisation": 0, "for_earlier_text": 0}
    for axis, value, sector, people, alone, earlier in _groups(comment):
        side = SIDE_OF[axis, value]
        told[side] += people
        told["for_earlier_text"] += earlier
        told["without_organisation"] += alone if axis == AGREEMENT else 0
        sides = ("helpful",) if axis == HELPFUL else ("agree", "disagree")
        cells[axis].setdefault(sector, dict.fromkeys(sides, 0))[side] += people
    told["organisations"] = sides_of_organisations(comment)
    told["classes"] = {axis: by_class(of_class) for axis, of_class in cells.items()}
    return told


def _groups(comment):
    """Per axis, value and class: people, those without an organisation, and votes for an earlier text."""
    return comment.votes.values("axis", "value", "sector").annotate(
        people=Count("pk"),
        alone=Count("pk", filter=Q(organisation="")),
        earlier=Count("pk", filter=Q(of_edit__lt=comment.edits)),
    ).values_list("axis", "value", "sector", "people", "alone", "earlier")  # fmt: skip


def by_class(cells):
    """Rows of the classes that are large enough, from `{class: {side: people}}`; the rest put together."""
    shown, hidden = shown_apart({name: sum(cell.values()) for name, cell in cells.items()})
    rows = [_row(name, cells[name]) for name in shown]
    if hidden:
        sides = cells[hidden[0]]
        rows.append(_row(OTHER, {side: sum(cells[name][side] for name in hidden) for side in sides}))
    return rows


def _row(name, cell):
    return {"sector": name, "name": CLASSES[name], **cell}

