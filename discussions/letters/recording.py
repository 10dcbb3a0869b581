"""Events of letters: what happened to a private one is told to nobody but those who may read it.

Such an event is about the letter's own subject, which is not public. What everybody may know of a dated letter, that
one of a category waits for a date, is an event about what it speaks of, and names nobody but a sender who wants that.
"""

from registry.history.recording import record

from .wording import moment


def record_privately(verb, letter, by, **more):
    record(verb, letter.subject, by=by, public=False, letter=letter.pk, **more)


def announce(verb, letter):
    record(
        verb, letter.about, by=letter.sender if letter.named else None, lab=letter.lab.subject, letter=letter.pk,
        category=letter.get_category_display().lower(), opens=moment(letter.opens_at),
    )  # fmt: skip
