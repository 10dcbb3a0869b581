"""Taking over into a draft what a file says."""

from django.db import transaction

from registry.core.errors import Invalid
from registry.releases.actions import attach_card, begin_entry, save_draft
from registry.releases.content import normalise
from registry.releases.models import Entry

from .proposal import taken_over


@transaction.atomic
def take_over(entry, proposal, chosen, *, by, version=None, card=None):
    """Fill the chosen fields of a file into a draft, and put the file on it as its card where one is given.

    Raises `Stale` where the draft was saved meanwhile, `Invalid` where the result cannot be kept.
    """
    fields = [one for one in proposal["fields"] if one["name"] in chosen]
    if unknown := set(chosen) - {one["name"] for one in fields}:
        raise Invalid(f"The file says nothing of “{sorted(unknown)[0][:60]}”.", "take", "unknown")
    draft = taken_over(normalise(entry.draft), fields)
    save_draft(entry, draft, by=by, version=version, unfinished=True)
    if card is not None:
        attach_card(entry, card, by=by)
    return entry


@transaction.atomic
def begin_from(lab, slug, proposal, chosen, *, by, card=None, origin=Entry.Origin.SELF_REGISTERED):
    """Begin a draft with the chosen fields of a file in it."""
    title = next((one["value"] for one in proposal["fields"] if one["name"] == "title" and "title" in chosen), "")
    entry = begin_entry(lab, slug, by=by, content={"title": title}, origin=origin)
    return take_over(entry, proposal, chosen, by=by, card=card)
