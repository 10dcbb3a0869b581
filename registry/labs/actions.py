"""What is done with labs."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from registry.core.errors import Conflict, Invalid, Refused
from registry.core.free_text import fit_lines
from registry.core.limits import take
from registry.core.rules import allows, require
from registry.core.subjects import name_subject
from registry.core.text import TextRefused, clean_name, confusable_key
from registry.history.recording import record

from .models import SLUG, DomainCheck, Invitation, Lab, Membership

INVITATION_DAYS = 14
DAY = 86_400
RESERVED = {"new", "feed", "invitations", "import", "compare"}


@transaction.atomic
def register_lab(*, name, slug, homepage="", about="", by, belongs=True):
    """Register a lab; whoever does so becomes its owner.

    A moderator who does not belong to it makes one without members, so that entries about it can be curated.
    """
    require(by, "labs.register" if belongs else "labs.register_for_others")
    if belongs:
        take("lab", f"u{by.pk}", size=5, per_seconds=DAY)
    lab = _add_lab(name=name, slug=slug, homepage=homepage, about=about)
    if belongs:
        lab.memberships.create(user=by, role=Membership.Role.OWNER)
    record("lab.registered", lab.subject, by=by, lab=lab.subject)
    return lab


def _add_lab(*, name, slug, homepage, about):
    if not re.fullmatch(SLUG, slug) or slug in RESERVED:
        raise Invalid("Use 1 to 60 small letters, digits and hyphens, such as example-lab.", "slug")
    if homepage and urlsplit(homepage).scheme not in {"http", "https"}:
        raise Invalid("Write the homepage as a full address that begins with https://.", "homepage")
    name, about = _fit_name(name), fit_lines(about, "about")
    skeleton = confusable_key(name)
    if Lab.objects.filter(slug=slug).exists():
        raise Invalid("There is a lab with this short name. Choose another.", "slug", "taken")
    if Lab.objects.filter(skeleton=skeleton).exists():
        raise Invalid("There is a lab with this name, or one that looks like it.", "name", "taken")
    try:
        with transaction.atomic():
            subject = name_subject("lab", slug, title=name, path=f"/labs/{slug}/", public=True)
            return Lab.objects.create(
                slug=slug, name=name, skeleton=skeleton, homepage=homepage, about=about, subject=subject
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("A lab with this name or short name was registered a moment ago.") from None


def _fit_name(name):
    try:
        return clean_name(name)
    except TextRefused as problem:
        raise Invalid(str(problem), "name") from None


@transaction.atomic
def change_lab(lab, *, name, homepage="", about="", feedback_email="", by):
    """Change what a lab says of itself; its short name and address stay."""
    require(by, "labs.edit", lab)
    name, about = _fit_name(name), fit_lines(about, "about")
    skeleton = confusable_key(name)
    if Lab.objects.filter(skeleton=skeleton).exclude(pk=lab.pk).exists():
        raise Invalid("There is a lab with this name, or one that looks like it.", "name", "taken")
    before = {"name": lab.name, "homepage": lab.homepage}
    lab.name, lab.skeleton, lab.homepage, lab.about = name, skeleton, homepage, about
    lab.feedback_email = feedback_email
    try:
        with transaction.atomic():
            lab.save(update_fields=["name", "skeleton", "homepage", "about", "feedback_email"])
    except IntegrityError:
        raise Conflict("A lab took this name, or one that looks like it, a moment ago.") from None
    lab.subject.title = name
    lab.subject.save(update_fields=["title"])
    record("lab.changed", lab.subject, by=by, lab=lab.subject, before=before)
    return lab


@transaction.atomic
def set_approval(lab, needed, *, by):
    """Say whether what the lab publishes needs another member's approval."""
    lab = _locked(lab)
    require(by, "labs.own", lab)
    if lab.needs_approval != needed:
        lab.needs_approval = needed
        lab.save(update_fields=["needs_approval"])
        record(
            "lab.approval_set", lab.subject, by=by, lab=lab.subject, public=False, needed=needed,
            eyes="two pairs" if needed else "one pair",
        )  # fmt: skip
    return lab


