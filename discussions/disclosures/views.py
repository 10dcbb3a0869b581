"""The page of what is disclosed about the author of a comment."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from discussions.threads.models import Comment
from registry.accounts.models import Affiliation
from registry.core.errors import TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import allows, require

from .forms import CorrectionForm

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
