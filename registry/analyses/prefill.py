"""From a model card into a draft: what the card says beside each field, and only what is chosen is taken over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from registry.core.errors import Invalid, Stale
from registry.core.rules import require
from registry.releases.actions import save_draft
from registry.releases.content import normalise
from registry.releases.models import Entry
from registry.releases.vocabulary import LinkKind

from .errors import Unusable
from .model_card.apart import prefill_apart
from .model_card.decoding import decode

# A page waits for this reading, so it is bounded; the analysis by the worker reads the whole card.
MOST_CHARACTERS = 60_000
QUOTED = 240


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prefill(request, lab, slug):
    """Show what the draft's card says, field by field; fill the chosen ones into the draft."""
    entry = get_object_or_404(
        Entry.objects.visible_to(request.user).with_lab().select_related("card"), lab__slug=lab, slug=slug
    )
    require(request.user, "releases.edit", entry)
    if entry.card is None:
        raise Http404("This draft has no model card.")
    try:
        text = decode(entry.card.read())[0][:MOST_CHARACTERS]
        proposal = prefill_apart(text)
    except Unusable as problem:
        return render(request, "analyses/prefill.html", {"entry": entry, "said": str(problem), "rows": []})
    draft = normalise(entry.draft)
    said = ""
    if request.method == "POST":
        chosen = [name for name in request.POST.getlist("take") if name in FILLERS]
        try:
            save_draft(
                entry, filled(draft, proposal, chosen), by=request.user, version=_version(request), unfinished=True
            )  # fmt: skip
        except (Stale, Invalid) as problem:
            said = " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)
        else:
            taken = f"{len(chosen)} field{'s' if len(chosen) != 1 else ''}"
            messages.success(request, f"{taken} of the draft now say what the card says. Read them once more.")
            return redirect("releases:edit", entry.lab.slug, entry.slug)
    context = {
        "entry": entry, "rows": rows(draft, proposal, text), "proposal": proposal, "said": said,
        "version": entry.draft_version,
    }  # fmt: skip
    return render(request, "analyses/prefill.html", context)


def _version(request):
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def rows(draft, proposal, text):
    """Each field that the card speaks of: what it says, where, what the draft says now."""
    first = draft["stages"][0] if draft["stages"] else {"date": "", "components": []}
    licences = {c["licence"] for c in first["components"] if c["component"] == "weights_final" and c["licence"]}
    now = {
        "title": draft["title"],
        "summary": draft["summary"],
        "variants": ", ".join(v["name"] for v in draft["artefact"]["variants"]),
        "licence": ", ".join(sorted(licences)),
        "date": first["date"],
        "links": "; ".join(link["url"] for link in draft["links"]),
    }
    return [
        {
            "name": name, "label": LABELS[name], "says": shown(name, proposal[name]), "now": now[name],
            "suggested": not now[name], "quote": quote(proposal["spans"].get(name), text),
        }
        for name in FILLERS
        if proposal[name]
    ]  # fmt: skip


def shown(name, value):
    """A proposed value as lines of text."""
    if name == "variants":
        return [f"{v['name']} ({v['note']})" if v["note"] else v["name"] for v in value]
    if name == "links":
        return [f"{LinkKind(link['kind']).label}: {link['url']}" for link in value]
    return [value]


def quote(spans, text):
    """The passage of the card that a value was taken from."""
    if not spans:
        return ""
    passage = " ".join(text[spans[0]["start"] : spans[0]["end"]].split())
    return passage if len(passage) <= QUOTED else passage[:QUOTED] + " …"


def filled(draft, proposal, chosen):
    """The draft with the chosen values of the card in it."""
    for name in chosen:
        if proposal[name]:
            FILLERS[name](draft, proposal[name])
    return draft


def _fill_variants(draft, variants):
    known = {v["name"] for v in draft["artefact"]["variants"]}
    known |= {alias for v in draft["artefact"]["variants"] for alias in v["aliases"]}
    draft["artefact"]["variants"] += [v for v in variants if v["name"] not in known]


def _fill_links(draft, links):
    known = {link["url"] for link in draft["links"]}
    draft["links"] += [link for link in links if link["url"] not in known]


def _first_stage(draft):
    if not draft["stages"]:
        draft["stages"].append({"title": "Release", "components": []})
    return draft["stages"][0]


def _fill_date(draft, date):
    _first_stage(draft).update(date=date, date_precision="unknown")


def _fill_licence(draft, licence):
    """The licence of the weights, stated with the first stage."""
    components = _first_stage(draft)["components"]
    weights = [c for c in components if c["component"] == "weights_final"]
    if not weights:
        components.append({"component": "weights_final", "licence": licence})
    for component in weights:
        component["licence"] = licence


FILLERS = {
    "title": lambda draft, title: draft.update(title=title),
    "summary": lambda draft, summary: draft.update(summary=summary),
    "variants": _fill_variants,
    "licence": _fill_licence,
    "date": _fill_date,
    "links": _fill_links,
}
LABELS = {
    "title": "Title", "summary": "Summary", "variants": "Variants", "licence": "Licence of the weights",
    "date": "Date of the first stage", "links": "Links",
}  # fmt: skip
