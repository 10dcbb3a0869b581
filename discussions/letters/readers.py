"""Who will read a letter, told before it is sent, and who is told of one that was."""

from django.utils.functional import cached_property

from discussions.threads.ties import lab_of
from registry.accounts.models import User, suspended_now
from registry.labs.models import Membership

from .chairs import chairs_of
from .models import Visibility

NAMED = 10  # chairs whose names the form says


class Readers:
    """The people who read private letters about something."""

    def __init__(self, about, lab=None):
        self.about, self.lab = about, lab or lab_of(about)

    @cached_property
    def speakers(self):
        found = User.objects.filter(memberships__in=Membership.objects.speakers().filter(lab=self.lab), is_active=True)
        return list(found.exclude(suspended_now()).order_by("handle"))

    @cached_property
    def chairs(self):
        return chairs_of(self.about, self.lab)

    @property
    def in_words(self):
        return f"{self._lab()}; {self._chairs()}"

    def _lab(self):
        number = len(self.speakers)
        if not number:
            return f"whoever comes to speak for {self.lab.name} (nobody does so here yet)"
        who = f"the {number} people who speak" if number > 1 else "the one person who speaks"
        return f"{who} for {self.lab.name}"

    def _chairs(self):
        names = [person.display_name for person in self.chairs]
        if not names:
            return "no chair yet"
        shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        return f"the chairs and moderators without ties to it ({shown})"

    @property
    def choices(self):
        """The three ways to send, each with what it means."""
        return [
            (Visibility.PUBLIC, "Public now. A discussion starts at once, for everybody to read and to take part in."),
            (
                Visibility.DATED,
                "Public on a date. Everybody sees at once that a letter of this category waits, and until when; what "
                f"it says is read until then by {self.in_words}. Answers become public with it.",
            ),
            (
                Visibility.PRIVATE,
                f"Lab and chairs only. Read by {self.in_words}. It becomes public only where you and the lab agree.",
            ),
        ]


def readers_of(letter):
    """Everybody who may read a letter, as far as they are told of what happens to it."""
    readers = Readers(letter.about, letter.lab)
    people = {letter.sender, *readers.speakers}
    if not letter.is_old:
        people.update(readers.chairs)
    return people
