"""A card on an entry is analysed without being asked for; a publication shows the runs it covers."""

from django.dispatch import receiver

from registry.core.files import StoredFile
from registry.core.statements import Statement
from registry.history.recording import Foreseen, recorded
from registry.releases.models import Entry

from . import catalogue
from .actions import queue_run, reveal_runs
from .models import Run

PRIVATE = Foreseen("release.published", Statement(
    lambda subject: Run.objects.filter(entry__subject=subject, public=False).values_list("pk")[:1], int
), "subject_id")  # fmt: skip


@receiver(recorded, dispatch_uid="analyse-card")
def analyse_attached_card(event, **_):
    if event.verb == "release.card_attached" and event.data.get("file"):
        entry = Entry.objects.select_related("lab__subject").get(subject=event.subject)
        card, analysis = StoredFile.objects.get(pk=event.data["file"]), catalogue.get("model_card")
        params = dict(analysis.defaults)
        # Not limited: a card must not be refused because other analyses wait.
        queue_run(entry, analysis, {"card": card}, params=params, seed=0, by=event.actor, limited=False)


@receiver(recorded, dispatch_uid="reveal-runs")
def show_runs_of_published_entry(event, **_):
    if event.verb == "release.published" and PRIVATE.rows(event):
        reveal_runs(event.subject.entry)
