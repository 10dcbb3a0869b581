"""Pages of workshops and sessions."""

import zoneinfo
from itertools import groupby

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.errors import Conflict
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows
from registry.core.typed import sign_in_first, typed_before
from registry.history.feeds import SubjectFeed

from .actions import digest_of
from .forms import SessionForm, WorkshopForm, short_reference
from .identity import identity_of_session, identity_of_workshop
from .models import Session, Workshop


def find_workshop(request, slug):
    return get_object_or_404(Workshop.objects.visible_to(request.user).select_related("subject"), slug=slug)


@require_safe
def workshop_list(request):
    page = keyset(request, Workshop.objects.visible_to(request.user), "-starts_on", "-pk")
    return render(request, "workshops/list.html", {"page": page})


@require_safe
def detail(request, slug):
    workshop = find_workshop(request, slug)
    zone = zoneinfo.ZoneInfo(workshop.time_zone)
    sessions = workshop.sessions.select_related("subject").prefetch_related("speakers", "topics").in_programme_order()
    chairs = list(workshop.chairs.all())
    context = {
        "workshop": workshop,
        "identity": identity_of_workshop(workshop, chairs),
        "chairs": chairs,
        "days": programme(sessions, zone),
        "running": [s for s in sessions if s.starts_at <= timezone.now() < s.ends_at],
        "upcoming": next((s for s in sessions if s.starts_at > timezone.now()), None),
    }
    with timezone.override(zone):
        return render(request, "workshops/detail.html", context)


def programme(sessions, zone):
    """Days with their sessions, in the workshop's own time."""
    return [(day, list(rows)) for day, rows in groupby(sessions, key=lambda s: s.starts_at.astimezone(zone).date())]


@require_safe
def session(request, slug, pk):
    workshop = find_workshop(request, slug)
    found = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("subject").prefetch_related("speakers", "topics"),
        workshop=workshop, pk=pk,
    )  # fmt: skip
    with timezone.override(zoneinfo.ZoneInfo(workshop.time_zone)):
        context = {"workshop": workshop, "session": found, "identity": identity_of_session(workshop, found)}
        return render(request, "workshops/session.html", context)


@require_safe
def feed(request, slug):
    return WorkshopFeed()(request, subject=find_workshop(request, slug).subject)


class WorkshopFeed(SubjectFeed):
    """A workshop and all of its sessions."""

    def narrowed(self, events, subject):
        sessions = subject.ref.replace("workshop:", "session:") + "/"
        return events.about(subject) | events.filter(subject__ref__startswith=sessions)


@sign_in_first
@require_http_methods(["GET", "POST"])
def new(request):
    if not allows(request.user, "workshops.open"):
        raise Http404
    form = WorkshopForm(request.POST or None, initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(request.user).get_absolute_url())
        except (ValidationError, Conflict) as problem:
            show_refusal(form, problem)
    return render(request, "workshops/new.html", {"form": form})


@sign_in_first
@require_http_methods(["GET", "POST"])
def new_session(request, slug):
    workshop = _chaired(request, slug)
    return _session_form(request, workshop, None)


@sign_in_first
@require_http_methods(["GET", "POST"])
def edit_session(request, slug, pk):
    workshop = _chaired(request, slug)
    return _session_form(request, workshop, get_object_or_404(workshop.sessions.select_related("subject"), pk=pk))


def _chaired(request, slug):
    workshop = find_workshop(request, slug)
    if not allows(request.user, "workshops.chair", workshop):
        raise Http404
    return workshop


def _session_form(request, workshop, found):
    with timezone.override(zoneinfo.ZoneInfo(workshop.time_zone)):
        initial = typed_before(request, _initial(found) if found else None)
        form = SessionForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                save = form.change if found else form.save
                return redirect_once(request, lambda: save(found or workshop, request.user).get_absolute_url())
            except (ValidationError, Conflict) as problem:
                show_refusal(form, problem)
        context = {"form": form, "workshop": workshop, "session": found}
        return render(request, "workshops/session_form.html", context)


def _initial(found):
    fields = ("title", "kind", "room", "abstract", "starts_at", "ends_at")
    return {name: getattr(found, name) for name in fields} | {
        "speakers": " ".join(u.handle for u in found.speakers.all()),
        "topics": "\n".join(short_reference(s) for s in found.topics.all()),
        "seen": digest_of(found),
    }
