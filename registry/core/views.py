"""Pages that belong to no slice: health, errors, files."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from .dispatch import world
from .files import StoredFile
from .subjects import Subject
from .typed import words_of


@require_safe
@never_cache
def healthz(request):
    """The process is up; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """The database, the broker and a live worker, as the dispatcher last saw them."""
    try:
        state = {"database": True} | world()
    except (OperationalError, InterfaceError):
        connection.close()
        state = {"database": False, "broker": False, "worker": False}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def csrf_failure(request, reason=""):
    return render(request, "csrf_failure.html", {"posted": words_of(request)}, status=403)


def server_error(request):
    """503 while the database cannot be reached, 500 for a fault of ours; neither needs the database."""
    fault = sys.exc_info()[1]
    unavailable = isinstance(fault, OperationalError | InterfaceError)
    status = 503 if unavailable else 500
    if _asks_the_api(request):
        detail = "The database cannot be reached." if unavailable else "This is a fault of ours; it has been logged."
        title = "Service unavailable" if unavailable else "Internal error"
        response = problem(request, status, title, detail)
    else:
        page = loader.get_template(f"{status}.html").render({"request_id": getattr(request, "id", "")})
        response = HttpResponse(page, status=status)
    if unavailable:
        response["Retry-After"] = "5"
    return response


def _asks_the_api(request):
    return f"{request.path}/".startswith("/api/v1/")


def problem(request, status, title, detail):
    """A problem document, for what no view of the API has seen."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path,
            "errors": []}  # fmt: skip
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request, exception=None):
    """400 for what no view has seen: an unknown host, broken input."""
    if _asks_the_api(request):
        return problem(request, 400, "The input is not valid", "The request cannot be read.")
    page = loader.get_template("400.html").render({"messages_of_error": ["The request cannot be read."]})
    return HttpResponse(page, status=400)


def too_long(request):
    """414 for an address that is longer than any of ours."""
    if _asks_the_api(request):
        return problem(request, 414, "The address is too long", "Shorten what you ask for.")
    return HttpResponse(loader.get_template("414.html").render(), status=414)


def not_found(request, exception=None):
    """404 as a page, below the API as a problem document; 410 with rule and reason where moderators took it away."""
    if _asks_the_api(request):
        return problem(request, 404, "Not found", "There is nothing here that you may see.")
    if gone := Subject.gone_from(request.path):
        return render(request, "410.html", {"tombstone": gone.tombstone}, status=410)
    return page_not_found(request, exception)


@require_safe
def download(request, pk):
    """A file as a download; nothing of it ever runs on this site."""
    stored = get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)
    response = FileResponse(
        stored.open(), as_attachment=True, filename=stored.name, content_type="application/octet-stream"
    )
    response["Content-Length"] = stored.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = f'"{stored.sha256}"'
    if not stored.public:
        response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def robots(request):
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /accounts/", f"# {settings.BASE_URL}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
def api_docs(request):
    """The API for people; the OpenAPI document is beside it."""
    return render(request, "api.html", {"base": settings.BASE_URL})
