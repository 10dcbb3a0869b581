"""Two people, or a person and a worker, at the same moment: a letter becomes public once, and no word is lost."""

from django.core.cache import cache
from django.test import TransactionTestCase, override_settings

from discussions.letters.actions import answer, open_due, open_now, send_letter, withdraw
from discussions.letters.consent import consent, decline, propose
from discussions.letters.models import LabLetter, LetterMessage, LetterProposal
from discussions.threads.models import Comment, Thread
from registry.core.errors import Conflict, Refused
from tests.people import PlatformTestCase, at_once, make_person

from .case import SAID, in_days, make_due


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        self.ida = make_person("ida", "Ida Example")

    def letter(self, visibility="private"):
        more = {"public_on": in_days(10)} if visibility == "dated" else {}
        return send_letter(self.entry.subject, **SAID, by=self.ida, visibility=visibility, **more)

    def test_many_workers_its_sender_and_answers_make_one_discussion_with_every_answer(self):
        letter = self.letter("dated")
        make_due(letter)

        came = at_once(
            *[lambda: open_due(letter.pk)] * 4,
            *[lambda: open_now(letter, self.ida)] * 2,
            *(lambda n=n: answer(letter, f"Answer {n}.", self.ada) for n in range(4)),
        )

        refused = [one for one in came if isinstance(one, Exception)]
        self.assertTrue(all(isinstance(one, Conflict | Refused) for one in refused), refused)
        self.assertEqual(Thread.objects.count(), 1)
        answered = sum(isinstance(one, LetterMessage) for one in came)
        self.assertEqual(Comment.objects.count(), 1 + answered)

    def test_a_letter_is_opened_or_withdrawn_and_never_both(self):
        letter = self.letter("dated")
        make_due(letter)

        at_once(*[lambda: open_due(letter.pk)] * 3, *[lambda: withdraw(letter, self.ida)] * 3)

        state = LabLetter.objects.get(pk=letter.pk).state
        self.assertEqual(Thread.objects.count(), 1 if state == "public" else 0)
        self.assertIn(state, {"public", "withdrawn"})

    def test_of_consents_and_refusals_one_holds(self):
        proposal = propose(self.letter(), self.ida)

        came = at_once(
            *[lambda: consent(proposal, self.ada)] * 3, *[lambda: decline(proposal, "No.", self.ada)] * 3
        )

        self.assertEqual(sum(not isinstance(one, Exception) for one in came), 1, came)
        consented = LetterProposal.objects.get().state == "consented"
        self.assertEqual(Thread.objects.count(), int(consented))

    def test_of_many_proposals_one_waits(self):
        letter = self.letter()

        came = at_once(*[lambda: propose(letter, self.ida)] * 4, *[lambda: propose(letter, self.ada)] * 4)

        self.assertEqual(sum(isinstance(one, LetterProposal) for one in came), 1, came)
        self.assertTrue(all(isinstance(one, LetterProposal | Conflict) for one in came), came)
