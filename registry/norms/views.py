"""Pages of norms, clauses and the matrix, and the form for a declaration."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.errors import Conflict
from registry.core.forms import show_refusal
from registry.core.pages import keyset
from registry.core.rules import allows
from registry.core.typed import sign_in_first, typed_before
from registry.history.feeds import SubjectFeed
from registry.releases.models import Entry

from .actions import clauses_by_norm, clauses_of, current_declarations
from .comparison import compare, purposes
from .forms import DeclarationForm, evidence_as_lines
from .identity import citation, identity_of_clause, identity_of_norm, identity_of_version
from .matrix_page import entries_that_declare, meeting, statements
from .models import Clause, Declaration, Norm, NormVersion, Wording


def find_norm(request, number):
    return get_object_or_404(Norm.objects.visible_to(request.user).with_current(), number=number)


@require_safe
def norm_list(request):
    page = keyset(request, Norm.objects.visible_to(request.user).with_current())
    return render(request, "norms/list.html", {"page": page})


@require_safe
def detail(request, number):
    norm = find_norm(request, number)
    wordings = clauses_of(norm)
    entries = entries_that_declare(norm)
    context = {
        "norm": norm,
        "version": norm.current,
        "wordings": wordings,
        "versions": norm.versions.order_by("-number"),
        "identity": identity_of_norm(norm),
    }
    context |= meeting(request, norm, wordings, entries)
    return render(request, "norms/detail.html", context)


@require_safe
def version(request, number, version):
    norm = find_norm(request, number)
    found = get_object_or_404(norm.versions.select_related("author"), number=version)
    wordings = found.wordings.select_related("clause__subject", "clause__norm").order_by("position")
    context = {
        "norm": norm, "version": found, "wordings": wordings, "citation": citation(norm, found),
        "identity": identity_of_version(norm, found),
    }  # fmt: skip
    return render(request, "norms/version.html", context)


@require_safe
def diff(request, number, a, b):
    norm = find_norm(request, number)
    old, new = (get_object_or_404(NormVersion, norm=norm, number=n) for n in (a, b))
    context = {"norm": norm, "old": old, "new": new, "purpose": purposes(old, new), "blocks": compare(old, new)}
    return render(request, "norms/diff.html", context)


@require_safe
def clause(request, number, clause):
    found = get_object_or_404(Clause.objects.visible_to(request.user).with_norm(), norm__number=number, number=clause)
    wordings = list(Wording.objects.filter(clause=found).select_related("version").order_by("-version__number"))
    if not wordings:
        raise Http404
    declared = Declaration.objects.visible_to(request.user).filter(clause=found, entry__published_at__isnull=False)
    page = keyset(request, declared.current().with_clause().select_related("entry__current"))
    context = {
        "clause": found, "norm": found.norm, "wording": wordings[0], "earlier": wordings[1:], "page": page,
        "in_force": wordings[0].version_id == found.norm.current_id,
        "identity": identity_of_clause(found.norm, found, wordings[0]),
    }  # fmt: skip
    return render(request, "norms/clause.html", context)


@require_safe
def matrix(request):
    """Clauses × entries over all norms, one norm at a time."""
    norms = list(Norm.objects.visible_to(request.user).with_current().order_by("number")[:50])
    asked = request.GET.get("norm", "")
    norm = next((n for n in norms if n.key == asked), norms[0] if norms else None)
    context = {"norms": norms, "norm": norm, "entries": [], "rows": [], "shown": None}
    if norm:
        published = Entry.objects.published().with_lab().annotate(stated=statements(norm))
        page = keyset(request, published, "-stated", "-decided_on", "-pk", size=12)
        context |= meeting(request, norm, clauses_of(norm), page.rows) | {"page": page}
    return render(request, "norms/matrix.html", context)


@require_safe
def norm_feed(request, number):
    norm = find_norm(request, number)
    return NormFeed()(request, subject=norm.subject)


class NormFeed(SubjectFeed):
    """A norm and all of its clauses."""

    def narrowed(self, events, subject):
        return events.filter(subject__ref__startswith=subject.ref.replace("norm:", "clause:") + "/") | events.about(
            subject
        )


@require_safe
def clause_feed(request, number, clause):
    found = get_object_or_404(Clause.objects.visible_to(request.user).with_norm(), norm__number=number, number=clause)
    return SubjectFeed()(request, subject=found.subject)


@sign_in_first
@require_http_methods(["GET", "POST"])
def declare(request, lab, slug, number, clause):
    """A lab's word on one clause, about one entry."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).with_lab(), lab__slug=lab, slug=slug)
    if not allows(request.user, "norms.declare", entry):
        raise Http404
    found = get_object_or_404(Clause.objects.with_norm(), norm__number=number, number=clause)
    wording = found.wordings.filter(version=found.norm.current_id).first()
    if wording is None:
        raise Http404
    current = current_declarations(entry).get(found.pk)
    form = DeclarationForm(request.POST or None, initial=typed_before(request, _initial(current)))
    if request.method == "POST" and form.is_valid():
        try:
            made = form.save(entry, found, request.user)
        except (ValidationError, Conflict) as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, _stored(made, entry, new=made != current))
            return redirect(reverse("norms:declarations", args=[lab, slug]) + f"?after={found.key}#next")
    context = {"entry": entry, "clause": found, "wording": wording, "form": form, "current": current}
    return render(request, "norms/declare.html", context)


def _stored(made, entry, *, new):
    """What was stored, and who sees it."""
    said = f"{made.clause.key} for {entry}: “{made.get_stance_display().lower()}”"
    if not new:
        return f"{said} stood there already, so nothing was changed."
    seen = "visible to everyone" if entry.published_at else "visible to your lab until the entry is published"
    return f"Stored, {seen}: {said}."


def _initial(current):
    if current is None:
        return {"stance": "no_assertion"}
    return {"stance": current.stance, "reason": current.reason, "evidence": evidence_as_lines(current.evidence)}


@login_required
@require_safe
def declarations(request, lab, slug):
    """All clauses of all norms for one entry, each with a way to state or restate it."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).with_lab(), lab__slug=lab, slug=slug)
    if not allows(request.user, "norms.declare", entry):
        raise Http404
    stated = current_declarations(entry)
    norms = list(Norm.objects.visible_to(request.user).with_current().order_by("number")[:50])
    clauses = clauses_by_norm(norms)
    groups = [(norm, [(w, stated.get(w.clause_id)) for w in clauses[norm.pk]]) for norm in norms]
    after = request.GET.get("after", "")
    context = {"entry": entry, "groups": groups, "after": after, "next": _next(groups, after)}
    return render(request, "norms/declarations.html", context)


def _next(groups, key):
    """The first clause without a word behind the one that was just spoken of, else the first there is."""
    rows = [(w.clause.key, declaration) for _, rows in groups for w, declaration in rows]
    place = next((n for n, (own, _) in enumerate(rows) if own == key), None)
    if place is None:
        return ""
    return next((own for own, declaration in [*rows[place + 1 :], *rows[:place]] if declaration is None), "")
