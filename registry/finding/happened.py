"""What happened to published entries after their decision, for many entries by one query of each kind."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models.fields.json import KT

from registry.analyses.models import Run
from registry.norms.models import Declaration
from registry.promises.models import Promise
from registry.releases import dates
from registry.replications.models import GOT_OUT, Replication

ENDED_WELL = {"kept": "in time", "kept_late": "late"}


class Happened(NamedTuple):
    """Lists of sentences, and counts; all of it public."""

    promises: list
    replications: list
    norms: list
    runs: list


def happened(entries, today=None):
    """Key of an entry → what happened, by four queries for all of them."""
    keys, today = [entry.pk for entry in entries], today or date.today()
    promises, reports = defaultdict(list), defaultdict(list)
    for promise in Promise.objects.visible_to(None).filter(entry__in=keys).order_by("day", "pk"):
        promises[promise.entry_id].append(promise)
    seen = Replication.objects.visible_to(None).standing().filter(entry__in=keys)
    for report in seen.defer("fidelity", "source_quote").order_by("date", "pk"):
        reports[report.entry_id].append(report)
    norms, runs = _norms(keys), _runs(keys)
    return {
        key: Happened(_kept(promises[key], today), _reached(reports[key]), norms[key], runs[key]) for key in keys
    }


def _kept(promises, today):
    """How many were kept, and how; overdue ones first."""
    said = defaultdict(int)
    for promise in promises:
        late = promise.state == "open" and promise.day < today
        said["overdue" if late else ENDED_WELL.get(promise.state, promise.get_state_display().lower())] += 1
    words = {"in time": "kept in time", "late": "kept late"}
    overdue_first = sorted(said.items(), key=lambda item: item[0] != "overdue")
    return [f"{count} {words.get(word, word)}" for word, count in overdue_first]


def _reached(reports):
    """Each kind of report once, with its first date and what others make of it."""
    first, count = {}, defaultdict(int)
    for report in reports:
        count[report.kind] += 1
        if report.kind not in first or (report.date and not first[report.kind].date):
            first[report.kind] = report
    said = []
    for kind, report in first.items():
        when = f", first {dates.in_words(report.date)}" if report.date else ", no date stated"
        state = "" if report.counts else f", {report.get_state_display().lower()}"
        more = f" ({count[kind]} reports)" if count[kind] > 1 else ""
        said.append(f"{'Out: ' if kind in GOT_OUT else ''}{report.get_kind_display()}{when}{state}{more}")
    return said


def _norms(keys):
    """How often each stance was declared, such as `N-1: follows 3, departs 1`."""
    stances = defaultdict(lambda: defaultdict(int))
    current = Declaration.objects.current().filter(entry__in=keys).exclude(stance="no_assertion")
    rows = current.order_by("clause__norm__number").values_list("entry", "clause__norm__number", "stance")
    for entry, norm, stance in rows:
        stances[entry, norm][stance] += 1
    said = defaultdict(list)
    for (entry, norm), counts in stances.items():
        words = [f"{Declaration.Stance(s).label.lower()} {counts[s]}" for s in Declaration.Stance.values if s in counts]
        said[entry].append(f"N-{norm}: {', '.join(words)}")
    return said


def _runs(keys):
    """What the newest run of each analysis found, in its own sentence."""
    found, said = set(), defaultdict(list)
    rows = Run.objects.visible_to(AnonymousUser()).filter(entry__in=keys, status="succeeded")
    for run in rows.annotate(sentence=KT("result__sentence")).only("entry_id", "analysis").order_by("-pk"):
        if (run.entry_id, run.analysis) not in found:
            found.add((run.entry_id, run.analysis))
            if run.sentence:
                said[run.entry_id].append(f"{run.analysis}: {run.sentence}")
    return said
