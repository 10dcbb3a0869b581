"""Reporting something, and what became of one's reports."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussions.summaries.models import Summary
from discussions.threads.models import Comment, Thread
from registry.accounts.models import User
from registry.core.pages import keyset
from registry.core.rules import require
from registry.core.subjects import Subject

from ..forms import NumberedReportForm, ReportForm
from ..models import Report
from ..targets import TEXTS, kind_of, name_of, path_of
from .doors import done, form_page


@login_required
@require_safe
def own(request):
    """One's own reports, and the answers to them."""
    page = keyset(request, Report.objects.filter(reporter=request.user).with_places())
    for report in page:
        report.name, report.path = name_of(report.target), path_of(report.target)
    return render(request, "moderation/reports.html", {"page": page})


@login_required
@form_page
def comment(request, pk):
    comments = Comment.objects.visible_to(request.user).select_related("author", "thread")
    return _report(request, get_object_or_404(comments, pk=pk), ReportForm)


@login_required
@form_page
def thread(request, pk):
    threads = Thread.objects.visible_to(request.user).with_people()
    return _report(request, get_object_or_404(threads, pk=pk), NumberedReportForm)


@login_required
@form_page
def summary(request, pk):
    summaries = Summary.objects.visible_to(request.user).with_people()
    return _report(request, get_object_or_404(summaries, pk=pk), ReportForm)


@login_required
@form_page
def subject(request, pk):
    """What an entry, norm or clause says."""
    subjects = Subject.objects.visible_to(request.user).filter(kind__in=TEXTS, hidden=False)
    return _report(request, get_object_or_404(subjects, pk=pk), ReportForm)


@login_required
@form_page
def person(request, handle):
    people = User.objects.visible_to(request.user).select_related("subject")
    return _report(request, get_object_or_404(people, handle=handle), ReportForm)


def _report(request, target, form_class):
    if kind_of(target) != "thread":  # of one's own discussion one may report what others wrote
        require(request.user, "moderation.report", target)
    form = form_class(request.POST or None)

    def act():
        form.save(target, request.user)
        messages.success(request, "Reported to moderators. What becomes of it will stand here.")
        return reverse("moderation:reports")

    if response := done(request, form, act):
        return response
    context = {"form": form, "target": target, "name": name_of(target), "path": path_of(target)}
    return render(request, "moderation/report.html", context, status=400 if form.errors else 200)
