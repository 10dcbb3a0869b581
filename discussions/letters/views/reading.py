"""Lists of letters, and one letter. What everybody sees of one is category and date; its words are for its readers."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from registry.core.pages import keyset
from registry.core.rules import allows
from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.labs.rules import speaks_for_lab

from ..chairs import is_chair
from ..models import LabLetter
from ..readers import Readers
from ..rules import PRIVATE, side_of
from .acts import answer_form


@require_safe
def announced(request):
    """Every placeholder, and what became public of letters, for everybody."""
    letters = LabLetter.objects.announced().with_place()
    subject = None
    if ref := request.GET.get("subject"):
        subject = get_object_or_404(Subject.objects.visible_to(request.user).filter(hidden=False), ref=ref)
        letters = letters.on(subject)
    return render(request, "letters/list.html", {"page": keyset(request, letters), "subject": subject})


@login_required
@require_safe
def mine(request):
    letters = LabLetter.objects.sent_by(request.user)
    return _listed(request, letters, "Your letters", "What you sent to labs, and what was entered as yours.")


@login_required
@require_safe
def of_lab(request, slug):
    """For those who speak for the lab: all that was sent to it."""
    lab = get_object_or_404(Lab.objects.with_subject(), slug=slug)
    if not speaks_for_lab(request.user, lab):
        raise PermissionDenied(f"Only those who speak for {lab.name} read its letters.")
    said = f"What was sent to {lab.name}; those who speak for it read this, and nobody else of it."
    return _listed(request, LabLetter.objects.to_lab(lab), f"Letters to {lab.name}", said, lab=lab)


@login_required
@require_safe
def for_chairs(request):
    """For chairs and moderators: the letters that they read as such."""
    if not is_chair(request.user):
        raise PermissionDenied("Only chairs and moderators read letters that were not sent to them.")
    said = "What you read as a chair or moderator: letters to labs to which you have no ties."
    return _listed(request, LabLetter.objects.read_as_chair(request.user), "Letters for chairs", said)


def _listed(request, letters, heading, lede, lab=None):
    """Letters with their titles, for people who read them."""
    page = keyset(request, letters.with_place())
    readable = LabLetter.objects.readable_by(request.user).filter(pk__in=[letter.pk for letter in page])
    may = set(readable.values_list("pk", flat=True))
    for letter in page:
        letter.readable = letter.pk in may
    context = {"page": page, "heading": heading, "lede": lede, "lab": lab, "is_chair": is_chair(request.user)}
    return _private(render(request, "letters/mine.html", context))


@require_safe
def detail(request, pk):
    letter = get_object_or_404(LabLetter.objects.visible_to(request.user).with_place(), pk=pk)
    readable = allows(request.user, "letters.read", letter)
    if not readable:
        agreed = letter.proposals.agreed().select_related("by", "answered_by").first()
        return render(request, "letters/announced.html", {"letter": letter, "agreed": agreed})
    return _private(render(request, "letters/detail.html", _of_reader(request, letter)))


def _of_reader(request, letter):
    """What a page shows to somebody who reads the letter, and what they may do with it."""
    user, side = request.user, side_of(request.user, letter)
    proposals = list(letter.proposals.select_related("by", "answered_by"))
    waiting = next((proposal for proposal in proposals if proposal.state == "open"), None)
    answers = allows(user, "letters.answer", letter)
    form, draft = answer_form(request, letter) if answers else (None, None)
    return {
        "letter": letter,
        "said": list(letter.messages.select_related("author", "official_for").exclude(body="")),
        "side": side,
        "readers": None if letter.is_old else Readers(letter.about, letter.lab),
        "proposals": [proposal for proposal in proposals if proposal is not waiting],
        "waiting": waiting,
        "consents": waiting is not None and side is not None and side != waiting.side,
        "proposes": waiting is None and allows(user, "letters.propose", letter),
        "changes": allows(user, "letters.change", letter),
        "reports": allows(user, "letters.report", letter),
        "is_private": letter.state in PRIVATE,
        "form": form,
        "draft": draft,
    }


def _private(response):
    response["Cache-Control"] = "private, no-store"
    return response
