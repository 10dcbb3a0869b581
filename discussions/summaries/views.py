"""Pages of summaries: all that a discussion had, and writing one."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discussions.threads import drafts
from discussions.threads.models import Thread
from discussions.threads.validators import clean_body
from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows, require
from registry.history.feeds import SubjectFeed

from .actions import current_summary, mark_fair, take_back_fair
from .forms import SummaryForm, place_of
from .models import Fair, Summary

REFUSALS = (Invalid, Conflict, Refused, Stale, TooMany)


def _thread(request, pk):
    return get_object_or_404(Thread.objects.visible_to(request.user).with_people(), pk=pk)


@require_safe
def history(request, pk):
    """Every summary that a discussion had, the newest first; those who took part mark positions of the first."""
    thread = _thread(request, pk)
    page = keyset(request, Summary.objects.visible_to(request.user).filter(thread=thread).with_people(), size=10)
    current = current_summary(thread)
    marks = current is not None and allows(request.user, "summaries.mark_fair", thread)
    mine = Fair.objects.filter(summary=current, user=request.user) if marks else Fair.objects.none()
    mine = set(mine.values_list("position", flat=True))
    context = {"thread": thread, "page": page, "current": current, "marks": marks, "mine": mine}
    return render(request, "summaries/list.html", context)


class SummaryFeed(SubjectFeed):
    """The summaries of one discussion as they were written and called fair."""

    def narrowed(self, events, subject):
        return events.about(subject).filter(verb__startswith="summary.")


@require_safe
def feed(request, pk):
    return SummaryFeed()(request, subject=_thread(request, pk).subject)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, pk):
    """Write a summary, starting from the current one."""
    thread = _thread(request, pk)
    place = place_of(thread)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, request.path)
    require(request.user, "summaries.write", thread)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    current = current_summary(thread)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    form = SummaryForm(request.POST or None, initial=_initial(thread, current, draft), user=request.user)
    preview = _preview(request)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: _place_of(form.save(thread).thread))
        except REFUSALS as problem:
            form.refuse(problem)
    context = {"thread": thread, "form": form, "draft": draft, "preview": preview, "current": current}
    return render(request, "summaries/new.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def fair(request, pk):
    """Mark a position of the summary on screen, or take the mark back: `position` and `take_back` name its place."""
    thread = _thread(request, pk)
    require(request.user, "summaries.mark_fair", thread)
    summaries = Summary.objects.visible_to(request.user).filter(thread=thread).with_people()
    summary = get_object_or_404(summaries, pk=_number(request.POST.get("summary", "")))
    if "take_back" in request.POST:
        take_back_fair(summary, request.user, _number(request.POST["take_back"]))
    else:
        mark_fair(summary, _number(request.POST.get("position", "")), request.user)
    return redirect(_place_of(thread))


def _number(value):
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def _place_of(thread):
    return reverse("summaries:list", args=[thread.pk])


def _initial(thread, current, draft):
    initial = {"first": 1, "last": thread.next_number - 1, "replaces": current.pk if current else None}
    if current:
        initial |= {"body": current.body, "positions": "\n".join(current.positions)}
    return initial | ({"body": draft.body} if draft else {})


def _preview(request):
    if "preview" not in request.POST:
        return ""
    try:
        return mark_safe(clean_body(request.POST.get("body", ""))[1])  # noqa: S308 - rendered and sanitised
    except Invalid as problem:
        return render_to_string("threads/_refused.html", {"said": problem.messages})
