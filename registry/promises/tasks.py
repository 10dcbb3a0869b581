"""What the worker does for the board: count, and once a day read again what was published."""

from celery import shared_task

from registry.releases.models import Entry

from .actions import count_promises, read_promises

BATCH = 200


@shared_task(ignore_result=True)
def count():
    count_promises()


@shared_task(ignore_result=True)
def read_all():
    """Read the promises of every published entry, so that none is missed that was published before this was built."""
    after = 0
    while batch := list(
        Entry.objects.published().filter(pk__gt=after).select_related("current").defer("draft").order_by("pk")[:BATCH]
    ):
        for entry in batch:
            if any(stage["status"] != "effective" or stage.get("due") for stage in entry.current.content["stages"]):
                read_promises(entry, entry.current)
        after = batch[-1].pk
    count_promises()
