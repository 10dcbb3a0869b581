"""Pages of labs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import Conflict, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows
from registry.core.typed import sign_in_first, typed_before
from registry.history.feeds import SubjectFeed
from registry.history.models import Event

from . import actions
from .forms import ClaimForm, DomainForm, InvitationForm, LabChangeForm, LabForm, RoleForm
from .identity import identity_of
from .models import Invitation, Lab

REFUSALS = (ValidationError, Conflict, TooMany)


def find_lab(request, slug):
    return get_object_or_404(Lab.objects.visible_to(request.user).with_subject(), slug=slug)


def lab_for(request, slug, rule):
    """A lab for a page that only some may open; for others it is not there."""
    lab = find_lab(request, slug)
    if not allows(request.user, rule, lab):
        raise Http404
    return lab


@require_safe
def lab_list(request):
    page = keyset(request, Lab.objects.visible_to(request.user))
    return render(request, "labs/list.html", {"page": page})


@sign_in_first
@require_http_methods(["GET", "POST"])
def new(request):
    form = LabForm(request.POST or None, user=request.user, initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save().get_absolute_url())
        except REFUSALS as problem:
            show_refusal(form, problem)
    return render(request, "labs/new.html", {"form": form})


@require_safe
def detail(request, slug):
    lab = find_lab(request, slug)
    members = lab.memberships.select_related("user").order_by("role", "pk")
    events = Event.objects.visible_to(request.user).filter(lab=lab.subject).with_people()
    context = {
        "lab": lab, "members": members, "page": keyset(request, events, size=20), "identity": identity_of(lab)
    }  # fmt: skip
    return render(request, "labs/detail.html", context)


@require_safe
def feed(request, slug):
    return LabFeed()(request, subject=find_lab(request, slug).subject)


class LabFeed(SubjectFeed):
    def narrowed(self, events, subject):
        return events.filter(lab=subject)


@sign_in_first
@require_http_methods(["GET", "POST"])
def edit(request, slug):
    lab = lab_for(request, slug, "labs.edit")
    initial = {n: getattr(lab, n) for n in ("name", "homepage", "about", "feedback_email")}
    form = LabChangeForm(request.POST or None, initial=typed_before(request, initial))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(lab, request.user)
            return redirect(lab)
        except REFUSALS as problem:
            show_refusal(form, problem)
    return render(request, "labs/edit.html", {"lab": lab, "form": form})


@login_required
@require_http_methods(["GET", "POST"])
def members(request, slug):
    """Who belongs to the lab; owners invite, change roles and end memberships here."""
    lab = lab_for(request, slug, "labs.belong")
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(lab, request.user)
            messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
            return redirect("labs:members", lab.slug)
        except REFUSALS as problem:
            show_refusal(form, problem)
    context = {
        "lab": lab,
        "form": form,
        "members": lab.memberships.select_related("user").order_by("role", "pk"),
        "invitations": lab.invitations.pending().order_by("-pk"),
    }
    return render(request, "labs/members.html", context)


@login_required
@require_POST
def change_role(request, slug, pk):
    membership = get_object_or_404(lab_for(request, slug, "labs.own").memberships.select_related("user"), pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        actions.change_role(membership, role=form.cleaned_data["role"], by=request.user)
    return redirect("labs:members", slug)


@login_required
@require_POST
def end_membership(request, slug, pk):
    membership = get_object_or_404(lab_for(request, slug, "labs.belong").memberships.select_related("user"), pk=pk)
    actions.leave(membership, by=request.user)
    messages.success(request, f"{membership.user} no longer belongs to this lab.")
    return redirect("labs:detail", slug)


@login_required
@require_POST
def withdraw_invitation(request, slug, pk):
    lab = lab_for(request, slug, "labs.own")
    actions.withdraw_invitation(get_object_or_404(lab.invitations, pk=pk), by=request.user)
    return redirect("labs:members", slug)


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request, token):
    """What the link in the letter opens: says what accepting means, and changes nothing until the button."""
    found = get_object_or_404(Invitation.objects.select_related("lab", "invited_by"), token=token)
    if request.method == "POST":
        actions.accept(found, by=request.user)
        messages.success(request, f"You now belong to {found.lab}.")
        return redirect(found.lab)
    context = {"invitation": found, "lab": found.lab, "confirmed": actions.confirmed(request.user, found.email)}
    return render(request, "labs/invitation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def domain(request, slug):
    """Proving a domain: what to publish, and the state of each attempt."""
    lab = lab_for(request, slug, "labs.own")
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(lab, request.user)
            return redirect("labs:domain", lab.slug)
        except REFUSALS as problem:
            show_refusal(form, problem)
    checks = lab.domain_checks.filter(claims=False).order_by("-pk")[:5]
    return render(request, "labs/domain.html", {"lab": lab, "form": form, "checks": checks})


@login_required
@require_http_methods(["GET", "POST"])
def claim(request, slug):
    """Claiming a lab to which nobody belongs, by proving the domain of its homepage."""
    lab = lab_for(request, slug, "labs.claim")
    domains = actions.domains_of(lab)
    form = ClaimForm(request.POST or None, domains=domains)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(lab, request.user)
            return redirect("labs:claim", lab.slug)
        except REFUSALS as problem:
            show_refusal(form, problem)
    checks = lab.domain_checks.filter(claims=True, asked_by=request.user).order_by("-pk")[:5]
    context = {"lab": lab, "form": form, "checks": checks, "domain": domains[0] if domains else ""}
    return render(request, "labs/claim.html", context)


@login_required
@require_POST
def approval(request, slug):
    """Whether another member must approve what is to be published."""
    lab = lab_for(request, slug, "labs.own")
    actions.set_approval(lab, "needed" in request.POST, by=request.user)
    messages.success(request, "That is saved. It holds for everything published from now on.")
    return redirect("labs:members", slug)


@login_required
@require_POST
def check_domain(request, slug, pk):
    lab = find_lab(request, slug)
    check = get_object_or_404(lab.domain_checks.select_related("lab"), pk=pk)
    if not allows(request.user, "labs.check_domain", check):
        raise Http404
    actions.queue_domain_check(check, by=request.user)
    return redirect("labs:claim" if check.claims else "labs:domain", slug)
