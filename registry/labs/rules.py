"""Who may do what for a lab. Rights follow from membership as it stands now, and from nothing else."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from registry.core.rules import rule
from registry.core.statements import Statement
from registry.core.text import confusable_key

from .models import Membership

OWNER, EDITOR, MEMBER = Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.MEMBER
ROLE = Statement(lambda lab, user: Membership.objects.filter(lab=lab, user=user).values_list("role"), int, int)


def role_in(user, lab):
    """The role of a person in a lab, or None."""
    if not user.is_authenticated:
        return None
    found = ROLE.first(lab.pk, user.pk)
    return found[0] if found else None


FORMER = timedelta(days=3 * 366)  # how long a membership that ended is still a tie


def tied(user, lab):
    """Whether somebody belongs or lately belonged to a lab, or states an affiliation that bears its name."""
    if role_in(user, lab) is not None:
        return True
    if lab.former_memberships.filter(user=user, until__gte=timezone.now() - FORMER).exists():
        return True
    lasting = user.affiliations.filter(Q(until=None) | Q(until__gte=timezone.now() - FORMER))
    return any(confusable_key(name) == lab.skeleton for name in lasting.values_list("organisation", flat=True))


@rule("labs.claim", refusal="Sign in to claim a lab; one to which somebody belongs can only be joined by invitation.")
def may_claim_lab(user, lab):
    return user.is_authenticated and not lab.memberships.exists()


@rule("labs.check_domain", refusal="Only an owner of the lab, or whoever claims it, may do this.")
def checks_domain(user, check):
    if check.claims:
        return check.asked_by_id == user.pk and may_claim_lab(user, check.lab)
    return owns_lab(user, check.lab)


@rule("labs.register", refusal="Sign in to register a lab.")
def may_register_lab(user, _):
    return user.is_authenticated


@rule("labs.register_for_others", refusal="Only moderators may register a lab that they do not belong to.")
def may_register_lab_of_others(user, _):
    return user.is_authenticated and user.is_moderator


@rule("labs.own", refusal="Only an owner of the lab may do this.")
def owns_lab(user, lab):
    return role_in(user, lab) == OWNER


@rule("labs.edit", refusal="Only an owner or editor of the lab may do this.")
def edits_lab(user, lab):
    return role_in(user, lab) in {OWNER, EDITOR}


@rule("labs.speak", refusal="Only somebody who speaks for the lab (its owners and editors) may do this.")
def speaks_for_lab(user, lab):
    return role_in(user, lab) in {OWNER, EDITOR}


@rule("labs.belong", refusal="Only members of the lab may do this.")
def belongs_to_lab(user, lab):
    return role_in(user, lab) is not None
