"""The worker makes dated letters public: in the minute, once, whatever the broker does."""

from unittest import mock

from discussions.letters import tasks
from discussions.letters.actions import change_date, withdraw
from discussions.letters.models import LabLetter
from discussions.threads.models import Thread

from .case import LetterTestCase, in_days, make_due


class Rings:
    """A broker that keeps the bells."""

    def __init__(self):
        self.keys = []

    def __call__(self, args, **_):
        self.keys += args


class DueLettersTests(LetterTestCase):
    def round(self):
        """What the dispatcher does every two seconds, and what the workers do who hear it."""
        rings = Rings()
        with mock.patch.object(tasks.open_due_letter, "apply_async", rings):
            tasks.ring_for_due_letters()
        for pk in rings.keys:
            tasks.open_due_letter.apply([pk], throw=True)
        return rings.keys

    def test_opens_what_is_due_and_nothing_else(self):
        due, later, private = self.letter("dated"), self.letter("dated"), self.letter()
        make_due(due)

        self.assertEqual(self.round(), [due.pk])

        self.assertEqual({letter.pk: letter.state for letter in LabLetter.objects.all()},
                         {due.pk: "public", later.pk: "waiting", private.pk: "private"})  # fmt: skip
        self.assertEqual(self.round(), [])

    def test_a_bell_that_is_heard_twice_or_too_early_does_nothing(self):
        letter = self.letter("dated")
        tasks.open_due_letter.apply([letter.pk], throw=True)
        self.assertEqual(Thread.objects.count(), 0)
        make_due(letter)
        for _ in range(2):
            tasks.open_due_letter.apply([letter.pk], throw=True)

        self.assertEqual(Thread.objects.count(), 1)

    def test_a_bell_that_the_broker_lost_is_rung_again_after_a_minute(self):
        letter = self.letter("dated")
        make_due(letter)
        with mock.patch.object(tasks.open_due_letter, "apply_async"):
            self.assertEqual([tasks.ring_for_due_letters() for _ in range(2)], [1, 0])
        LabLetter.objects.filter(pk=letter.pk).update(rung_at=in_days(-1))

        self.assertEqual(self.round(), [letter.pk])
        self.assertEqual(self.fresh(letter).state, "public")

    def test_what_was_withdrawn_or_put_off_is_not_rung_for(self):
        withdraw(self.letter("dated"), self.ida)
        change_date(self.letter("dated"), in_days(20), self.ida)

        self.assertEqual(self.round(), [])
