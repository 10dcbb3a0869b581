"""One box for everything public."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .queries import find, with_excerpts

MOST = 200


@require_safe
def search(request):
    query = " ".join(request.GET.get("q", "").split())
    shortened = query[:MOST]
    results = with_excerpts(find(shortened, request.user), shortened) if shortened else []
    context = {"query": shortened, "results": results, "cut": len(query) > MOST}
    return render(request, "search/search.html", context)
