"""One decision: for everybody as the log has it, in full for whom it concerns and for moderators."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from registry.core.idempotency import redirect_once
from registry.core.rules import allows

from .. import actions
from ..forms import AppealForm, JudgementForm, RestoreForm
from ..models import Decision
from ..rules import is_concerned, why_not, why_not_judge
from ..targets import author_of, case_path, moved_between, name_of, path_of, text_of
from ..telling import is_key_of
from .doors import REFUSALS, done, moderators_only


@require_safe
def decision(request, pk):
    return _page(request, _find(request, pk))


@require_POST
def appeal(request, pk):
    """By whom it concerns: signed in, or with the key of the letter while suspended."""
    found = _find(request, pk)
    person = _concerned(request, found)
    if person is None:
        raise Http404
    form = AppealForm(request.POST)
    back = found.get_absolute_url() + (f"?key={request.POST['key']}" if "key" in request.POST else "")

    def act():
        form.save(found, person)
        messages.success(request, "Appealed. Another moderator will answer, and you will have a letter.")
        return back

    return _once(request, form, act) or _page(request, found, appeal=form)


@moderators_only
@require_POST
def confirm(request, pk):
    found = _find(request, pk)
    return _act(request, found, lambda: actions.confirm(found, by=request.user), "Confirmed, and done.")


@moderators_only
@require_POST
def refuse(request, pk):
    found = _find(request, pk)
    return _act(request, found, lambda: actions.refuse(found, by=request.user), "Nothing was done.", to_case=True)


@moderators_only
@require_POST
def restore(request, pk):
    found, form = _find(request, pk), RestoreForm(request.POST)
    return done(request, form, lambda: form.save(found, request.user).reverses.get_absolute_url()) or _page(
        request, found, restore=form
    )


@moderators_only
@require_POST
def judge(request, pk):
    found, form = _find(request, pk), JudgementForm(request.POST)
    if not hasattr(found, "appeal"):
        raise Http404
    return done(request, form, lambda: form.save(found, request.user) and found.get_absolute_url()) or _page(
        request, found, judge=form
    )


def _find(request, pk):
    return get_object_or_404(Decision.objects.visible_to(request.user).with_places(), pk=pk)


def _concerned(request, found):
    """Whom the decision concerns, where that is who asks."""
    key = request.POST.get("key") or request.GET.get("key") or ""
    return author_of(found.target) if is_concerned(request.user, found) or is_key_of(key, found) else None


def _once(request, form, act):
    """As `done`, also for somebody who is not signed in and whose appeal is possible only once anyway."""
    if request.user.is_authenticated:
        return done(request, form, act)
    request.POST = request.POST.copy()
    request.POST.pop("once", None)
    return done(request, form, act)


def _act(request, found, act, said, *, to_case=False):
    def once():
        act()
        messages.success(request, said)
        return case_path(found.target) if to_case else found.get_absolute_url()

    try:
        return redirect_once(request, once)
    except REFUSALS as problem:
        messages.error(request, " ".join(getattr(problem, "messages", [str(problem)])))
        return _page(request, found, status=403)


def _page(request, found, *, status=200, **bound):
    target, user = found.target, request.user
    concerned, moderates = _concerned(request, found), allows(user, "moderation.see")
    appeal = getattr(found, "appeal", None)
    in_force = found.state == Decision.State.IN_FORCE
    context = {
        "decision": found, "appeal": appeal, "name": name_of(target), "path": path_of(target),
        "concerned": concerned, "moderates": moderates, "in_full": bool(concerned or moderates),
        "text": text_of(target) if concerned or moderates else "", "forms": {},
        "moved": moved_between(found),
        "key": request.POST.get("key") or request.GET.get("key") or "", "log": reverse("moderation:log"),
    }  # fmt: skip
    if moderates:
        context |= {"barred": why_not(user, target), "case": case_path(target)}
    if concerned and in_force and appeal is None:
        context["appeal_form"] = bound.get("appeal") or AppealForm()
    if moderates and not context["barred"] and found.holds and found.kind != Decision.Kind.REMOVE:
        context["restore_form"] = bound.get("restore") or RestoreForm()
    if moderates and appeal and appeal.state == appeal.State.OPEN:
        context["judge_barred"] = why_not_judge(user, found)
        context["judge_form"] = bound.get("judge") or JudgementForm()
    if any(form.errors for form in bound.values()):
        status = 400
    response = render(request, "moderation/decision.html", context, status=status)
    if context["in_full"]:
        response["Cache-Control"] = "private, no-store"
    return response
