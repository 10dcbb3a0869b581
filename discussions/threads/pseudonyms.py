"""Under which name somebody speaks: their own, or a pseudonym where that is allowed."""

from registry.core.errors import Invalid, Refused
from registry.core.rules import allows, require

from .models import Comment


def author_for(by, pseudonym, subject, thread=None):
    """The person who is shown as author: `by` or the persona of one of their pseudonyms."""
    if pseudonym is not None:
        require(by, "threads.pseudonym", subject)
        if pseudonym.owner_id != by.pk or not allows(pseudonym.persona, "threads.start", subject):
            raise Refused("You cannot write under this name.")
    author = pseudonym.persona if pseudonym else by
    if thread is not None and allows(by, "threads.pseudonym", subject):
        _check_one_name(by, author, thread)
    return author


def named_pseudonym(user, handle):
    """One's own pseudonym by its handle, None where none is named; that of another is as unknown as one of nobody."""
    if not handle or not user.is_authenticated:
        return None
    found = user.pseudonyms.select_related("persona").filter(persona__handle=handle).first()
    if found is None:
        raise Invalid("You have no such pseudonym.", "pseudonym")
    return found


def pseudonym_of(user, person):
    """The pseudonym by which somebody bears a person's name, given by its key; None where it is their own, or not."""
    return None if person == user.pk else user.pseudonyms.select_related("persona").filter(persona=person).first()


def own_names(user, subject):
    """The people under whose handles somebody may have written about a subject: themselves and their personas."""
    if not allows(user, "threads.pseudonym", subject):
        return [user]
    return [user, *(pseudonym.persona for pseudonym in user.pseudonyms.select_related("persona").order_by("pk"))]


def _check_one_name(by, author, thread):
    """In one discussion everybody speaks under one name, so that nobody can back themselves up."""
    others = [person.pk for person in own_names(by, thread.about) if person != author]
    if others and Comment.objects.filter(thread=thread, author__in=others).exists():
        raise Refused("You have spoken in this discussion under another name. Go on under that one.")
