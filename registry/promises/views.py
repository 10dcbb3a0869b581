"""The public board of promises."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.core.pages import keyset
from registry.labs.models import Lab
from registry.releases import dates

from .forms import BoardForm
from .models import Promise, PromiseCount


@require_safe
def board(request):
    """What was promised: overdue, due, kept or not."""
    form = BoardForm(request.GET)
    found = form.narrow(Promise.objects.visible_to(request.user).with_entry())
    context = {
        "form": form, "page": keyset(request, found, *form.order), "today": dates.latest_today(),
        "counted": PromiseCount.objects.filter(pk=1).first(),
        "lab": Lab.objects.visible_to(request.user).filter(slug=request.GET.get("lab", "")[:60]).first()
        if request.GET.get("lab") else None,
    }  # fmt: skip
    return render(request, "promises/board.html", context)
