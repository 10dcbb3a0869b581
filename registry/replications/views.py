"""Pages of replications and leaks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import Conflict, Refused, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows, require
from registry.core.typed import sign_in_first, typed_before
from registry.history.models import Event
from registry.releases.models import Entry

from . import actions
from .feeds import OneReplicationFeed
from .forms import FilterForm, ReportForm, VerdictForm, WithdrawalForm
from .identity import identity_of
from .models import Replication

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (ValidationError, Conflict, Refused, TooMany)
MOST_VERDICTS = 50


@require_safe
def reports(request):
    """All reports, the newest first; by the filters of the address."""
    form = FilterForm(request.GET)
    page = keyset(request, form.narrow(Replication.objects.visible_to(request.user).with_all()))
    entry = page.rows[0].entry if page.rows and request.GET.get("release") else None
    return render(request, "replications/list.html", {"page": page, "form": form, "entry": entry})


@require_safe
def detail(request, pk):
    """One report for good, with what others say of it, and what was taken back."""
    report = find(request, pk)
    verdicts = keyset(request, report.verdicts.select_related("user"), "pk", size=MOST_VERDICTS)
    user = request.user
    context = {
        "report": report,
        "identity": identity_of(report),
        "verdicts": verdicts,
        "events": Event.objects.visible_to(user).about(report.subject).with_people().order_by("pk")[:100],
        "own": user.is_authenticated and report.verdicts.standing().filter(user=user).exists(),
        "can_assess": allows(user, "replications.assess", report),
        "can_withdraw": not report.is_withdrawn and allows(user, "replications.withdraw", report),
    }
    return render(request, "replications/detail.html", context)


@require_safe
def feed(request, pk):
    return OneReplicationFeed()(request, subject=find(request, pk).subject)


@form_page
@sign_in_first
def new(request, lab, slug):
    """Report that something of an entry was replicated or came out."""
    entries = Entry.objects.visible_to(request.user).published().filter(subject__hidden=False).with_current()
    entry = get_object_or_404(entries, lab__slug=lab, slug=slug)
    require(request.user, "replications.report", entry)
    form = ReportForm(request.POST or None, entry=entry, initial=typed_before(request))
    return _answered(request, form, lambda: form.save(request.user), "replications/new.html", {"entry": entry})


@form_page
@sign_in_first
def assess(request, pk, stance):
    """Confirm or dispute a report."""
    report = find(request, pk)
    require(request.user, "replications.assess", report)
    form = VerdictForm(request.POST or None, stance=stance, initial=typed_before(request))

    def act():
        form.save(report, request.user)
        return report

    return _answered(request, form, act, "replications/assess.html", {"report": report, "stance": stance})


@form_page
@sign_in_first
def withdraw(request, pk):
    """Withdraw one's own report, with the reason."""
    report = find(request, pk)
    require(request.user, "replications.withdraw", report)
    form = WithdrawalForm(request.POST or None, initial=typed_before(request))
    return _answered(
        request, form, lambda: form.save(report, request.user), "replications/withdraw.html", {"report": report}
    )


@require_POST
@sign_in_first
def take_back_verdict(request, pk):
    report = find(request, pk)
    actions.take_back_verdict(report, by=request.user)
    messages.success(request, "What you said of this report is taken back. That it was said stays readable.")
    return redirect(report)


def find(request, pk):
    return get_object_or_404(Replication.objects.visible_to(request.user).with_all(), pk=min(pk, 2**63 - 1))


def _answered(request, form, act, template, context):
    """Do what the form asks for and lead to the report, or show the form with what is to be mended."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_once(request, lambda: act().get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
    return render(request, template, context | {"form": form}, status=400 if form.errors else 200)
