"""What the public sees of requests: counts, waiting times, and acceptance by sector; nobody can be made out."""

from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from registry.accounts.models import Affiliation
from registry.core.cells import FEWEST, shown_apart

from .models import AccessRequest

State = AccessRequest.State
MOST = 5000  # the newest requests, whose waits the medians are of
DAY = 86_400
SECTORS = dict(Affiliation.Sector.choices)


def figures(programme, now=None):
    """Counts by state, median waits in days (decided, and still open), how many are overdue, acceptance by sector.

    Where fewer than `FEWEST` asked at all, only that is said.
    """
    now = now or timezone.now()
    states = dict(programme.requests.values_list("state").annotate(Count("pk")))
    asked = sum(states.values())
    if asked < FEWEST:
        return {"asked": None, "fewest": FEWEST}
    rows = programme.requests.order_by("-pk").values_list("state", "since", "waited", "accepted")[:MOST]
    waits = [(state, waited + _since(state, since, now), accepted) for state, since, waited, accepted in rows]
    decided = [wait for state, wait, accepted in waits if accepted is not None and state != State.APPEALED]
    waiting = [wait for state, wait, _ in waits if state in AccessRequest.WAITS_FOR_LAB]
    limit = programme.decided_within * DAY
    return {
        "asked": asked, "fewest": FEWEST, "states": _states(states), "decided": _days(decided),
        "waiting": _days(waiting), "overdue": sum(wait > limit for wait in waiting), "sectors": _sectors(programme),
    }  # fmt: skip


def _since(state, since, now):
    return max(0, (now - since).total_seconds()) if state in AccessRequest.WAITS_FOR_LAB else 0


def _days(waits):
    """The median in days, of enough requests that it is nobody's own."""
    return round(median(waits) / DAY, 1) if len(waits) >= FEWEST else None


def _states(states):
    shown, together = shown_apart(states)
    if not shown:
        return []
    told = [{"state": name, "name": State(name).label, "requests": states[name]} for name in shown]
    if together:
        told.append({"state": "other", "name": "Others together", "requests": sum(states[n] for n in together)})
    return told


def _sectors(programme):
    """Of each sector with enough decided requests how many were asked and accepted; the rest put together.

    A share of all or none of a sector would tell of each of its people, so those are put together as well.
    """
    decided = programme.requests.exclude(accepted=None)
    counted = decided.values("sector").annotate(asked=Count("pk"), won=Count("pk", filter=Q(accepted=True)))
    rows = {sector: (asked, won) for sector, asked, won in counted.values_list("sector", "asked", "won")}
    sizes = {name: asked if 0 < accepted < asked else 0 for name, (asked, accepted) in rows.items()}
    shown, together = shown_apart(sizes)
    told = [_sector(name, SECTORS[name], [rows[name]]) for name in shown]
    if together:
        told.append(_sector("other", "Others together", [rows[name] for name in together]))
    return told


def _sector(name, label, cells):
    return {"sector": name, "name": label, "decided": sum(c[0] for c in cells), "accepted": sum(c[1] for c in cells)}
