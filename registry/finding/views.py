"""The pages of the slice."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.core.errors import Invalid
from registry.releases.views.reading import find

from .comparing import FEWEST, MOST, chosen, compare
from .precedents import precedents


@require_safe
def side_by_side(request):
    """`?entry=lab/slug`, two to four times; with fewer, how to choose others."""
    asked = [value.strip() for text in request.GET.getlist("entry")[:20] for value in text.split(",")]
    context = {"asked": asked, "most": MOST, "entries": [], "rows": []}
    try:
        context["entries"] = entries = chosen(asked, request.user)
    except Invalid as problem:
        return render(request, "finding/compare.html", context | {"problem": problem.messages}, status=400)
    if len(entries) >= FEWEST:
        context["rows"] = compare(entries)
    elif entries:
        context["like"] = precedents(entries[0])
    context["asked"] = [entry.key for entry in entries]
    return render(request, "finding/compare.html", context)


@require_safe
def like(request, lab, slug):
    """Entries like one, or like a draft for those who may see it."""
    entry = find(request, lab, slug, current=True)
    return render(request, "finding/precedents.html", {"entry": entry, "found": precedents(entry)})