@transaction.atomic
def invite(lab, *, email, role, by):
    """Offer a role to an address; the letter says who asks and what the role may do.

    It takes the place of one to the same address that has expired.
    """
    lab = _locked(lab)
    require(by, "labs.own", lab)
    take("invite", f"u{by.pk}", size=20, per_seconds=DAY)
    if role not in Membership.Role.values:
        raise Invalid("Choose a role: owner, editor or member.", "role")
    now = timezone.now()
    earlier = lab.invitations.pending().filter(email__iexact=email)
    if earlier.filter(expires_at__gt=now).exists():
        raise Conflict("An invitation to this address is open already. Withdraw it to send another.")
    earlier.update(withdrawn_at=now)
    expires = now + timedelta(days=INVITATION_DAYS)
    invitation = lab.invitations.create(email=email, role=role, invited_by=by, expires_at=expires)
    _send_invitation(invitation)
    record("lab.invited", lab.subject, by=by, lab=lab.subject, public=False, role=role)
    return invitation


def _send_invitation(invitation):
    link = f"{settings.BASE_URL}/labs/invitations/{invitation.token}/"
    context = {"invitation": invitation, "lab": invitation.lab, "link": link, "days": INVITATION_DAYS}
    message = EmailMultiAlternatives(
        f"[Daylight] An invitation to {invitation.lab.name}".replace("\n", " ").replace("\r", " "),
        render_to_string("labs/mail/invitation.txt", context),
        to=[invitation.email],
    )
    message.attach_alternative(render_to_string("labs/mail/invitation.html", context), "text/html")
    message.send()


@transaction.atomic
def accept(invitation, *, by):
    """Take up an offered role. The address must be one that the person has confirmed, the offer one that whoever
    made it could still make."""
    lab = _locked(invitation.lab)
    invitation = Invitation.objects.select_related("lab__subject", "invited_by").get(pk=invitation.pk)
    if not invitation.is_open or not allows(invitation.invited_by, "labs.own", lab):
        raise Conflict("This invitation is no longer open. Ask the lab for a new one.")
    if not confirmed(by, invitation.email):
        raise Refused(f"Confirm {invitation.email} as one of your addresses first, then open this link again.")
    membership, new = invitation.lab.memberships.get_or_create(user=by, defaults={"role": invitation.role})
    if not new:
        raise Conflict("You belong to this lab already. An owner can change your role.")
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record("lab.joined", invitation.lab.subject, by=by, lab=invitation.lab.subject, role=membership.role)
    return membership


def confirmed(user, email):
    return user.emailaddress_set.filter(email__iexact=email, verified=True).exists()


@transaction.atomic
def withdraw_invitation(invitation, *, by):
    """Take back an offer that nobody has taken up, expired or not."""
    require(by, "labs.own", invitation.lab)
    if Invitation.objects.pending().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
        record("lab.invitation_withdrawn", invitation.lab.subject, by=by, lab=invitation.lab.subject, public=False)


@transaction.atomic
def change_role(membership, *, role, by):
    """Give a member another role; the last owner stays one."""
    lab = _locked(membership.lab)
    require(by, "labs.own", lab)
    membership = _as_it_is_now(membership)
    if role not in Membership.Role.values:
        raise Invalid("Choose a role: owner, editor or member.", "role")
    _keep_an_owner(lab, membership, leaving=role != Membership.Role.OWNER)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    if role != Membership.Role.OWNER:
        _withdraw_invitations_of(membership)
    record(
        "lab.role_changed", lab.subject, by=by, lab=lab.subject, person=membership.user.handle, before=before, role=role
    )


@transaction.atomic
def leave(membership, *, by):
    """End a membership, one's own or (as owner) another's; every right that followed from it ends with it.

    That it was is kept, since it stays a tie for three years.
    """
    lab = _locked(membership.lab)
    if membership.user_id != by.pk:
        require(by, "labs.own", lab)
    membership = _as_it_is_now(membership)
    _keep_an_owner(lab, membership, leaving=True)
    person = membership.user.handle
    _withdraw_invitations_of(membership)
    lab.former_memberships.create(user=membership.user, role=membership.role)
    membership.delete()
    record("lab.left", lab.subject, by=by, lab=lab.subject, person=person)


def _locked(lab):
    """The lab, held until the act is done: acts about who belongs to it come one after the other."""
    return Lab.objects.select_for_update(of=["self"]).select_related("subject").get(pk=lab.pk)


