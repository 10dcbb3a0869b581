"""The pages on which discussions are written."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.idempotency import redirect_once
from registry.core.limits import take
from registry.core.rules import require
from registry.core.subjects import Subject

from .. import drafts
from ..forms import EditForm, RetractForm, ThreadForm
from ..mentions import offered
from ..models import Comment, HeldPost
from ..validators import clean_body
from .answering import answered, form_html, reply_form, speaks_for
from .finding import find_thread

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (Invalid, Conflict, Refused, Stale, TooMany)


@form_page
def reply(request, pk):
    """Write a comment; without script or account the way that every reply link leads."""
    given = request.POST if request.method == "POST" else request.GET
    thread, parent, quote = answered(request.user, given, find_thread(pk))
    place = drafts.place_of_reply(thread, parent)
    if not request.user.is_authenticated:
        back = f"?quote={quote.pk}" if quote else f"?parent={parent.pk}" if parent else ""
        return drafts.sign_in_first(request, place, request.path + back)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    if request.method != "POST":
        require(request.user, "threads.post", thread)
    form = reply_form(request, thread, parent, quote)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(
                request, lambda: _place_of(form.save(thread, parent)), foresee=lambda: form.foresee(thread)
            )
        except REFUSALS as problem:
            form.refuse(problem)
            _keep_for_later(request, place, problem)
    if form.is_bound and form.lab is None:
        form.offer_official(speaks_for(request.user, thread.about))
    html = form_html(request, thread, parent, form, preview)
    people = offered(request.user, "", thread)
    context = {"thread": thread, "parent": parent, "quote": quote, "form": html, "people": people}
    return render(request, "threads/reply.html", context, status=400 if form.errors else 200)


@form_page
def new(request):
    """Start a discussion of a subject."""
    given = request.POST if request.method == "POST" else request.GET
    subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=given.get("subject", ""))
    place, passage = drafts.place_of_new(subject), given.get("passage", "")[: drafts.MOST_PASSAGE]
    if not request.user.is_authenticated:
        asked = {"subject": subject.ref} | ({"passage": passage} if passage else {})
        return drafts.sign_in_first(request, place, f"{request.path}?{urlencode(asked, safe=':/')}")
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    if request.method != "POST":
        require(request.user, "threads.start", subject)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {name: getattr(draft, name) for name in drafts.TYPED} if draft else {}
    if passage:  # one that was just selected goes before that of a draft
        initial["passage"] = passage
    form = ThreadForm(
        request.POST or None, initial=initial, user=request.user, lab=speaks_for(request.user, subject)
    )
    form.offer_pseudonyms(subject)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(subject).get_absolute_url())
        except REFUSALS as problem:
            form.refuse(problem)
            _keep_for_later(request, place, problem)
    context = {"subject": subject, "form": form, "preview": preview, "draft": draft}
    return render(request, "threads/new.html", context, status=400 if form.errors else 200)


@form_page
def edit(request, pk):
    """Change one's own comment; what it said before stays to be read."""
    comments = Comment.objects.visible_to(request.user).with_thread()
    found = get_object_or_404(comments, pk=pk)
    place = drafts.place_of_edit(found)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, request.path)
    require(request.user, "threads.edit", found)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {"body": draft.body if draft else found.body, "version": found.edits}
    form = EditForm(request.POST or None, initial=initial, user=request.user)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(_place_of(form.save(found)))
        except REFUSALS as problem:
            form.refuse(problem)
    context = {"comment": found, "thread": found.thread, "form": form, "preview": preview, "draft": draft}
    return render(request, "threads/edit.html", context, status=400 if form.errors else 200)


@form_page
@login_required
def retract(request, pk):
    """Take back one's own comment, once and for all; what it said stays to be read."""
    found = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    require(request.user, "threads.retract", found)
    form = RetractForm(request.POST or None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: _place_of(form.save(found)))
        except REFUSALS as problem:
            form.refuse(problem)
    context = {"comment": found, "thread": found.thread, "form": form}
    return render(request, "threads/retract.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def preview(request):
    """The HTML that would be stored, as a fragment; a refused text is answered with the reason."""
    take("preview", f"u{request.user.pk}", size=60, per_seconds=60)
    return HttpResponse(_preview_html(request.POST.get("body", "")))


def _preview(request, form):
    """The preview of a form that was sent by its Preview button."""
    return mark_safe(_preview_html(request.POST.get("body", ""))) if "preview" in request.POST else ""  # noqa: S308


def _preview_html(body):
    try:
        return clean_body(body)[1]
    except Invalid as problem:
        return render_to_string("threads/_refused.html", {"said": problem.messages})


def _keep_for_later(request, place, problem):
    """Who has to wait finds the text again, however long it takes."""
    if isinstance(problem, TooMany):
        drafts.keep(request.user, place, body=request.POST.get("body", ""), title=request.POST.get("title", ""))


def _place_of(comment):
    if isinstance(comment, HeldPost):
        return comment.get_absolute_url()
    return f"{comment.thread.get_absolute_url()}#c-{comment.pk}"
