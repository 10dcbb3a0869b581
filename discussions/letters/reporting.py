"""Reporting a letter: to moderators it is a report on the person who wrote it, with the letter's address."""

from django.db import transaction

from discussions.moderation import actions as moderation
from registry.core.errors import Invalid
from registry.core.rules import require

from .models import LabLetter
from .opening import hold
from .recording import record_privately

MOST = 1900  # characters, so that the letter's address fits before them


@transaction.atomic
def report(letter, *, rule, by, text=""):
    """Ask moderators without ties to look at a letter, which they may read from then on."""
    letter = hold(letter)
    require(by, "letters.report", letter)
    if len(text) > MOST:
        raise Invalid(f"This has {len(text)} characters; at most {MOST} are possible.", "text", "max_length")
    person = _answerable_for(letter)
    said = f"In a letter: {letter.get_absolute_url()}\n{text}".strip()
    made = moderation.report(person, rule=rule, by=by, text=said)
    LabLetter.objects.filter(pk=letter.pk).update(reported=True)
    record_privately("letter.reported", letter, by)
    return made


def _answerable_for(letter):
    return letter.entered_by or letter.sender
