"""What the tests of letters share: Ida writes to Ada's lab about its entry."""

from datetime import timedelta

from django.utils import timezone

from discussions.letters.actions import send_letter
from discussions.letters.models import LabLetter
from tests.people import PlatformTestCase, make_person

SAID = {"title": "A leak in the lamp", "body": "The **filter** leaks."}


def in_days(days):
    return timezone.now() + timedelta(days=days)


def make_due(letter):
    """Let the time of a dated letter have come."""
    LabLetter.objects.filter(pk=letter.pk).update(opens_at=timezone.now() - timedelta(seconds=1))


class LetterTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.ida = make_person("ida", "Ida Example")
        cls.subject = cls.entry.subject

    def letter(self, visibility="private", **more):
        if visibility == "dated":
            more = {"public_on": in_days(10)} | more
        return send_letter(self.subject, **SAID, by=self.ida, visibility=visibility, **more)

    def fresh(self, letter):
        return LabLetter.objects.get(pk=letter.pk)
