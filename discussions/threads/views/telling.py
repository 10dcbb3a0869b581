"""What a reader's browser tells and asks beside the pages: what was seen, and whom an @ can name."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from registry.core.errors import Invalid
from registry.core.limits import take

from .. import reading
from ..mentions import offered
from ..models import Thread
from .answering import number_in


@require_POST
@login_required
def seen(request, pk):
    """Keep what somebody has had on screen: told by a script as they read, or by a button for the whole page."""
    thread = get_object_or_404(Thread.objects.visible_to(request.user).with_about(), pk=pk)
    highest = number_in(request.POST.get("highest")) or 0
    ranges = request.POST.get("ranges")
    try:
        reading.mark_seen(thread, request.user, ranges or (f"1-{highest}" if highest else ""), highest)
    except Invalid as problem:
        return HttpResponse("; ".join(problem.messages), status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204) if ranges else redirect("threads:detail", pk)


@require_safe
@login_required
def people(request, pk=None):
    """Whom an @ can name, as JSON for the form that is typed in: first those who speak in the thread."""
    thread = get_object_or_404(Thread.objects.visible_to(request.user), pk=pk) if pk else None
    take("people", f"u{request.user.pk}", size=120, per_seconds=60)
    start = request.GET.get("q", "")[:40]
    return JsonResponse({"people": offered(request.user, start, thread)})
