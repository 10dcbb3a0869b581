"""Reading the promises off a published revision, and counting them."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from registry.releases import dates
from registry.releases.promises import days_late, promises
from registry.releases.vocabulary import IN_FORCE

from .models import Promise, PromiseCount
from .querysets import BROKEN, NO_DAY

State = Promise.State
READ = [
    "stage", "what", "announced", "due", "first_due", "condition", "state", "kept_on", "kept_by", "days_late", "reason",
    "revision", "day",
]  # fmt: skip


@transaction.atomic(savepoint=False)
def read_promises(entry, revision, known=None):
    """Bring the rows of an entry, `known` where they were read before, in step with its current revision; may be done
    twice without harm.

    A promise that the revision no longer mentions stays: kept, where a stage of the same key or title has happened,
    or else dropped. Returns how many rows changed.
    """
    found = {row.identity: row for row in rows_of(entry, revision)}
    known = {row.identity: row for row in (entry.promises.all() if known is None else known)}
    now, fresh, changed = timezone.now(), [], []
    for identity, row in found.items():
        before = known.get(identity)
        if before is None:
            row.changed_at = now
            fresh.append(row)
            continue
        row.first_due = before.first_due or (before.due if before.due != row.due else "")
        if values(before) != values(row):
            row.pk, row.changed_at = before.pk, now
            changed.append(row)
    for identity, before in known.items():
        if identity not in found and before.state == State.OPEN:
            changed.append(without_mention(before, revision, now))
    if fresh:
        Promise.objects.bulk_create(fresh)
    if changed:
        Promise.objects.bulk_update(changed, [*READ, "changed_at"])
    return len(fresh) + len(changed)


def values(row):
    return [getattr(row, name) for name in READ if name != "revision"]


def rows_of(entry, revision):
    """The promises of a revision as rows that are not stored yet."""
    taken = set()
    for one in promises(revision.content):
        base = f"key:{one.key}" if one.key else f"title:{one.what}" if one.what else f"stage:{one.stage + 1}"
        identity = base
        while identity in taken:
            identity = f"{base}#{one.stage + 1}" if identity == base else f"{identity}'"
        taken.add(identity)
        yield Promise(
            entry=entry, lab_id=entry.lab_id, identity=identity, stage=one.stage + 1, what=one.what,
            announced=one.announced, due=one.due, condition=one.condition, state=one.state, kept_on=one.kept_on,
            kept_by=one.kept_by + 1 if one.kept_by is not None else None, days_late=one.days_late, reason=one.reason,
            revision=revision.number, day=day_of(one.state, one.due, one.kept_on),
        )  # fmt: skip


def day_of(state, due, kept_on):
    days = dates.period(kept_on if state in (State.KEPT, State.KEPT_LATE) and kept_on else due)
    return days[1] if days else NO_DAY


def without_mention(row, revision, now):
    """What became of a promise that is no longer in the entry."""
    keeper = next(
        (
            number for number, stage in enumerate(revision.content["stages"], 1)
            if stage["status"] in IN_FORCE and is_the_same(stage, row)
        ),
        None,
    )
    row.revision, row.changed_at, row.stage = revision.number, now, keeper
    if keeper is None:
        row.state = State.DROPPED
        row.reason = f"Revision {revision.number} no longer mentions it."
        return row
    row.kept_by, row.kept_on = keeper, revision.content["stages"][keeper - 1]["date"]
    row.days_late = days_late(row.due, row.kept_on)
    row.state = State.KEPT_LATE if row.days_late else State.KEPT
    row.day = day_of(row.state, row.due, row.kept_on)
    return row


def is_the_same(stage, row):
    """Whether a stage bears the key or the title of a promise."""
    by_key = stage.get("key") and f"key:{stage['key']}" == row.identity
    return by_key or (row.what and stage["title"] == row.what)


def count_promises(today=None):
    """Count all of them once, for the board; only the worker does this."""
    today, seen = today or dates.latest_today(), Promise.objects.visible_to(None)
    counts = dict(seen.order_by().values_list("state").annotate(Count("pk")))
    counts |= {"overdue": seen.overdue(today).count(), "due_soon": seen.due_soon(today).count()}
    counts["broken"] = sum(counts.get(state, 0) for state in BROKEN)
    PromiseCount.objects.update_or_create(pk=1, defaults={"counts": counts, "counted_at": timezone.now()})
    return counts

