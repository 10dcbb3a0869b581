"""What happens on the site, newest first."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.core.pages import keyset

from .models import Event


@require_safe
def activity(request):
    page = keyset(request, Event.objects.visible_to(request.user).with_people())
    return render(request, "history/activity.html", {"page": page})
