"""The last step: what everyone will see, what is still missing, what changes, and why."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry.core.canonical import digest
from registry.core.errors import Conflict, Stale
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.statements import Instances

from ..checking import problems_for_publication, validate
from ..content import normalise
from ..controls import approval_needed, approvals_of
from ..diff import diff
from ..forms import PublicationForm
from ..models import Entry, PlannedPublication
from ..planning import waiting_plan
from ..pointers import address, in_words
from ..summary import summarise
from .editing import NotDone, editable

NOW = Instances(lambda pk: Entry.objects.with_current().filter(pk=pk), int)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, lab, slug):
    """Show what becomes public and make it so; a second click goes where the first one went.

    What somebody saved since the page was opened is shown first, and nothing is published until it was seen.
    """
    sent = request.method == "POST"
    entry = editable(request, lab, slug, current=not sent)
    form = PublicationForm(request.POST if sent else None, entry=entry, user=request.user)
    stale, since = "", []
    try:
        if form.is_valid() and (done := _published(request, form)):
            return done
    except Stale as problem:
        stale = str(problem)
    if sent:
        entry = form.entry = NOW.get(entry.pk)
    if stale:
        seen = form.content_seen()
        since = diff(normalise(seen), normalise(entry.draft)) if seen else []
        form = form.look_again()
    content, before = normalise(entry.draft), entry.current
    approvals = approvals_of(entry, digest(content), publisher=request.user)
    problems = validate(content) or problems_for_publication(content)
    context = {
        "entry": entry, "form": form, "number": before.number + 1 if before else 1, "content": content,
        "problems": [(in_words(p.pointer), p.detail, address(entry, p.pointer)) for p in problems],
        "summary": None if problems else summarise(content, timezone.now().date()),
        "groups": diff(before.content, content) if before and not validate(content) else [],
        "same": before is not None and before.digest == digest(content) and entry.withdrawn_at is None,
        "approvals": approvals, "unapproved": approval_needed(entry) and not approvals, "plan": waiting_plan(entry),
        "failed": entry.plans.filter(state="failed", planned_at__gte=entry.draft_saved_at).last(),
        "stale": stale, "since": since,
    }  # fmt: skip
    return render(request, "releases/publish.html", context, status=412 if stale else 200)


def _published(request, form):
    def act():
        revision = form.save()
        if revision is None:
            raise NotDone
        if isinstance(revision, PlannedPublication):
            messages.success(request, "It is planned. Nobody outside sees anything of it before its moment.")
            return reverse("releases:publish", args=[form.entry.lab.slug, form.entry.slug])
        messages.success(request, f"Revision {revision.number} is published. Everyone can see it.")
        return reverse("releases:detail", args=[form.entry.lab.slug, form.entry.slug])

    try:
        return redirect_once(request, act)
    except Conflict as problem:
        show_refusal(form, problem)
    except NotDone:
        pass
    return None
