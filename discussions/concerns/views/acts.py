"""Pages on which concerns are opened, answered, settled and co-signed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from discussions.threads import drafts
from discussions.threads.models import Comment
from discussions.threads.ties import lab_of
from discussions.threads.validators import clean_body
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.idempotency import redirect_once
from registry.core.rules import require
from registry.core.subjects import Subject

from .. import signing
from ..actions import RESOLUTIONS, TRANSITIONS
from ..forms import AnswerForm, ConcernForm, ResolutionForm, place_of_answer, place_of_new, place_of_resolution
from ..models import Concern
from ..wording import waits_for

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (Invalid, Conflict, Refused, TooMany)


@form_page
def new(request):
    """Open a concern about a subject, or from a comment of one's own."""
    given = request.POST if request.method == "POST" else request.GET
    comment = _found(Comment.objects.visible_to(request.user).with_thread(), given.get("comment"))
    follows = _found(Concern.objects.visible_to(request.user).with_all(), given.get("follows"))
    subject = comment.thread.about if comment else follows.about if follows else _subject(request, given)
    place = place_of_new(subject)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, f"{request.path}?{_query(subject, comment, follows)}")
    if request.headers.get("X-Autosave") and comment is None:
        return drafts.answer_autosave(request, place)
    if request.method != "POST":
        require(request.user, *(("concerns.raise", comment) if comment else ("concerns.open", subject)))
    draft = None if request.method == "POST" or comment else drafts.kept(request, place)
    initial = {"title": draft.title, "body": draft.body} if draft else {}
    form = ConcernForm(
        request.POST or None, initial=initial, user=request.user, comment=comment,
        names_clause=lab_of(subject) is not None,
    )  # fmt: skip
    if comment is None:  # what was said keeps the name under which it was said
        form.offer_pseudonyms(subject)
    context = {"subject": subject, "comment": comment, "follows": follows, "draft": draft}
    return _answered(request, form, lambda: form.save(subject, follows), "concerns/new.html", context)


@form_page
def answer(request, pk):
    """Answer a concern in the name of whom it is addressed to."""
    concern = _concern(request, pk)
    place = place_of_answer(concern)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, request.path)
    require(request.user, "concerns.answer", concern)
    _still(concern, Concern.State.ANSWERED, request)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    form, draft = _form(request, AnswerForm, place)
    context = {"concern": concern, "draft": draft, "whom": waits_for(concern)}
    return _answered(request, form, lambda: form.save(concern), "concerns/answer.html", context)


@form_page
def resolution(request, pk, resolution):
    """Say what came of a concern: `accepted`, `dissent_kept`, `open` (again) or `withdrawn`."""
    if resolution not in RESOLUTIONS:
        raise Http404
    concern = _concern(request, pk)
    place = place_of_resolution(concern, resolution)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, request.path)
    require(request.user, TRANSITIONS[resolution][1], concern)
    _still(concern, resolution, request)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    form, draft = _form(request, ResolutionForm, place, resolution=resolution)
    context = {"concern": concern, "resolution": resolution, "draft": draft}
    return _answered(request, form, lambda: form.save(concern), "concerns/resolution.html", context)


@require_POST
@login_required
def sign(request, pk):
    concern = _concern(request, pk)
    signing.sign(concern, request.user)
    messages.success(request, "Your name stands below this concern, with your affiliations as you state them now.")
    return redirect(concern)


@require_POST
@login_required
def withdraw_signature(request, pk):
    concern = _concern(request, pk)
    signing.withdraw_signature(concern, request.user)
    messages.success(request, "Your name no longer stands below this concern.")
    return redirect(concern)


def _answered(request, form, save, template, context):
    """Do what the form asks for and lead to the concern, or show the form with what is to be mended."""
    preview = _preview(request)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: save().get_absolute_url())
        except REFUSALS as problem:
            form.refuse(problem)
    return render(request, template, context | {"form": form, "preview": preview}, status=400 if form.errors else 200)


def _form(request, form_class, place, **more):
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {"body": draft.body} if draft else {}
    return form_class(request.POST or None, initial=initial, user=request.user, **more), draft


def _still(concern, state, request):
    """A page for an act that is no longer possible says so before anything is typed; a post is told by the act."""
    sources = TRANSITIONS[state][0]
    if request.method != "POST" and concern.state not in sources:
        raise Conflict(f"This cannot be done: the concern is “{concern.get_state_display().lower()}” by now.")


def _preview(request):
    if "preview" not in request.POST:
        return ""
    try:
        return mark_safe(clean_body(request.POST.get("body", ""))[1])  # noqa: S308 - rendered and sanitised
    except Invalid as problem:
        return render_to_string("threads/_refused.html", {"said": problem.messages})


def _concern(request, pk):
    return get_object_or_404(Concern.objects.visible_to(request.user).with_comments(), pk=pk)


def _subject(request, given):
    subjects = Subject.objects.visible_to(request.user).filter(hidden=False)
    return get_object_or_404(subjects, ref=given.get("subject", ""))


def _found(queryset, value):
    """The row whose key an address names; None where it names none, 404 where there is no such row."""
    if not value:
        return None
    return get_object_or_404(queryset, pk=int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0)


def _query(subject, comment, follows):
    if comment:
        return f"comment={comment.pk}"
    return f"follows={follows.pk}" if follows else f"subject={subject.ref}"
