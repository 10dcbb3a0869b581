"""A discussion by its key, and what every visitor is answered about it."""

from django.http import Http404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from registry.core.prepared import keep

from ..models import Thread
from ..page import etag


def find_thread(pk):
    """The discussion of a page; who is signed in sees no others than visitors do."""
    thread = Thread.for_visitors(pk)
    if thread is None:
        raise Http404
    return thread


def kept_by_browsers(request, thread, form, make):
    """What `make` answers to every visitor, or 304 for a browser that has it; `form` says which of a thread's forms."""
    tag = etag(thread, form)
    response = get_conditional_response(request, etag=tag) or make()
    response["ETag"], response["Last-Modified"] = tag, http_date(thread.changed_at.timestamp())
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response if request.GET else keep(response)
