"""One box for everything public."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .queries import asked_for, find, with_excerpts


@require_safe
def search(request):
    query, cut = asked_for(request)
    results = with_excerpts(find(query, request.user), query) if query else []
    context = {"query": query, "results": results, "cut": cut}
    return render(request, "search/search.html", context)
