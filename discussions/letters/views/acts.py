"""Pages on which letters are written, answered, dated, withdrawn, published and reported."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from discussions.threads import drafts
from discussions.threads.ties import lab_of
from discussions.threads.validators import clean_body
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import allows, require
from registry.core.subjects import Subject

from .. import actions, consent
from ..forms import (
    AnswerForm,
    DateForm,
    LetterForm,
    OldLetterForm,
    ProposalForm,
    RefusalForm,
    ReportForm,
    place_of_answer,
    place_of_new,
    place_of_old,
)
from ..models import LabLetter, LetterProposal, Visibility
from ..readers import Readers

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (Invalid, Conflict, Refused, TooMany)


@form_page
def new(request):
    """Write to the lab that a subject belongs to."""
    subject = _subject(request)
    place = place_of_new(subject)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, f"{request.path}?{urlencode({'subject': subject.ref}, safe=':/')}")
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    require(request.user, "letters.send", subject)
    readers = Readers(subject)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {"title": draft.title, "body": draft.body} if draft else {}
    if request.GET.get("visibility") in Visibility.values:
        initial["visibility"] = request.GET["visibility"]
    form = LetterForm(request.POST or None, initial=initial, user=request.user, subject=subject, readers=readers)
    context = {"subject": subject, "lab": readers.lab, "draft": draft}
    return _answered(request, form, form.save, place, "letters/new.html", context)


@form_page
def old(request):
    """Enter a letter that was written elsewhere, for the other side to agree that it is published."""
    subject = _subject(request)
    place = place_of_old(subject)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, f"{request.path}?{urlencode({'subject': subject.ref}, safe=':/')}")
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    require(request.user, "letters.send", subject)
    lab = lab_of(subject)
    speaks = allows(request.user, "labs.speak", lab)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {"title": draft.title, "body": draft.body} if draft else {}
    form = OldLetterForm(
        request.POST or None, initial=initial, user=request.user, subject=subject, lab=lab, speaks=speaks
    )
    context = {"subject": subject, "lab": lab, "speaks": speaks, "draft": draft}
    return _answered(request, form, form.save, place, "letters/old.html", context)


@form_page
def answer(request, pk):
    """Write below a letter; its own page holds the form, this one what is to be mended."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, f"letter:{pk}", request.path)
    letter = _readable(request, pk)
    place = place_of_answer(letter)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    require(request.user, "letters.answer", letter)
    form, draft = answer_form(request, letter)
    context = {"letter": letter, "draft": draft}
    return _answered(request, form, lambda: form.save(letter), place, "letters/answer.html", context)


def answer_form(request, letter):
    """The form below a letter, and the draft that stands in it."""
    speaks = letter.sender_id != request.user.pk and allows(request.user, "labs.speak", letter.lab)
    draft = None if request.method == "POST" else drafts.kept(request, place_of_answer(letter))
    initial = {"body": draft.body} if draft else {}
    lab = letter.lab if speaks else None
    return AnswerForm(request.POST or None, initial=initial, user=request.user, lab=lab), draft


@form_page
@login_required
def date(request, pk):
    """Let a dated letter become public at another time."""
    letter = _readable(request, pk)
    require(request.user, "letters.change", letter)
    form = DateForm(request.POST or None, user=request.user)
    context = {"letter": letter, "changes": list(letter.date_changes.all())}
    return _settled(request, form, lambda: form.save(letter, request.user), "letters/date.html", context)


@require_POST
@login_required
def opening(request, pk):
    letter = _readable(request, pk)
    thread = actions.open_now(letter, request.user).thread
    messages.success(request, "The letter is public now, with every answer.")
    return redirect(thread)


@require_POST
@login_required
def withdrawal(request, pk):
    letter = _readable(request, pk)
    actions.withdraw(letter, request.user)
    messages.success(request, "Withdrawn. Its place says so; who has read the letter has read it.")
    return redirect(letter)


@form_page
@login_required
def proposal(request, pk):
    """Propose to the other side to publish a private letter."""
    letter = _readable(request, pk)
    require(request.user, "letters.propose", letter)
    form = ProposalForm(request.POST or None)
    return _settled(request, form, lambda: form.save(letter, request.user), "letters/proposal.html", {"letter": letter})


@require_POST
@login_required
def take_back(request, pk):
    letter = _readable(request, pk)
    consent.take_back_proposal(_waiting(letter), request.user)
    messages.success(request, "Taken back. The letter stays private.")
    return redirect(letter)


@require_POST
@login_required
def agreement(request, pk):
    letter = _readable(request, pk)
    thread = consent.consent(_waiting(letter), request.user).thread
    messages.success(request, "Both sides agreed: it is public now.")
    return redirect(thread)


@form_page
@login_required
def refusal(request, pk):
    """Decline to publish what the other side proposed."""
    letter = _readable(request, pk)
    waiting = _waiting(letter)
    require(request.user, "letters.consent", waiting)
    form = RefusalForm(request.POST or None)
    context = {"letter": letter, "proposal": waiting}
    return _settled(request, form, lambda: form.save(waiting, request.user), "letters/refusal.html", context)


@form_page
@login_required
def report(request, pk):
    """Report a letter to moderators, who may read it from then on where they have no ties."""
    letter = _readable(request, pk)
    require(request.user, "letters.report", letter)
    form = ReportForm(request.POST or None)

    def save():
        form.save(letter, request.user)
        messages.success(request, "Reported. A moderator without ties to it reads your report and answers it.")
        return letter

    return _settled(request, form, save, "letters/report.html", {"letter": letter})


def _answered(request, form, save, place, template, context):
    """Do what a form for a text asks for, or show it with what is to be mended, or with its preview."""
    preview = _preview(request)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: save().get_absolute_url())
        except REFUSALS as problem:
            form.refuse(problem)
            if isinstance(problem, TooMany):
                typed = {name: request.POST.get(name, "") for name in ("body", "title")}
                drafts.keep(request.user, place, **typed)
    context |= {"form": form, "preview": preview}
    return _shown(request, template, context, form)


def _settled(request, form, save, template, context):
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: save().get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
    return _shown(request, template, context | {"form": form}, form)


def _shown(request, template, context, form):
    response = render(request, template, context, status=400 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _preview(request):
    if "preview" not in request.POST:
        return ""
    try:
        return mark_safe(clean_body(request.POST.get("body", ""))[1])  # noqa: S308 - rendered and sanitised
    except Invalid as problem:
        return render_to_string("threads/_refused.html", {"said": problem.messages})


def _subject(request):
    given = request.POST if request.method == "POST" else request.GET
    subjects = Subject.objects.visible_to(request.user).filter(hidden=False)
    return get_object_or_404(subjects, ref=given.get("subject", ""))


def _readable(request, pk):
    return get_object_or_404(LabLetter.objects.readable_by(request.user).with_place(), pk=pk)


def _waiting(letter):
    return get_object_or_404(LetterProposal.objects.waiting().select_related("by"), letter=letter)
