"""One box for everything public."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .queries import find

MOST = 200


@require_safe
def search(request):
    query = " ".join(request.GET.get("q", "").split())
    shortened = query[:MOST]
    results = find(shortened, request.user) if shortened else []
    context = {"query": shortened, "results": results, "cut": len(query) > MOST}
    return render(request, "search/search.html", context)
