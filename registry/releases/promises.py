"""What was promised: planned stages with their due dates, and whether and when each was kept."""

from typing import NamedTuple

from registry.releases import dates
from registry.releases.vocabulary import AHEAD, IN_FORCE, Basis, StageStatus

SOON = 90  # days


class Promise(NamedTuple):
    """One promise; `stage` counts from 0, dates are texts, `days_late` is None where the dates do not tell."""

    stage: int
    key: str
    what: str
    announced: str
    due: str
    condition: str
    state: str
    kept_on: str
    kept_by: int | None
    days_late: int | None
    reason: str

    def is_overdue(self, today):
        days = dates.period(self.due)
        return self.state == "open" and bool(days) and days[1] < today


def promises(content):
    """Return every promise of a content, in the order of its stages."""
    keepers = keepers_of(content)
    return [
        promise(content, number, keepers.get(stage.get("key")))
        for number, stage in enumerate(content["stages"]) if is_promise(stage)
    ]


def is_promise(stage):
    """A stage to come, one that was called off, or one that happened and says when it had been due."""
    if stage["basis"] == Basis.UNAUTHORISED:
        return False
    return stage["status"] in AHEAD | {StageStatus.CANCELLED} or bool(stage.get("due"))


def was_replaced(stage):
    """A promise in whose place another one came: it never happened, so it has no date of its own."""
    return stage["status"] == StageStatus.SUPERSEDED and bool(stage.get("due")) and not stage["date"]


def keepers_of(content):
    """Return for each key the number of the earliest stage that says it kept the promise of that key."""
    found = {}
    for number, stage in enumerate(content["stages"]):
        if stage["status"] in IN_FORCE and not was_replaced(stage):
            for key in stage.get("keeps", []):
                best = found.get(key)
                if best is None or begins(stage) < begins(content["stages"][best]):
                    found[key] = number
    return found


def begins(stage):
    days = dates.period(stage["date"])
    return (0, days[0]) if days else (1,)


def promise(content, number, keeper):
    stage = content["stages"][number]
    happened = stage["status"] in IN_FORCE and not was_replaced(stage)
    kept_by = number if happened else keeper
    kept_on = content["stages"][kept_by]["date"] if kept_by is not None else ""
    late = days_late(due_of(stage), kept_on) if kept_by is not None else None
    if kept_by is not None:
        state = "kept_late" if late else "kept"
    else:
        state = {StageStatus.CANCELLED: "cancelled", StageStatus.SUPERSEDED: "superseded"}.get(stage["status"], "open")
    return Promise(
        number, stage.get("key", ""), stage["title"], stage.get("announced", ""), due_of(stage), stage["condition"],
        state, kept_on, kept_by, late, stage.get("reason", ""),
    )


def due_of(stage):
    """When a promise falls due: the date it names, or else that for which it is planned."""
    return stage.get("due") or ("" if stage["status"] in IN_FORCE else stage["date"])


def when_of(stage):
    """The date of a stage, or for one that is still to come the one for which it is planned."""
    return stage["date"] or (stage.get("due", "") if stage["status"] in AHEAD else "")


def days_late(due, kept_on):
    """Return the fewest days by which a promise was kept too late, 0 where it was in time, or None if unknown."""
    promised, kept = dates.period(due), dates.period(kept_on)
    return max(0, (kept[0] - promised[1]).days) if promised and kept else None


def settled(content):
    """Return the numbers of stages that change nothing any more: promises kept by another stage, or replaced."""
    kept = keepers_of(content)
    return {
        number for number, stage in enumerate(content["stages"])
        if (stage["status"] in AHEAD and stage.get("key") in kept) or was_replaced(stage)
    }
