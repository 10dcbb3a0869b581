"""The facts of an entry, side by side with what others say of them, and the forms to say something."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import require
from registry.core.typed import sign_in_first, typed_before
from registry.labs.rules import tied
from registry.releases.cited import counts_of
from registry.releases.facts import facts_of
from registry.releases.views.reading import find

from .actions import RULES
from .forms import StatementForm, TakeBackForm
from .models import Statement
from .standing import STATES, lines_of

SIZE = 50
REFUSALS = (Invalid, Conflict, Refused, Stale, TooMany)


def find_published(request, lab, slug):
    entry = find(request, lab, slug, current=True)
    if entry.current is None:
        raise Http404("This entry is not published, so it states nothing yet.")
    return entry


@require_safe
def facts(request, lab, slug):
    """Every fact: what the entry says, its sources, what the lab and third parties say of it."""
    entry = find_published(request, lab, slug)
    state = request.GET.get("state", "")
    lines = [line for line in lines_of(entry) if not state or line.state == state]
    start = _start(request, lines)
    context = {
        "entry": entry, "lines": lines[start : start + SIZE], "state": state, "states": STATES,
        "counts": counts_of(entry.current.content, entry.marks),
        "sources": {source["key"]: source for source in entry.current.content["sources"]},
        "older": _place(state, start + SIZE) if len(lines) > start + SIZE else "",
        "newer": _place(state, max(0, start - SIZE)) if start else "",
        "takes_from_view": request.user.is_authenticated and request.user.is_moderator
        and not tied(request.user, entry.lab),
    }  # fmt: skip
    return render(request, "facts/list.html", context)


def _place(state, start):
    return "?" + urlencode({"state": state, "from": start})


def _start(request, lines):
    """Where the page begins: by number, or at the fact that the address names."""
    given = request.GET.get("from", "0")
    if key := request.GET.get("fact", ""):
        return next((n for n, line in enumerate(lines) if line.fact and line.fact.key == key), 0) // SIZE * SIZE
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise Http404("There is no such place in this list.")
    return int(given)


@sign_in_first
@require_http_methods(["GET", "HEAD", "POST"])
def speak(request, lab, slug):
    """Check a fact, dispute it, state it otherwise, name a source, or take back what one's entry states."""
    entry = find_published(request, lab, slug)
    given = request.POST if request.method == "POST" else request.GET
    kind, key = given.get("kind", Statement.Kind.CHECK), given.get("fact", "")
    fact = next((fact for fact in facts_of(entry.current.content) if fact.key == key), None)
    if kind not in Statement.Kind.values or fact is None:
        raise Http404("The current revision states no such fact.")
    require(request.user, RULES.get(kind, "facts.judge"), entry)
    initial = typed_before(request, {}) | {"kind": kind, "fact": fact.key, "digest": fact.digest}
    form = StatementForm(request.POST or None, kind=kind, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(entry, request.user).get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
            form.data = form.data | {"digest": fact.digest} if isinstance(problem, Stale) else form.data
    context = {"entry": entry, "fact": fact, "kind": Statement.Kind(kind), "form": form}
    return render(request, "facts/speak.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, pk):
    """Take back one's own statement; a moderator takes one from view."""
    statement = get_object_or_404(Statement.objects.visible_to(request.user).with_all(), pk=pk)
    require(request.user, "facts.take_back", statement)
    form = TakeBackForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            form.save(statement, request.user)
            messages.success(request, "It is taken back. Who, when and why stand in its place.")
            return redirect_once(request, statement.get_absolute_url)
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {"statement": statement, "entry": statement.fact.entry, "form": form}
    return render(request, "facts/take_back.html", context, status=400 if form.errors else 200)
