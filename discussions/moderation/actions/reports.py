"""Reporting something, and answering reports."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.core.errors import Conflict
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record

from ..models import Report
from ..rules import require_untied
from ..targets import columns_of, subject_of
from ..validators import check_rule, clean_words

REPORT = 2000


@transaction.atomic
def report(target, *, rule, by, text=""):
    """Ask moderators to look at something; one open report per person and thing."""
    require(by, "moderation.report", target)
    check_rule(rule)
    text = clean_words(text, "text", REPORT, required=False, lines=True)
    take("report", f"u{by.pk}", size=20, per_seconds=3600)
    try:
        with transaction.atomic():
            made = Report.objects.create(**columns_of(target), rule=rule, text=text, reporter=by)
    except IntegrityError:
        raise Conflict("You have reported this already; a moderator will look at it.") from None
    record("moderation.reported", by.subject, by=by, public=False, report=made.pk, rule=rule)
    return made


@transaction.atomic
def decline(target, *, answer, by):
    """Answer the open reports on something by saying why nothing is done."""
    require_untied(by, target)
    answer = clean_words(answer, "answer")
    settled = Report.objects.filter(**columns_of(target)).waiting().update(
        state=Report.State.DECLINED, answer=answer, settled_by=by, settled_at=timezone.now()
    )  # fmt: skip
    if not settled:
        raise Conflict("No report on this is open any more.")
    record("moderation.declined", subject_of(target), by=by, public=False, reports=settled)
    return settled


def first_report(target):
    """When the first of the open reports on something came in."""
    reports = Report.objects.filter(**columns_of(target)).waiting()
    return reports.order_by("at").values_list("at", flat=True).first()


def uphold_reports(decision):
    """The open reports on what was decided led to the decision."""
    Report.objects.filter(**columns_of(decision.target)).waiting().update(
        state=Report.State.UPHELD, decision=decision, settled_by=decision.by, settled_at=timezone.now()
    )
