"""What is done with workshops and sessions."""

import hashlib
import re
import zoneinfo

from django.db import IntegrityError, transaction

from registry.core.days import check_day
from registry.core.errors import Conflict, Invalid
from registry.core.free_text import fit_line, fit_lines, fit_markdown
from registry.core.markdown import MarkdownRefused, render
from registry.core.rules import require
from registry.core.subjects import name_subject
from registry.core.time_zones import time_zones
from registry.history.recording import record
from registry.labs.models import SLUG

from .models import Session, Workshop

RESERVED = {"new", "feed"}
MOST_SESSIONS = 500


@transaction.atomic
def open_workshop(
    *, slug, title, starts_on, ends_on, by, summary="", colocated_with="", venue="", time_zone="UTC", chairs=(),
    pseudonyms=False,
):
    """Make a workshop; whoever opens it chairs it, with those named."""
    require(by, "workshops.open", None)
    if not re.fullmatch(SLUG, slug) or slug in RESERVED:
        raise Invalid("Use 1 to 60 small letters, digits and hyphens.", "slug")
    if Workshop.objects.filter(slug=slug).exists():
        raise Invalid("There is a workshop with this short name. Choose another.", "slug", "taken")
    title, summary = fit_line(title, "title", required=True), fit_lines(summary, "summary")
    colocated_with, venue = fit_line(colocated_with, "colocated_with"), fit_line(venue, "venue")
    if time_zone not in time_zones():
        raise Invalid("Write the time zone by its name, such as Europe/Vienna.", "time_zone")
    check_day(starts_on, "starts_on", "The first day")
    check_day(ends_on, "ends_on", "The last day")
    if ends_on < starts_on:
        raise Invalid(f"It cannot end ({ends_on}) before it begins ({starts_on}).", "ends_on")
    try:
        with transaction.atomic():
            subject = name_subject("workshop", slug, title=title, path=f"/workshops/{slug}/", public=True)
            _allow_pseudonyms(subject, pseudonyms)
            workshop = Workshop.objects.create(
                slug=slug, title=title, summary=summary, colocated_with=colocated_with, venue=venue,
                time_zone=time_zone, starts_on=starts_on, ends_on=ends_on, subject=subject,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("A workshop with this short name was opened a moment ago.") from None
    workshop.chairs.add(by, *chairs)
    record("workshop.opened", subject, by=by)
    return workshop


@transaction.atomic
def add_session(
    workshop, *, title, starts_at, ends_at, by, kind="discussion", room="", abstract="", speakers=(), topics=()
):
    """Put a session on the programme. `topics` are the subjects (norms, clauses, entries) that it discusses."""
    require(by, "workshops.chair", workshop)
    title, room, abstract = _fit(title, room, abstract)
    workshop = Workshop.objects.select_for_update().get(pk=workshop.pk)
    check_times(workshop, starts_at, ends_at)
    if workshop.sessions.count() >= MOST_SESSIONS:
        raise Conflict(f"A workshop has at most {MOST_SESSIONS} sessions.")
    session = Session.objects.create(
        workshop=workshop, title=title, kind=kind, starts_at=starts_at, ends_at=ends_at, room=room, abstract=abstract,
        abstract_html=_html(abstract),
    )  # fmt: skip
    session.subject = name_subject(
        "session", f"{workshop.slug}/{session.pk}", title=f"{title} ({workshop.title})",
        path=f"/workshops/{workshop.slug}/sessions/{session.pk}/", public=True,
    )  # fmt: skip
    session.save(update_fields=["subject"])
    _allow_pseudonyms(session.subject, workshop.subject.pseudonyms)
    session.speakers.set(speakers)
    session.topics.set(topics)
    record("session.added", session.subject, by=by, workshop=workshop.subject.ref)
    return session


@transaction.atomic
def change_session(
    session, *, title, starts_at, ends_at, by, kind, room="", abstract="", speakers=(), topics=(), seen=""
):
    """Change a session of the programme; its thread and address stay, and the change is on record.

    `seen` is the digest that it had on screen; raises `Conflict` where somebody changed it since.
    """
    require(by, "workshops.chair", session.workshop)
    now = Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.pk)
    if seen and seen != digest_of(now):
        raise Conflict(
            "Somebody changed this session since you opened this form. Open the session in another tab to see what "
            "it says now, and make your change there; what you typed stays here."
        )
    title, room, abstract = _fit(title, room, abstract)
    check_times(session.workshop, starts_at, ends_at)
    before = {"title": session.title, "starts_at": session.starts_at.isoformat(), "room": session.room}
    session.title, session.kind, session.room, session.abstract = title, kind, room, abstract
    session.starts_at, session.ends_at, session.abstract_html = starts_at, ends_at, _html(abstract)
    session.save()
    session.speakers.set(speakers)
    session.topics.set(topics)
    session.subject.title = f"{title} ({session.workshop.title})"[:300]
    session.subject.save(update_fields=["title"])
    record("session.changed", session.subject, by=by, workshop=session.workshop.subject.ref, before=before)
    return session


def digest_of(session):
    """Changes with everything that the form of a session holds."""
    said = [session.title, session.kind, session.starts_at, session.ends_at, session.room, session.abstract,
            *sorted(session.speakers.values_list("pk", flat=True)), "",
            *sorted(session.topics.values_list("pk", flat=True))]  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _allow_pseudonyms(subject, allowed):
    """A workshop's word holds for its own discussion and for those of its sessions."""
    if allowed:
        subject.pseudonyms = True
        subject.save(update_fields=["pseudonyms"])


def check_times(workshop, starts_at, ends_at):
    """A session lies within its workshop's days, in the workshop's own zone."""
    check_day(starts_at, "starts_at", "The beginning")
    check_day(ends_at, "ends_at", "The end")
    zone = zoneinfo.ZoneInfo(workshop.time_zone)
    if ends_at <= starts_at:
        raise Invalid("A session ends after it begins.", "ends_at")
    first, last = starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date()
    if first < workshop.starts_on or last > workshop.ends_on:
        raise Invalid(
            f"The workshop runs from {workshop.starts_on} to {workshop.ends_on} ({workshop.time_zone}); "
            "the session lies outside.", "starts_at",
        )  # fmt: skip


def _fit(title, room, abstract):
    return fit_line(title, "title", required=True), fit_line(room, "room"), fit_markdown(abstract, "abstract")


def _html(abstract):
    try:
        return render(abstract) if abstract else ""
    except MarkdownRefused as problem:
        raise Invalid(str(problem), "abstract") from None
