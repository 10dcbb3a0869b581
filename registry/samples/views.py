"""Pages of samples: how they were chosen, the samples themselves, and the upload."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.bodies import takes_files
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.files import LIMITS
from registry.core.forms import show_refusal
from registry.releases.content import normalise
from registry.releases.samples import sample_set
from registry.releases.views.editing import editable
from registry.releases.views.reading import find

from .forms import NarrowForm, UploadForm
from .models import SampleFile
from .reading import PER_PAGE, Filter, read_page

MOST_LINE = 10**9


@require_safe
def sets(request, lab, slug):
    """Every set of samples of an entry: how it was chosen, and where it can be read."""
    entry = find(request, lab, slug, current=True)
    content = _content(entry)
    files = {one.sha256: one for one in SampleFile.objects.on(entry, request.user)}
    told = [sample_set(item) | {"kept": files.get(item["file"])} for item in content.get("samples", [])]
    return render(request, "samples/sets.html", {"entry": entry, "sets": told})


def _content(entry):
    return entry.current.content if entry.current else normalise(entry.draft)


@require_safe
def samples(request, lab, slug, digest):
    """The samples of one file, a page at a time; `?from=` is the line at which the page begins."""
    entry = find(request, lab, slug, current=True)
    kept = find_file(entry, digest, request.user)
    form = NarrowForm(request.GET if any(request.GET.get(name) for name in NarrowForm.base_fields) else {})
    wanted, first = form.wanted() or Filter(), line_of(request.GET.get("from", ""))
    with kept.file.open() as stream:
        page = read_page(stream, kept.offsets, first, wanted)
    said = next((item for item in _content(entry).get("samples", []) if item["file"] == kept.sha256), None)
    context = {
        "entry": entry, "kept": kept, "form": form, "page": page, "narrows": wanted.narrows,
        "said": sample_set(said) if said else None,
        "next": place(request, page.next) if page.next and page.next <= kept.lines else "",
        "previous": place(request, max(1, first - PER_PAGE)) if first > 1 and not wanted.narrows else "",
        "start": place(request, 1) if first > 1 else "",
    }  # fmt: skip
    return render(request, "samples/samples.html", context)


def find_file(entry, digest, user):
    """The file of samples at an address, or 404 where the reader may not see one."""
    return get_object_or_404(SampleFile.objects.on(entry, user), sha256__startswith=digest)


def line_of(given):
    """The line that an address names; 1 where it names none, 404 where no file has such a line."""
    if not given:
        return 1
    if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given)):
        raise Http404("There is no such line.")
    return int(given)


def place(request, line):
    kept = [(name, request.GET[name]) for name in NarrowForm.base_fields if request.GET.get(name)]
    return "?" + urlencode([*kept, ("from", line)])


@takes_files(LIMITS["samples"])
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, lab, slug):
    """Put a file of samples on the draft."""
    entry = editable(request, lab, slug)
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        try:
            form.save(entry, request.user)
        except (Invalid, Conflict, Stale) as problem:
            show_refusal(form, problem)
        else:
            messages.success(request, "The samples are on the draft. Say below how they were chosen.")
            return HttpResponseRedirect(reverse("releases:edit", args=[lab, slug]) + "#samples")
    files = SampleFile.objects.on(entry, request.user)
    return render(request, "samples/upload.html", {"entry": entry, "form": form, "files": files})
