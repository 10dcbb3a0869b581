"""Who may say what of a fact."""

from registry.core.rules import rule
from registry.labs.rules import MEMBER, role_in, tied
from registry.releases.rules import edits_entry

OWN_WORD = "Nobody checks or disputes their own entry. Publish a revision, or take the statement back."


def _has_voice(user, entry):
    """Of those who belong to the lab only its speakers say anything, and they say it for the lab."""
    return user.is_authenticated and _public(entry) and role_in(user, entry.lab) != MEMBER


def _public(entry):
    return entry.published_at is not None and not entry.subject.hidden and not entry.subject.locked


@rule("facts.speak", refusal="Sign in to say something of a fact; for a lab only its owners and editors speak.")
def speaks_of_facts(user, entry):
    """Adds a source; whoever writes the entry may do that too."""
    return _has_voice(user, entry)


@rule("facts.judge", refusal=OWN_WORD)
def judges_facts(user, entry):
    """Checks, disputes, states otherwise: whoever does not write the entry."""
    return _has_voice(user, entry) and not edits_entry(user, entry)


@rule("facts.retract", refusal="Only those who write the entry can take back what it states.")
def retracts_facts(user, entry):
    return _public(entry) and edits_entry(user, entry)


@rule(
    "facts.take_back",
    refusal="A statement is taken back by its author, or taken from view by a moderator without ties to the lab.",
)
def takes_back(user, statement):
    """The other side never can."""
    if not user.is_authenticated:
        return False
    return statement.made_by_id == user.pk or (user.is_moderator and not tied(user, statement.fact.entry.lab))
