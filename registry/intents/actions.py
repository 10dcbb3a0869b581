"""Announcing what is planned, changing it in the open, making it final, withdrawing it, and looking back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from registry.accounts.disclosing import disclosure_on
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.limits import take
from registry.core.rules import require
from registry.core.subjects import Subject, name_subject
from registry.core.text import looks_empty
from registry.history.recording import record
from registry.releases.models import Entry

from .models import LOOK_BACK_DAYS, Intent, end_of, today_in
from .querysets import today as utc_today
from .unanswered import Unanswered, unanswered
from .validators import check_days, check_plan, check_zone, fit, in_words, lengthened, lines_of

State, Outcome, Verdict = Intent.State, Intent.Outcome, Intent.Verdict
SUBSTANCE = ("artefact", "title", "components", "what", "why")
DAYS = ("planned_on", "closes_on", "look_back_on")
NO_LINES = 0  # as a stage: the words alone


@transaction.atomic
def announce(entry, given, *, by):
    """Announce a planned decision about an entry, or about a draft; from now on it is public, with its window open.

    `given`: artefact, title, what, why, stage (a number, whose lines are copied), planned_on, closes_on, look_back_on,
    time_zone.
    """
    require(by, "intents.announce", entry)
    take("intent", f"u{by.pk}", size=20, per_seconds=3600)
    # Locked first, so that an entry that moderators take from view takes what is being announced along.
    Entry.objects.select_for_update(of=["self"], no_key=True).only("pk").get(pk=entry.pk)
    entry = Entry.objects.with_current().select_related("lab__subject").get(pk=entry.pk)
    require(by, "intents.announce", entry)
    zone = check_zone(given.get("time_zone") or by.time_zone)
    said = check_plan(given, lines_of(entry, given["stage"]) if given.get("stage") else [])
    days = {name: given.get(name) for name in DAYS}
    check_days(days, today_in(zone))
    if Intent.objects.announced().filter(entry=entry, announced_by=by, **said, **days).exists():
        raise Conflict("You have announced just this already.")
    intent = Intent.objects.create(
        entry=entry, lab=entry.lab, **said, **days, time_zone=zone, closes_at=end_of(days["closes_on"], zone),
        announced_by=by, disclosure=disclosure_on(entry.lab, by, official_for=entry.lab),
    )  # fmt: skip
    path = intent.get_absolute_url()
    intent.subject = name_subject("intent", intent.pk, title=str(intent), path=path, public=True)
    intent.save(update_fields=["subject"])
    _show(intent)
    _record("intent.announced", intent, by, closes=in_words(intent.closes_on), planned=in_words(intent.planned_on))
    return intent


@transaction.atomic
def change(intent, given, *, by, version=None):
    """Change or put off what is announced, with a reason; what it said before stays to be read.

    Fields that are not given stay. A change of substance keeps the comment window open, or opens it again, for a
    week. `version` is the one that was on screen; another one raises `Stale`.
    """
    intent = _hold(intent)
    require(by, "intents.conduct", intent)
    take("intent", f"u{by.pk}", size=20, per_seconds=3600)
    _expect(intent, State.ANNOUNCED)
    if version is not None and version != intent.version:
        raise Stale("Somebody changed this intent while you were writing. Compare, and send yours again.")
    reason = fit(given, "reason")
    before = {name: getattr(intent, name) for name in (*SUBSTANCE, *DAYS)}
    said = {name: given.get(name, before[name]) for name in ("artefact", "title", "what", "why")}
    after = check_plan(said, _lines_after(intent, given)) | {name: given.get(name, before[name]) for name in DAYS}
    sooner = after["planned_on"] and after["planned_on"] < before["planned_on"]
    of_substance = bool(sooner) or any(after[name] != before[name] for name in SUBSTANCE)
    if after == before:
        raise Conflict("Nothing was changed, so there is nothing to announce.")
    today = today_in(intent.time_zone)
    if of_substance and after["closes_on"]:
        after["closes_on"] = lengthened(after["closes_on"], today)
    check_days(after, today, before=before)
    values = {name: [_plain(before[name]), _plain(after[name])] for name in before if before[name] != after[name]}
    made = intent.changes.create(values=values, reason=reason, of_substance=of_substance, by=by)
    for name, value in after.items():
        setattr(intent, name, value)
    if "closes_on" in values:
        intent.closes_at, intent.closing_told_at = end_of(intent.closes_on, intent.time_zone), None
    intent.version += 1
    intent.save()
    _show(intent)
    put_off = made.puts_off and not of_substance
    said = {"closes": in_words(intent.closes_on), "planned": in_words(intent.planned_on)}
    _record("intent.put_off" if put_off else "intent.changed", intent, by, change=made.pk, **said)
    return made


@transaction.atomic
def make_final(intent, given, *, by):
    """Say what was decided: carried out, in which revision of the entry; or otherwise, with the reason.

    Raises `Unanswered` while a concern about it waits for an answer. `given`: outcome, revision (a number), decision.
    """
    intent = _hold(intent)
    require(by, "intents.conduct", intent)
    _expect(intent, State.ANNOUNCED)
    # Whoever opens a concern counts it on this row first: one that was opened before is seen, one after comes later.
    Subject.objects.select_for_update(no_key=True).only("pk").get(pk=intent.subject_id)
    if waiting := unanswered(intent.subject):
        raise Unanswered(waiting)
    if intent.is_open:
        last = in_words(intent.closes_on)
        raise Conflict(f"Comments are open until the end of {last} ({intent.time_zone}). It can be made final then.")
    if given.get("outcome") not in Outcome.values:
        raise Invalid(f"Choose one of these: {', '.join(Outcome.values)}.", "outcome", "choice")
    intent.outcome, intent.decision = given["outcome"], fit(given, "decision")
    intent.revision = _revision(intent, given.get("revision"))
    if intent.outcome == Outcome.CARRIED_OUT and intent.revision is None:
        raise Invalid("Name the revision of the entry that carried it out.", "revision", "required")
    if intent.outcome == Outcome.CHANGED and looks_empty(intent.decision):
        raise Invalid("Say what was decided instead, and why.", "decision", "required")
    intent.state, intent.finalised_at = State.FINAL, timezone.now()
    if intent.look_back_on is None or intent.look_back_on <= utc_today():
        intent.look_back_on = utc_today() + timedelta(days=LOOK_BACK_DAYS)
    intent.save()
    _show(intent)
    _record("intent.finalised", intent, by, outcome=intent.outcome)
    return intent


@transaction.atomic
def withdraw(intent, reason, *, by):
    """Withdraw what is announced, for good and with the reason; it stays readable."""
    intent = _hold(intent)
    require(by, "intents.conduct", intent)
    _expect(intent, State.ANNOUNCED)
    intent.withdrawal = fit({"reason": reason}, "reason", like="withdrawal")
    intent.state, intent.withdrawn_at = State.WITHDRAWN, timezone.now()
    intent.save()
    _show(intent)
    _record("intent.withdrawn", intent, by)
    return intent


@transaction.atomic
def look_back(intent, given, *, by):
    """Say whether the reasons still hold, once and for good, from the day on that was named for it.

    `given`: verdict, look_back (the text).
    """
    intent = _hold(intent)
    require(by, "intents.conduct", intent)
    _expect(intent, State.FINAL)
    if intent.looked_back_at is not None:
        raise Conflict("The look-back on this intent is written already.")
    if not intent.look_back_is_due:
        raise Conflict(f"The look-back is for {in_words(intent.look_back_on)} or later, as was announced.")
    if given.get("verdict") not in Verdict.values:
        raise Invalid(f"Choose one of these: {', '.join(Verdict.values)}.", "verdict", "choice")
    intent.verdict, intent.look_back = given["verdict"], fit(given, "look_back")
    intent.looked_back_at = timezone.now()
    intent.save()
    _show(intent)
    _record("intent.looked_back", intent, by, verdict=intent.get_verdict_display().lower())
    return intent


@transaction.atomic
def tell_of_closing(pk):
    """Tell followers once that the comment window has closed; whoever is second finds it told. The worker's."""
    closed = Intent.objects.announced().filter(pk=pk, closing_told_at=None, closes_at__lte=timezone.now())
    if not closed.update(closing_told_at=timezone.now()):
        return False
    _record("intent.window_closed", Intent.objects.with_all().get(pk=pk), None)
    return True


