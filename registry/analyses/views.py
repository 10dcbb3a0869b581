"""Pages of runs: what was computed, on what, and how far it is."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import select_template
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.bodies import takes_files
from registry.core.errors import Conflict
from registry.core.files import LARGEST, LIMITS, StoredFile
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.limits import take
from registry.core.pages import keyset
from registry.core.rules import allows
from registry.history.feeds import VerbFeed
from registry.releases.models import Entry

from . import actions, catalogue
from .forms import RunForm
from .models import Run
from .report import command_line

feed = VerbFeed.of("run.succeeded", "run.failed", title="Daylight: analyses", link="/runs/")


def find_run(request, pk):
    return get_object_or_404(Run.objects.visible_to(request.user).with_entry(), pk=pk)


@require_safe
def run_list(request):
    runs = Run.objects.visible_to(request.user).listed()
    return render(request, "analyses/list.html", {"page": keyset(request, runs)})


@require_safe
def run(request, pk):
    """One run. While it is not over, the page says how far it is and can be reloaded."""
    found = find_run(request, pk)
    files = StoredFile.objects.visible_to(request.user).in_bulk([i.file_id for i in found.inputs.all()])
    template = select_template([f"analyses/{found.analysis}.html", "analyses/_plain.html"])
    context = {
        "run": found, "result": found.result, "analysis": actions.analysis_of(found), "template": template,
        "inputs": [(given, files.get(given.file_id)) for given in found.inputs.all()], "command": _command(found),
    }  # fmt: skip
    response = render(request, "analyses/run.html", context)
    if not found.is_final:
        response["Cache-Control"] = "no-store"
    return response


def _command(run):
    """How to compute it again; "" where the analysis is no longer installed, or is another version by now."""
    analysis = actions.analysis_of(run)
    if getattr(analysis, "version", "") != run.analysis_version:
        return ""
    return command_line(analysis, [(i.role, i.name) for i in run.inputs.all()], run.params, run.seed)


@takes_files(LARGEST + LIMITS["samples"] + LIMITS["reference"])
@login_required
@require_http_methods(["GET", "POST"])
def request_run(request, lab, slug, analysis):
    """Upload the texts an analysis needs, and ask for it."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).with_lab(), lab__slug=lab, slug=slug)
    if analysis not in catalogue.NAMES or not allows(request.user, "releases.edit", entry):
        raise Http404
    found = catalogue.get(analysis)
    form = RunForm(request.POST or None, request.FILES or None, analysis=found)
    if request.method == "POST" and form.is_valid():
        take("run", f"u{request.user.pk}", size=30, per_seconds=3600)
        try:
            return redirect_once(request, lambda: form.save(entry, request.user).get_absolute_url())
        except (ValidationError, Conflict) as problem:
            show_refusal(form, problem)
    return render(request, "analyses/request.html", {"entry": entry, "analysis": found, "form": form})


@login_required
@require_POST
def repeat(request, pk):
    found = find_run(request, pk)
    take("run", f"u{request.user.pk}", size=30, per_seconds=3600)
    return redirect(actions.repeat_run(found, by=request.user))


@login_required
@require_POST
def cancel(request, pk):
    found = find_run(request, pk)
    actions.cancel_run(found, by=request.user)
    return redirect(found)
