"""Reporting a replication or a leak, confirming or disputing a report, and taking back what is one's own."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.accounts.disclosing import disclosure_on
from registry.core.errors import Conflict, Invalid
from registry.core.limits import take
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.history.recording import record
from registry.labs.rules import speaks_for_lab
from registry.releases.models import Entry

from .independence import why_set_aside
from .models import Replication, Verdict
from .validators import check_report, check_source, fit

State, Stance = Replication.State, Verdict.Stance
VERBS = {Stance.CONFIRMS: "replication.confirmed", Stance.DISPUTES: "replication.disputed"}
NO_WHY = "Say why, and on what grounds, so that others can weigh it."


@transaction.atomic
def report_replication(entry, given, *, by):
    """Report that something of an entry was replicated or came out; `given` is as `validators.check_report` wants."""
    require(by, "replications.report", entry)
    take("replication", f"u{by.pk}", size=20, per_seconds=3600)
    # Locked first and read after, so that the date is held against the revision that stands when it is stored.
    Entry.objects.select_for_update(of=["self"], no_key=True).only("pk").get(pk=entry.pk)
    entry = Entry.objects.with_current().select_related("lab__subject").get(pk=entry.pk)
    said = check_report(given, entry.current.content)
    if same := entry.replications.standing().filter(reporter=by, **said).first():
        raise Conflict(f"You have reported just this already: {same.title}.")
    report = Replication(
        entry=entry, **said, reporter=by, disclosure=disclosure_on(entry.lab, by, about=entry.subject),
        as_of=entry.current.number,
    )  # fmt: skip
    report.counts = _counts(report)
    report.save()
    path = report.get_absolute_url()
    report.subject = name_subject("replication", report.pk, title=report.title, path=path, public=True)
    told = (report.who, report.fidelity, report.cost, report.availability, report.source_title, report.source_quote)
    report.subject.text = "\n".join(filter(None, told))
    report.subject.save(update_fields=["text"])
    report.save(update_fields=["subject"])
    _record("replication.reported", report, by, kind=report.get_kind_display().lower(), date=report.date)
    return report


@transaction.atomic
def assess(report, stance, given, *, by):
    """Confirm or dispute somebody else's report, with reasons and a source; what others said stays beside it."""
    if stance not in Stance.values:
        raise Invalid(f"Choose one of these: {', '.join(Stance.values)}.", "stance", "choice")
    report = _hold(report)
    require(by, "replications.assess", report)
    take("verdict", f"u{by.pk}", size=30, per_seconds=3600)
    reason, source = fit(given, "reason", required=NO_WHY), check_source(given)
    if report.verdicts.standing().filter(user=by).exists():
        raise Conflict("What you said of this report stands. Take it back first, then say what you think now.")
    lab = report.entry.lab
    official = speaks_for_lab(by, lab)
    said = disclosure_on(lab, by, about=report.entry.subject, official_for=lab if official else None)
    aside = why_set_aside(report, said, official=official) if stance == Stance.CONFIRMS else ""
    try:
        with transaction.atomic():
            verdict = report.verdicts.create(
                stance=stance, reason=reason, **source, user=by, disclosure=said, set_aside=aside[:300]
            )
    except IntegrityError:
        raise Conflict("What you said of this report a moment ago stands already.") from None
    settle(report)
    _record(VERBS[stance], report, by, state=report.state)
    return verdict


@transaction.atomic
def take_back_verdict(report, *, by):
    """Take back what one said of a report, where anything stands; that it was said stays readable."""
    require(by, "replications.take_back", report)
    report = _hold(report)
    verdict = report.verdicts.standing().filter(user=by).first()
    if verdict is None:
        return None
    if report.is_withdrawn:
        raise Conflict("The report was withdrawn; what was said of it by then stays on record.")
    verdict.withdrawn_at = timezone.now()
    verdict.save(update_fields=["withdrawn_at"])
    settle(report)
    _record("replication.verdict_withdrawn", report, by, state=report.state)
    return verdict


@transaction.atomic
def withdraw(report, reason, *, by):
    """Withdraw one's own report for good; it stays readable with the reason, and counts no more."""
    report = _hold(report)
    require(by, "replications.withdraw", report)
    if report.is_withdrawn:
        raise Conflict("This report was withdrawn already.")
    report.withdrawal = fit({"reason": reason}, "reason", like="withdrawal", required="Say why you withdraw it.")
    report.withdrawn_at = timezone.now()
    report.save(update_fields=["withdrawal", "withdrawn_at"])
    settle(report)
    _record("replication.withdrawn", report, by)
    return report


def settle(report):
    """Derive the state from the standing verdicts: a dispute outweighs, and takes no confirmation away."""
    standing = report.verdicts.standing()
    report.disputes = standing.filter(stance=Stance.DISPUTES).count()
    report.confirmations = standing.filter(stance=Stance.CONFIRMS, set_aside="").count()
    by_verdicts = State.DISPUTED if report.disputes else State.CONFIRMED if report.confirmations else State.REPORTED
    report.state = State.WITHDRAWN if report.withdrawn_at else by_verdicts
    report.counts = _counts(report)
    report.save(update_fields=["disputes", "confirmations", "state", "counts"])


def _counts(report):
    """Whether the clock takes a report into account: dated, and confirmed or sourced and not disputed.

    So a dispute alone removes nothing that somebody independent has confirmed.
    """
    if report.withdrawn_at or not report.date:
        return False
    return bool(report.confirmations or (report.sourced and not report.disputes))


def _hold(report):
    """The report as it is now, kept until the act is over."""
    Replication.objects.select_for_update(no_key=True).only("pk").get(pk=report.pk)
    return Replication.objects.with_all().get(pk=report.pk)


def _record(verb, report, by, **data):
    about = report.entry.subject
    record(
        verb, report.subject, by=by, lab=report.entry.lab.subject, about=about.ref, release=about.ref,
        release_title=str(report.entry), **data,
    )  # fmt: skip
