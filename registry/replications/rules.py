"""Who may report, say what they think of a report, and take back what is theirs."""

from registry.core.rules import rule


@rule("replications.report", refusal="Sign in to report; only entries that are published take reports.")
def may_report(user, entry):
    return user.is_authenticated and entry.published_at is not None and _is_open(entry.subject)


@rule(
    "replications.assess",
    refusal="Sign in to confirm or dispute a report; nobody does that to their own, or to one that was withdrawn.",
)
def may_assess(user, report):
    others = user.is_authenticated and report.reporter_id != user.pk
    return others and not report.is_withdrawn and not report.subject.locked and _is_open(report.entry.subject)


@rule("replications.take_back", refusal="Sign in to take back what you said of a report.")
def may_take_back(user, report):
    return user.is_authenticated


@rule("replications.withdraw", refusal="Only whoever made the report may withdraw it.")
def may_withdraw(user, report):
    return user.is_authenticated and report.reporter_id == user.pk


def _is_open(subject):
    return subject.public and not subject.hidden and not subject.locked