def _as_it_is_now(membership):
    found = Membership.objects.select_related("user", "lab").filter(pk=membership.pk).first()
    if found is None:
        raise Conflict("This membership ended a moment ago.")
    return found


def _withdraw_invitations_of(membership):
    """Whoever no longer owns the lab offers nothing in its name any more."""
    offers = Invitation.objects.pending().filter(lab=membership.lab_id, invited_by=membership.user_id)
    offers.update(withdrawn_at=timezone.now())


def _keep_an_owner(lab, membership, *, leaving):
    owners = lab.memberships.filter(role=Membership.Role.OWNER).exclude(pk=membership.pk)
    if leaving and membership.role == Membership.Role.OWNER and not owners.exists():
        raise Conflict("A lab needs an owner. Make somebody else an owner first.")


@transaction.atomic
def ask_for_domain_check(lab, *, domain, method, by):
    """Begin the proof of a domain: makes the code to be published; nothing is fetched yet."""
    require(by, "labs.own", lab)
    return _begin_check(lab, domain, method, by)


@transaction.atomic
def claim_lab(lab, *, domain, method, by):
    """Begin to claim a lab to which nobody belongs, by the domain of its homepage; proved, it makes one its owner."""
    require(by, "labs.claim", lab)
    if domain.strip().lower().rstrip(".") not in domains_of(lab):
        raise Invalid(f"Only the domain of its homepage speaks for {lab.name}.", "domain")
    return _begin_check(lab, domain, method, by, claims=True)


def domains_of(lab):
    """The host of a lab's homepage, with and without `www.`, and the domains that it is part of."""
    host = (urlsplit(lab.homepage).hostname or "").removeprefix("www.")
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(max(0, len(parts) - 1))]


def _begin_check(lab, domain, method, by, *, claims=False):
    take("domain", f"u{by.pk}", size=20, per_seconds=DAY)
    domain = domain.strip().lower().rstrip(".")
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", domain) or len(domain) > 253:
        raise Invalid("Write the domain alone, such as example.org.", "domain")
    if method not in DomainCheck.Method.values:
        raise Invalid("Choose dns or file.", "method")
    check = lab.domain_checks.create(domain=domain, method=method, asked_by=by, claims=claims)
    record("lab.domain_claimed", lab.subject, by=by, lab=lab.subject, public=False, domain=domain, method=method)
    return check


@transaction.atomic
def queue_domain_check(check, *, by):
    """Ask the worker to look for the code now."""
    require(by, "labs.check_domain", check)
    if check.status in {DomainCheck.Status.QUEUED, DomainCheck.Status.PROVED}:
        return check
    take("look", f"u{by.pk}", size=30, per_seconds=3600)
    check.status, check.rung_at, check.problem = DomainCheck.Status.QUEUED, None, ""
    check.save(update_fields=["status", "rung_at", "problem"])
    return check


@transaction.atomic
def settle_domain_check(check, *, proved, problem=""):
    """Write down what the worker found."""
    check.status = DomainCheck.Status.PROVED if proved else DomainCheck.Status.FAILED
    check.problem, check.checked_at = problem[:300], timezone.now()
    check.save(update_fields=["status", "problem", "checked_at"])
    if proved and (not check.claims or _take_over(check)):
        Lab.objects.filter(pk=check.lab_id).update(verified_domain=check.domain, verified_at=check.checked_at)
        record(
            "lab.domain_proved", check.lab.subject, by=None, lab=check.lab.subject, domain=check.domain,
            method=check.method,
        )  # fmt: skip


def _take_over(check):
    """Make whoever proved the domain of a lab without members its owner; False where somebody was faster."""
    lab = _locked(check.lab)
    if lab.memberships.exists() or check.domain not in domains_of(lab) or check.asked_by.is_suspended:
        check.status, check.problem = DomainCheck.Status.FAILED, "The lab cannot be claimed in this way any more."
        check.save(update_fields=["status", "problem"])
        return False
    lab.memberships.create(user=check.asked_by, role=Membership.Role.OWNER)
    record("lab.claimed", lab.subject, by=check.asked_by, lab=lab.subject, domain=check.domain)
    return True
