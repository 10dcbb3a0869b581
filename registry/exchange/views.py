"""Pages: bring a file in, see what was understood, take it over; and every way to take a revision out."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods, require_safe

from registry.analyses.errors import Unusable
from registry.core.bodies import takes_files
from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.core.files import StoredFile
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.limits import take
from registry.core.prepared import keep
from registry.core.rules import require
from registry.core.typed import sign_in_first, typed_before
from registry.releases.content import normalise
from registry.releases.models import Entry, Revision
from registry.releases.views.editing import NotDone, labs_to_write_for

from .actions import begin_from, take_over
from .exporting import export, formats_for
from .formats import FORMATS
from .forms import ImportForm, PlaceForm
from .paper import badge_snippets, paragraph
from .proposal import MOST_BYTES, propose, rows
from .reading.apart import FORMATS as READ
from .report import sections

MOST_DRAFTS = 200


@takes_files(MOST_BYTES)
@sign_in_first
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request):
    """Hand in a file; nothing is changed until its preview was seen."""
    drafts = Entry.objects.editable_by(request.user).with_lab().order_by("-draft_saved_at")
    drafts = drafts.filter(pk__in=list(drafts.values_list("pk", flat=True)[:MOST_DRAFTS]))
    initial = typed_before(request, {"draft": _draft_in(request)})
    posted = request.method == "POST"
    form = ImportForm(
        request.POST if posted else None, request.FILES if posted else None, user=request.user, drafts=drafts,
        initial=initial,
    )  # fmt: skip
    if posted:
        take("import", f"u{request.user.pk}", size=60, per_seconds=3600)
        if form.is_valid() and (stored := form.save()):
            return redirect(_address(stored, form.cleaned_data["format"], form.cleaned_data.get("draft")))
    return render(request, "exchange/bring.html", {"form": form})


def _draft_in(request):
    entry = _named(request, request.GET.get("draft", ""))
    return entry.pk if entry else None


def _named(request, key):
    """The entry that an address names, if this person may write it."""
    lab, _, slug = key.partition("/")
    return Entry.objects.editable_by(request.user).with_lab().filter(lab__slug=lab, slug=slug).first() if slug else None


def _address(stored, name, draft):
    query = f"?format={name}" + (f"&draft={draft.key}" if draft else "")
    return reverse("exchange:preview", args=[stored.pk]) + query


@sign_in_first
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, pk):
    """What was understood of a file and what was not, beside what the draft says; the chosen fields go into it."""
    stored = get_object_or_404(StoredFile, pk=min(pk, 2**63 - 1), owner=request.user)
    entry = _named(request, request.GET.get("draft", ""))
    if request.GET.get("draft") and entry is None:
        raise Http404("There is no such draft that you may write.")
    take("import-preview", f"u{request.user.pk}", size=120, per_seconds=3600)
    name = request.GET.get("format", "")
    try:
        proposal = propose(stored.read(), name if name in READ else "")
    except Unusable as problem:
        return render(request, "exchange/preview.html", {"stored": stored, "entry": entry, "unusable": str(problem)})
    draft = normalise(entry.draft if entry else {})
    labs = labs_to_write_for(request.user)
    chosen = request.POST.getlist("take") if request.method == "POST" else None
    place = None
    if entry is None:
        title = next((one["value"] for one in proposal["fields"] if one["name"] == "title"), "")
        initial = {"lab": request.GET.get("lab", "")[:60]}
        place = PlaceForm(request.POST or None, user=request.user, labs=labs, title=title, initial=initial)
    said = ""
    if request.method == "POST":
        if done := _taken(request, stored, entry, place, proposal, chosen):
            if isinstance(done, str):
                said = done
            else:
                return done
    found = rows(proposal, draft, new=entry is None)
    if chosen is not None:
        found = [row | {"suggested": row["name"] in chosen} for row in found]
    context = {
        "stored": stored, "entry": entry, "proposal": proposal, "rows": found, "place": place, "said": said,
        "version": entry.draft_version if entry else "", "is_card": stored.kind == "model_card",
        "attach": "attach" in request.POST if chosen is not None else True, "labs": labs.exists(),
    }  # fmt: skip
    return render(request, "exchange/preview.html", context)


def _taken(request, stored, entry, place, proposal, chosen):
    """Where the page leads when it is done, a sentence on why it is not, or None where the form says so."""
    card = stored if "attach" in request.POST and stored.kind == "model_card" else None
    if place is not None and not place.is_valid():
        return None

    def act():
        try:
            if entry is not None:
                require(request.user, "releases.edit", entry)
                filled = take_over(entry, proposal, chosen, by=request.user, version=_version(request), card=card)
            else:
                said = place.cleaned_data
                filled = begin_from(
                    said["lab"], said["slug"], proposal, chosen, by=request.user, card=card, origin=place.origin
                )
        except (Invalid, Conflict, Refused) as problem:
            if place is None:
                raise
            show_refusal(place, problem)
            raise NotDone from None
        fields = f"{len(chosen)} field{'' if len(chosen) == 1 else 's'}"
        messages.success(request, f"{fields} of the draft now say what the file says. Read them once more.")
        return reverse("releases:edit", args=[filled.lab.slug, filled.slug])

    try:
        return redirect_once(request, act)
    except NotDone:
        return None
    except Invalid as problem:
        return " ".join(problem.messages)
    except (Stale, Conflict) as problem:
        return str(problem)


def _version(request):
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def find_revision(lab, slug, number):
    """A revision, which is public by being one."""
    found = Revision.objects.with_entry().filter(entry__lab__slug=lab, entry__slug=slug, number=min(number, 2**31 - 1))
    return get_object_or_404(found)


def find_format(revision, name):
    made = FORMATS.get(name)
    if made is None or not made.fits(revision.content):
        raise Http404("This revision is not to be had in such a format.")
    return made


@require_safe
def exports(request, lab, slug, number):
    """Every format of a revision with what it loses; badge and paragraph to be copied."""
    revision = find_revision(lab, slug, number)
    done = [export(revision.entry, revision, made) for made in formats_for(revision.content)]
    context = {
        "entry": revision.entry, "revision": revision, "exports": done, "badge": badge_snippets(revision.entry),
        "paragraph": paragraph(revision.entry, revision),
    }  # fmt: skip
    return render(request, "exchange/exports.html", context)


@require_safe
def download(request, lab, slug, number, name):
    """The revision in a format, as a file."""
    revision = find_revision(lab, slug, number)
    done = export(revision.entry, revision, find_format(revision, name))
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    headers = {"ETag": done.etag}
    if done.etag in tags or "*" in tags:
        return HttpResponseNotModified(headers=headers)
    response = HttpResponse(done.body, content_type=done.format.media_type, headers=headers)
    response["Content-Disposition"] = f'attachment; filename="{done.filename}"'
    return keep(response)


@require_safe
def losses(request, lab, slug, number, name):
    """What a format does not say of a revision, value by value."""
    revision = find_revision(lab, slug, number)
    done = export(revision.entry, revision, find_format(revision, name))
    context = {"entry": revision.entry, "revision": revision, "export": done, "sections": sections(done)}
    return render(request, "exchange/losses.html", context)