@transaction.atomic
def remind(pk):
    """Remind all followers once that the look-back is due; whoever is second finds it done. The worker's."""
    due = Intent.objects.look_back_due().filter(pk=pk, reminded_at=None)
    if not due.update(reminded_at=timezone.now()):
        return False
    _record("intent.look_back_due", Intent.objects.with_all().get(pk=pk), None)
    return True


def _hold(intent):
    """The intent as it is now, kept until the act is over."""
    Intent.objects.select_for_update(no_key=True).only("pk").get(pk=intent.pk)
    return Intent.objects.with_all().get(pk=intent.pk)


def _expect(intent, state):
    if intent.state == state:
        return
    said = {State.ANNOUNCED: "is announced", State.FINAL: "is final", State.WITHDRAWN: "was withdrawn"}
    raise Conflict(f"This cannot be done: the intent {said[intent.state]}.")


def _lines_after(intent, given):
    """The lines after a change: those of another stage, none, or as they are."""
    stage = given.get("stage")
    if stage is None:
        return intent.components
    return lines_of(Entry.objects.with_current().get(pk=intent.entry_id), stage) if stage != NO_LINES else []


def _revision(intent, number):
    """A revision of the entry that was published since the intent was announced, or None where none is named."""
    if number is None:
        return None
    found = intent.entry.revisions.filter(number=min(number, 2**31 - 1)).first()
    if found is None or intent.public_entry is None:
        raise Invalid("The entry has no such published revision.", "revision", "unknown_revision")
    if found.published_at < intent.announced_at:
        refused = (
            f"Revision {found.number} was published on {in_words(found.published_at.date())}, before the intent was "
            f"announced on {in_words(intent.announced_at.date())}; it cannot have carried it out."
        )
        raise Invalid(refused, "revision", "before_the_intent")
    return found


def _show(intent):
    """Keep in step what search finds it by and what comments say they were made for."""
    texts = (intent.artefact, intent.what, intent.why, intent.decision, intent.withdrawal, intent.look_back)
    shown = {"title": str(intent), "as_of": f"version {intent.version}", "text": "\n".join(filter(None, texts))}
    Subject.objects.filter(pk=intent.subject_id).update(**shown)
    for name, value in shown.items():
        setattr(intent.subject, name, value)


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _record(verb, intent, by, **data):
    """Record an act. The entry is named only where everybody may see it, since events are public."""
    if entry := intent.public_entry:
        data |= {"about": entry.subject.ref, "release": entry.subject.ref, "release_title": str(entry)}
    record(verb, intent.subject, by=by, lab=intent.lab.subject, version=intent.version, **data)
