"""What is done with programmes and requests. Every change of a request is a step with a reason, and its clock counts
the days that it waits for the lab, not those that it waits for whoever asked."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.accounts.disclosing import disclosure_on
from registry.core.errors import Conflict, Stale
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record

from .fitting import fit_programme, fit_request, fit_words
from .models import AccessRequest, Programme

State = AccessRequest.State
LEFT_WAITING = timedelta(days=30)
# What may become of a request in each state.
WHEN = {
    "ask_more": (State.PENDING, State.APPEALED), "answer": (State.MORE,), "accept": (State.PENDING, State.APPEALED),
    "reject": (State.PENDING, State.APPEALED, State.MORE), "revoke": (State.ACCEPTED,),
    "withdraw": (State.PENDING, State.MORE, State.APPEALED, State.ACCEPTED), "appeal": (State.REJECTED, State.REVOKED),
    "expire": (State.ACCEPTED, State.MORE),
}  # fmt: skip
MOST_APPEALS = 2  # one against a rejection, one against a revocation


@transaction.atomic
def open_programme(entry, given, *, by):
    """Offer access to gated components of a published entry."""
    require(by, "access.offer", entry)
    take("programme", f"u{by.pk}", size=20, per_seconds=3600)
    said = fit_programme(given, entry.current.content)
    if entry.programmes.filter(name=said["name"]).exists():
        raise Conflict("This entry has a programme of that name. Change that one, or name this one differently.")
    programme = Programme.objects.create(entry=entry, opened_by=by, **said)
    _record("access.opened", programme, by)
    return programme


@transaction.atomic
def change_programme(programme, given, *, by, version=None):
    """Change what a programme says; requests keep the questions that they answered."""
    require(by, "access.conduct", programme)
    locked = _held(programme, version)
    said = fit_programme(given, locked.entry.current.content)
    if all(getattr(locked, name) == value for name, value in said.items()):
        raise Conflict("Nothing was changed.")
    for name, value in said.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    _record("access.changed", locked, by)
    return locked


@transaction.atomic
def close_programme(programme, words, *, by):
    """Take no further requests, with a reason that everybody sees; those that wait are still decided."""
    require(by, "access.conduct", programme)
    words, locked = fit_words(words, "Say why; everybody sees it."), _held(programme)
    if locked.closed_at:
        raise Conflict("This programme is closed already.")
    locked.closed_at, locked.closed_because = timezone.now(), words[:2000]
    locked.save(update_fields=["closed_at", "closed_because"])
    _record("access.closed", locked, by, reason=locked.closed_because)
    return locked


@transaction.atomic
def reopen_programme(programme, *, by):
    require(by, "access.conduct", programme)
    locked = _held(programme)
    if locked.closed_at is None:
        raise Conflict("This programme is open.")
    locked.closed_at, locked.closed_because = None, ""
    locked.save(update_fields=["closed_at", "closed_because"])
    _record("access.reopened", locked, by)
    return locked


@transaction.atomic
def ask(programme, given, *, by):
    """Ask for access; one request of a person to a programme is under way at a time."""
    require(by, "access.ask", programme)
    take("access", f"u{by.pk}", size=20, per_seconds=86_400)
    locked = _held(programme)
    if locked.closed_at:
        raise Conflict("This programme takes no further requests.")
    now, said = timezone.now(), fit_request(given, locked)
    try:
        with transaction.atomic():
            request = AccessRequest.objects.create(
                programme=locked, user=by, made_at=now, since=now, terms=locked.terms,
                disclosure=disclosure_on(locked.entry.lab, by), **said,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("You have a request to this programme already. It stands under “My requests”.") from None
    request.steps.create(state=State.PENDING, by=by, at=now)
    _write_to_lab(request, f"Somebody asks for access by “{locked}”. The request waits for your decision.")
    return request


@transaction.atomic
def ask_more(request, words, *, by):
    """Ask whoever asks for more; the clock of the lab stands still until they have answered."""
    words = fit_words(words, "Say what you need to know.")
    return _step("ask_more", request, State.MORE, words, by, rule="access.decide")


@transaction.atomic
def answer(request, words, *, by):
    words = fit_words(words, "Write your answer.")
    before = request.steps.filter(state=State.APPEALED).exists()
    state = State.APPEALED if before and request.accepted is False else State.PENDING
    return _step("answer", request, state, words, by, rule="access.own")


@transaction.atomic
def accept(request, words, *, by):
    """Give access, with what holds for it, until the end that the programme sets."""
    words = fit_words(words, "Say how access is given, and what holds for it.")
    request = _step("accept", request, State.ACCEPTED, words, by, rule="access.decide", accepted=True)
    if request.programme.lasts:
        request.ends_at = request.since + timedelta(days=request.programme.lasts)
        request.save(update_fields=["ends_at"])
    return request


@transaction.atomic
def reject(request, words, *, by):
    words = fit_words(words, "Say why, so that whoever asked can understand it or appeal.")
    return _step("reject", request, State.REJECTED, words, by, rule="access.decide", accepted=False)


@transaction.atomic
def revoke(request, words, *, by):
    words = fit_words(words, "Say why, so that whoever loses access can understand it or appeal.")
    return _step("revoke", request, State.REVOKED, words, by, rule="access.decide", accepted=False)


@transaction.atomic
def withdraw(request, words="", *, by):
    return _step("withdraw", request, State.WITHDRAWN, (words or "")[:2000], by, rule="access.own")


@transaction.atomic
def appeal(request, words, *, by):
    """Ask that somebody else of the lab decide anew; once against a rejection and once against a revocation."""
    words = fit_words(words, "Say why the decision is wrong.")
    return _step("appeal", request, State.APPEALED, words, by, rule="access.own")


@transaction.atomic
def expire(pk):
    """End an access at its end, or a request whose questions were left unanswered for 30 days; may be done twice."""
    request = AccessRequest.objects.select_for_update(of=["self"], no_key=True).with_programme().get(pk=pk)
    now = timezone.now()
    ended = request.state == State.ACCEPTED and request.ends_at and request.ends_at <= now
    left = request.state == State.MORE and request.since <= now - LEFT_WAITING
    if not ended and not left:
        return
    said = "The time for which access was given is over."
    if left:
        said = f"The question of the lab had no answer for {LEFT_WAITING.days} days."
    _change(request, State.EXPIRED, said, None)
    _write_to_requester(request, said)


ACTS = {
    "ask_more": ask_more, "answer": answer, "accept": accept, "reject": reject, "revoke": revoke, "withdraw": withdraw,
    "appeal": appeal,
}  # fmt: skip


def _held(programme, version=None):
    """The programme, locked: two acts come one after the other."""
    locked = Programme.objects.select_for_update(of=["self"], no_key=True).select_related(
        "entry__lab__subject", "entry__subject", "entry__current"
    ).get(pk=programme.pk)  # fmt: skip
    if version is not None and version != locked.version:
        raise Stale("Somebody changed this programme while you were writing. Compare, and send yours again.")
    return locked


def _step(act, request, state, words, by, *, rule, accepted=None):
    locked = AccessRequest.objects.select_for_update(of=["self"], no_key=True).with_programme().get(pk=request.pk)
    require(by, rule, locked)
    take("access-step", f"u{by.pk}", size=120, per_seconds=3600)
    if locked.state not in WHEN[act]:
        raise Conflict(f"This request is in another state by now: {locked.get_state_display().lower()}.")
    if act == "appeal":
        since = locked.steps.filter(state__in=[State.REJECTED, State.REVOKED])
        if locked.appeals >= MOST_APPEALS or locked.appeals >= since.values("state").distinct().count():
            raise Conflict("This decision was appealed before. What was decided then stands.")
        locked.appeals += 1
    if accepted is not None:
        locked.accepted, locked.decided_by, locked.decided_at = accepted, by, timezone.now()
    _change(locked, state, words, by)
    if by.pk == locked.user_id:
        _write_to_lab(locked, f"A request for access by “{locked.programme}” is in a new state: {state.label.lower()}.")
    else:
        _write_to_requester(locked, words)
    return locked


def _change(request, state, words, by):
    now = timezone.now()
    if request.state in AccessRequest.WAITS_FOR_LAB:
        request.waited += max(0, int((now - request.since).total_seconds()))
    request.state, request.since = state, now
    request.save()
    request.steps.create(state=state, by=by, words=words, at=now)


def _write_to_lab(request, words):
    entry = request.programme.entry
    people = entry.lab.memberships.filter(role__in=["owner", "editor"]).select_related("user")
    for member in people.exclude(user=request.user):
        _write(member.user.address, request, words)


def _write_to_requester(request, words):
    state = AccessRequest.State(request.state).label
    _write(request.user.address, request, f"{state}.\n\n{words}")


def _write(address, request, words):
    if address:
        title = f"[Daylight] Access: {request.programme}".replace("\n", " ").replace("\r", " ")
        EmailMessage(title, f"{words}\n\n{settings.BASE_URL}{request.get_absolute_url()}\n", to=[address]).send()


def _record(verb, programme, by, **more):
    entry = programme.entry
    record(verb, entry.subject, by=by, lab=entry.lab.subject, programme=programme.pk, name=programme.name, **more)
