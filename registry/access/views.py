"""Pages of programmes and requests. What a request says is never kept by a proxy and never shown to others."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows, require
from registry.core.typed import sign_in_first, typed_before
from registry.releases.views.reading import find

from . import actions
from .figures import figures
from .forms import ProgrammeForm, RequestForm, WordsForm, as_lines
from .models import AccessRequest, Programme

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (Conflict, Invalid, Refused, Stale, TooMany)
State = AccessRequest.State
# Act → its button, what its words are called, and what is said once it is done.
ACTS = {
    "ask_more": (
        "Ask for more", "What you need to know", "The question is sent. Your clock stands still until it is answered.",
    ),
    "answer": ("Send the answer", "Your answer", "Your answer is with the lab."),
    "accept": ("Accept", "How access is given, and what holds for it", "Accepted. Whoever asked was told."),
    "reject": ("Reject", "Why", "Rejected. Whoever asked was told why, and how to appeal."),
    "revoke": ("Revoke", "Why", "Revoked. Whoever had access was told why, and how to appeal."),
    "withdraw": ("Withdraw the request", "Why, if you like to say it", "Your request is withdrawn."),
    "appeal": ("Appeal", "Why the decision is wrong", "Somebody else of the lab is to decide anew."),
}  # fmt: skip
BY_REQUESTER = ("answer", "appeal", "withdraw")


@require_safe
def programme(request, pk):
    """What is offered to whom, how to ask, and what came of those who did."""
    found = _programme(request, pk, current=True)
    context = {"programme": found, "entry": found.entry, "figures": figures(found)}
    if request.user.is_authenticated:
        context["mine"] = AccessRequest.objects.filter(programme=found, user=request.user).order_by("-pk").first()
    return render(request, "access/programme.html", context)


@sign_in_first
@form_page
def new(request, lab, slug):
    entry = find(request, lab, slug, current=True)
    require(request.user, "access.offer", entry)
    form = ProgrammeForm(request.POST or None, initial=typed_before(request), entry=entry)
    return _programme_form(request, form, entry)


@sign_in_first
@form_page
def edit(request, pk):
    found = _programme(request, pk, current=True)
    require(request.user, "access.conduct", found)
    initial = {name: getattr(found, name) for name in (
        "name", "components", "criteria", "decided_within", "lasts", "contact", "terms", "version")}  # fmt: skip
    initial |= {"questions": as_lines(found.fields)}
    form = ProgrammeForm(
        request.POST or None, initial=typed_before(request, initial), entry=found.entry, programme=found
    )
    return _programme_form(request, form, found.entry, found)


def _programme_form(request, form, entry, found=None):
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(request.user).get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {"form": form, "entry": entry, "programme": found}
    return render(request, "access/form.html", context, status=400 if form.errors else 200)


@sign_in_first
@form_page
def close(request, pk):
    """Close a programme, or open it again."""
    found = _programme(request, pk)
    require(request.user, "access.conduct", found)
    form = WordsForm(request.POST or None, initial=typed_before(request))
    if found.closed_at and request.method == "POST":
        return redirect_once(request, lambda: actions.reopen_programme(found, by=request.user).get_absolute_url())
    if form.is_bound and form.is_valid():
        try:
            words = form.cleaned_data["words"]
            return redirect_once(
                request, lambda: actions.close_programme(found, words, by=request.user).get_absolute_url()
            )
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {"form": form, "programme": found, "entry": found.entry}
    return render(request, "access/close.html", context, status=400 if form.errors else 200)


@sign_in_first
@form_page
def ask(request, pk):
    found = _programme(request, pk)
    require(request.user, "access.ask", found)
    form = RequestForm(request.POST or None, initial=typed_before(request), programme=found)
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(request.user).get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {"form": form, "programme": found, "entry": found.entry}
    return _private(render(request, "access/ask.html", context, status=400 if form.errors else 200))


@sign_in_first
@require_safe
def requests(request, pk):
    """The requests to a programme, for those who decide; those that wait longest for them come first by `?waiting`."""
    found = _programme(request, pk)
    require(request.user, "access.conduct", found)
    rows = found.requests.select_related("user", "programme__entry__lab")
    state = request.GET.get("state", "")
    if state:
        rows = rows.filter(state=state) if state in State.values else rows.none()
    context = {"programme": found, "entry": found.entry, "page": keyset(request, rows), "states": State.choices,
               "state": state}  # fmt: skip
    return _private(render(request, "access/requests.html", context))


@sign_in_first
@require_safe
def mine(request):
    rows = AccessRequest.objects.filter(user=request.user).with_programme()
    return _private(render(request, "access/mine.html", {"page": keyset(request, rows)}))


@sign_in_first
@require_safe
def detail(request, pk):
    return _detail(request, _request(request, pk))


def _detail(request, found, form=None, failed=""):
    acts = [{"act": act, "button": ACTS[act][0], "form": form if act == failed else _words(act)}
            for act in may(request.user, found)]  # fmt: skip
    context = {"asked": found, "programme": found.programme, "entry": found.programme.entry, "acts": acts,
               "steps": found.steps.select_related("by"), "own": found.user_id == request.user.pk,
               "blocked": _blocked(request.user, found)}  # fmt: skip
    return _private(render(request, "access/request.html", context, status=400 if form else 200))


def _words(act, data=None):
    form = WordsForm(data, prefix=act)
    form.fields["words"].label, form.fields["words"].required = ACTS[act][1], act != "withdraw"
    return form


def may(user, found):
    """What somebody may do with a request as it stands."""
    def allowed(act):
        rule = "access.own" if act in BY_REQUESTER else "access.decide"
        return found.state in actions.WHEN[act] and allows(user, rule, found)

    return [act for act in ACTS if allowed(act) and not (act == "appeal" and found.appeals >= actions.MOST_APPEALS)]


def _blocked(user, found):
    """Why somebody of the lab does not see the buttons: they decided what is appealed against."""
    return found.state == State.APPEALED and allows(user, "access.conduct", found.programme) and not allows(
        user, "access.decide", found
    )


@sign_in_first
@require_POST
def act(request, pk, act):
    if act not in ACTS:
        raise Http404
    found = _request(request, pk)
    require(request.user, "access.own" if act in BY_REQUESTER else "access.decide", found)
    form = _words(act, request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            done = redirect_once(
                request, lambda: actions.ACTS[act](found, words, by=request.user).get_absolute_url()
            )
        except REFUSALS as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, ACTS[act][2])
            return done
    return _detail(request, found, form, act)


def _programme(request, pk, *, current=False):
    found = Programme.objects.visible_to(request.user).with_entry()
    return get_object_or_404(found.select_related("entry__current") if current else found, pk=pk)


def _request(request, pk):
    found = get_object_or_404(AccessRequest.objects.readable_by(request.user).with_programme(), pk=pk)
    if not allows(request.user, "access.read", found):
        raise Http404
    return found


def _private(response):
    response["Cache-Control"] = "private, no-store"
    return response
