"""The page of what is disclosed about the author of a comment."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from discussions.threads.models import Authorship, Comment
from registry.accounts.models import Affiliation
from registry.core.errors import Conflict, Refused, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import allows, require
from registry.core.subjects import Subject
from registry.releases.models import Entry

from .forms import AuthorForm, CloseAuthorshipForm, CorrectionForm

REFUSALS = (ValidationError, Conflict, Refused, TooMany)
MOST_AUTHORS = 200
KINDS, SECTORS = dict(Affiliation.Kind.choices), dict(Affiliation.Sector.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def of_comment(request, pk):
    """What was frozen onto a comment, and its corrections; the author may add one."""
    comment = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    form = None
    if request.method == "POST":
        require(request.user, "disclosures.correct", comment)
        form = CorrectionForm(request.POST)
        if form.is_valid():
            try:
                return redirect_once(request, lambda: _corrected(form, comment, request))
            except (ValidationError, TooMany) as problem:
                show_refusal(form, problem)
    elif allows(request.user, "disclosures.correct", comment):
        form = CorrectionForm()
    said = comment.disclosure
    context = {
        "comment": comment, "thread": comment.thread, "said": said, "form": form,
        "affiliations": [_in_words(a) for a in said.get("affiliations", ())],
        "corrections": comment.disclosure_corrections.order_by("pk"),
    }  # fmt: skip
    return render(request, "disclosures/of_comment.html", context, status=400 if form and form.errors else 200)


def _corrected(form, comment, request):
    form.save(comment, request.user)
    return request.path


def _in_words(affiliation):
    sector = SECTORS.get(affiliation.get("sector"), "")
    return affiliation | {"kind": KINDS.get(affiliation["kind"], affiliation["kind"]), "sector": sector}


@require_http_methods(["GET", "HEAD", "POST"])
def authors(request, lab, slug):
    """Who wrote what an entry is about; whoever did may say so, and its lab may name them."""
    subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=f"release:{lab}/{slug}")
    form = None
    if request.method == "POST":
        require(request.user, "disclosures.name_author", (subject, request.user))
    if request.user.is_authenticated:
        entry = Entry.objects.select_related("lab").get(subject=subject)
        others = allows(request.user, "releases.edit", entry)
        form = AuthorForm(request.POST if request.method == "POST" else None, user=request.user, names_others=others)
        if form.is_bound and form.is_valid():
            try:
                return redirect_once(request, lambda: form.save(subject) and request.path)
            except REFUSALS as problem:
                show_refusal(form, problem)
    rows = Authorship.objects.filter(subject=subject).with_people().order_by("pk")[:MOST_AUTHORS]
    rows = [(row, allows(request.user, "disclosures.close_authorship", row)) for row in rows]
    context = {"subject": subject, "rows": rows, "form": form}
    return render(request, "disclosures/authors.html", context, status=400 if form and form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, pk):
    """Take back what one stated of an author, or call it wrong."""
    found = get_object_or_404(Authorship.objects.visible_to(request.user).with_people(), pk=pk)
    require(request.user, "disclosures.close_authorship", found)
    form = CloseAuthorshipForm(request.POST or None)
    back = f"{found.subject.path}authors/"
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(found, request.user) and back)
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {"authorship": found, "form": form, "back": back}
    return render(request, "disclosures/close.html", context, status=400 if form.errors else 200)
