"""Reading what a new account wrote before it appears."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from discussions.threads.models import HeldPost
from registry.core.idempotency import redirect_once

from ..actions import release as release_held
from ..forms import HeldForm
from .doors import REFUSALS, done, moderators_only


@moderators_only
@require_POST
def release(request, pk):
    held = _find(request, pk)
    try:
        return redirect_once(request, lambda: release_held(held, by=request.user).get_absolute_url())
    except REFUSALS as problem:
        messages.error(request, " ".join(getattr(problem, "messages", [str(problem)])))
        return render(request, "threads/held.html", {"held": held}, status=403)


@moderators_only
@require_POST
def decline(request, pk):
    held, form = _find(request, pk), HeldForm(request.POST)
    return done(request, form, lambda: form.save(held, request.user).get_absolute_url()) or render(
        request, "threads/held.html", {"held": held, "decline_form": form}, status=400
    )


def _find(request, pk):
    return get_object_or_404(HeldPost.objects.visible_to(request.user).with_place(), pk=pk)
