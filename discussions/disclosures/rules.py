"""Who may correct a disclosure."""

from discussions.threads.rules import wrote
from registry.core.rules import allows, rule
from registry.releases.models import Entry


@rule("disclosures.correct", refusal="Only the author may correct what is disclosed beside a comment.")
def may_correct(user, comment):
    """In a closed discussion too: it puts the record right and adds nothing to the argument."""
    return wrote(user, comment) and not (comment.hidden or comment.thread.hidden)


@rule("disclosures.name_author", refusal="Only they themselves, or those who edit the entry, may name an author of it.")
def may_name_author(user, named):
    subject, person = named
    if not user.is_authenticated or subject.kind != "release" or not subject.public or subject.hidden:
        return False
    return person.pk == user.pk or _edits(user, subject)


@rule(
    "disclosures.close_authorship",
    refusal="Only who stated it may take it back, and only the person or those who edit the entry may call it wrong.",
)
def may_close_authorship(user, authorship):
    if not user.is_authenticated or authorship.closed_at is not None:
        return False
    return user.pk in {authorship.by_id, authorship.user_id} or _edits(user, authorship.subject)


def _edits(user, subject):
    entry = Entry.objects.select_related("lab").filter(subject=subject).first()
    return entry is not None and allows(user, "releases.edit", entry)
