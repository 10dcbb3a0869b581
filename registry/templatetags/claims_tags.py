"""What pages show of claims."""

from django import template

from registry.claims.models import Claim
from registry.claims.views import may_act

register = template.Library()


@register.simple_tag
def claim_of(entry):
    """The claim by which the lab writes an entry that was curated, or None; an entry without one costs no query."""
    if entry.claimed_at is None:
        return None
    return Claim.objects.standing().filter(entry=entry).select_related("lab").defer("kept").last()


@register.simple_tag(takes_context=True)
def acts_on(context, claim):
    user = context.get("user")
    return may_act(user, claim) if user is not None and user.is_authenticated else []
