"""One's own mails: what waits, what became of the others, what was cut; and the link by which one says it is mine."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from discussions.threads.validators import clean_body
from registry.core.errors import Invalid
from registry.core.limits import client_block, take
from registry.core.pages import keyset

from . import actions
from .links import mail_of
from .models import IncomingMail

SAID = {
    IncomingMail.State.POSTED: "Posted, in your name.",
    IncomingMail.State.HELD: "Your account is new: a moderator reads it before it appears.",
    IncomingMail.State.DISCARDED: "Thrown away.",
}


@login_required
@require_safe
def index(request):
    """What came by mail in one's name, the newest first."""
    page = keyset(request, IncomingMail.objects.visible_to(request.user).with_place())
    return _private(render(request, "mail_in/list.html", {"page": page}))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    """One mail: what it says, what was cut, and the two things that can be done with it."""
    mail = get_object_or_404(IncomingMail.objects.visible_to(request.user).with_place(), pk=pk)
    return _settle(request, mail, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request, token):
    """The same by the link of the letter, signed in or not; GET shows what would be posted and POST posts it."""
    mail = mail_of(token)
    if mail is None:
        raise Http404
    if request.method == "POST":
        take("mail-link", client_block(request), size=30, per_seconds=600)
    return _settle(request, mail, by=mail.person, linked=True)


def _settle(request, mail, by, linked=False):
    problem = ""
    if request.method == "POST":
        try:
            act = actions.discard if request.POST.get("do") == "discard" else actions.confirm
            mail = act(mail, by=by)
        except actions.REFUSALS as refused:
            problem = actions.words_of(refused)
        else:
            messages.success(request, SAID.get(mail.state, "Done."))
            return redirect(request.path if mail.state != IncomingMail.State.POSTED else mail.path)
    context = {"mail": mail, "problem": problem, "linked": linked} | _preview(mail)
    return _private(render(request, "mail_in/detail.html", context, status=400 if problem else 200))


def _preview(mail):
    """The text as it would be posted, or why it cannot be."""
    if not mail.may_be_posted:
        return {"html": "", "hurdle": ""}
    try:
        return {"html": clean_body(mail.body)[1], "hurdle": ""}
    except Invalid as problem:
        return {"html": "", "hurdle": " ".join(problem.messages)}


def _private(response):
    response["Cache-Control"] = "private, no-store"
    return response
