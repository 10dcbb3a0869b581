"""The addresses at which a thread can be taken away."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .. import exports
from ..models import Thread
from .finding import kept_by_browsers


@require_safe
def as_json(request, pk):
    thread = _thread(request, pk)
    return kept_by_browsers(request, thread, "json", lambda: JsonResponse(exports.as_json(thread)))


@require_safe
def as_mbox(request, pk):
    thread = _thread(request, pk)

    def make():
        headers = {"Content-Disposition": f'attachment; filename="daylight-discussion-{thread.pk}.mbox"'}
        return HttpResponse(exports.as_mbox(thread), content_type="application/mbox", headers=headers)

    return kept_by_browsers(request, thread, "mbox", make)


def _thread(request, pk):
    return get_object_or_404(Thread.objects.visible_to(request.user).with_people(), pk=pk)
