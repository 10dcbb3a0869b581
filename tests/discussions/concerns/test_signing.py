"""Co-signing: once each, withdrawable, and who of the signers counts as independent."""

from django.contrib.auth.models import AnonymousUser

from discussions.concerns.actions import answer, open_concern, resolve
from discussions.concerns.models import OPEN_CALL_SIGNERS, Concern
from discussions.concerns.signing import sign, withdraw_signature
from discussions.threads.models import Comment, Thread
from registry.accounts.actions import state_affiliation
from registry.core.errors import Conflict, Refused
from registry.history.models import Event
from tests.people import PlatformTestCase, make_person


class SigningTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        state_affiliation(cls.eve, organisation="Example Daily")
        cls.concern = open_concern(cls.entry.subject, "The script is missing", "Where is it?", cls.eve)

    def now(self):
        return Concern.objects.with_all().get(pk=self.concern.pk)

    def signer(self, name, *organisations, kind="member", until=None):
        person = make_person(f"signer-{name}")
        for organisation in organisations:
            state_affiliation(person, organisation=organisation, kind=kind, until=until)
        return person

    def signed(self, *people):
        for person in people:
            sign(self.now(), person)
        return [s.independent for s in self.concern.signatures.order_by("pk")]


class SignTests(SigningTestCase):
    def test_stands_once_with_what_the_signer_disclosed_then(self):
        person = self.signer("a", "Example Library")
        first, new = sign(self.now(), person)
        again, newer = sign(self.now(), person)
        state_affiliation(person, organisation="Elsewhere")

        self.assertEqual((first, new, newer), (again, True, False))
        signature = self.concern.signatures.get()
        self.assertEqual((signature.disclosure["shown"], len(signature.organisations)), ("Example Library", 1))
        self.assertEqual((self.now().signers, self.now().independent_signers), (1, 1))
        self.assertEqual(Event.objects.filter(verb="concern.signed").count(), 1)

    def test_is_not_for_the_opener_or_visitors_or_in_a_closed_discussion(self):
        for person in (self.eve, AnonymousUser()):
            with self.assertRaises(Refused):
                sign(self.now(), person)
        Thread.objects.update(locked=True)
        with self.assertRaises(Refused):
            sign(self.now(), self.mo)
        self.assertFalse(self.concern.signatures.exists())

    def test_ends_with_the_concern_and_what_was_signed_by_then_stays(self):
        self.signed(self.mo)
        resolve(self.now(), "withdrawn", self.eve, "I was wrong.")

        with self.assertRaises(Conflict):
            sign(self.now(), self.ada)
        with self.assertRaises(Conflict):
            withdraw_signature(self.now(), self.mo)
        self.assertEqual(self.now().signers, 1)

    def test_can_be_taken_back_and_given_again(self):
        self.signed(self.mo)
        withdraw_signature(self.now(), self.mo)
        withdraw_signature(self.now(), self.mo)

        self.assertEqual((self.now().signers, self.now().independent_signers), (0, 0))
        self.assertEqual(Event.objects.filter(verb="concern.signature_withdrawn").count(), 1)
        self.assertEqual(self.signed(self.mo), [True])


class IndependenceTests(SigningTestCase):
    def test_ends_with_a_tie_to_the_lab_that_is_asked(self):
        tied = [
            self.ada, self.bo, self.signer("funded", "Invented Lab", kind="funding"),
            self.signer("former", "invented lab", until="2026-01-01"),
        ]  # fmt: skip

        self.assertEqual(self.signed(*tied, self.signer("free", "Example Library")), [False] * 4 + [True])

    def test_is_one_for_each_organisation_and_one_for_each_person_without_any(self):
        people = [
            self.signer("a", "Example Library"), self.signer("b", "EXAMPLE Iibrary"), self.signer("c", "Elsewhere"),
            self.signer("d", "Elsewhere", "Third"), self.signer("e"), self.signer("f"),
            self.signer("g", "Elsewhere", until="2020-01-01"),
        ]  # fmt: skip

        self.assertEqual(self.signed(*people), [True, False, True, False, True, True, True])

    def test_is_not_that_of_the_openers_colleagues(self):
        self.assertEqual(self.signed(self.signer("a", "Example Daily")), [False])

    def test_passes_to_a_colleague_when_a_signature_is_taken_back(self):
        first, second = self.signer("a", "Example Library"), self.signer("b", "Example Library")
        self.assertEqual(self.signed(first, second), [True, False])
        withdraw_signature(self.now(), first)

        self.assertEqual(self.signed(), [True])
        self.assertEqual(self.now().independent_signers, 1)


class OpenCallTests(SigningTestCase):
    def test_is_made_by_the_last_independent_signer_that_is_needed_and_lasts(self):
        people = [self.signer(str(n)) for n in range(OPEN_CALL_SIGNERS)]
        self.signed(self.ada, *people[:-1])
        self.assertIsNone(self.now().open_call_at)

        stale = Concern.objects.with_comments().get(pk=self.concern.pk)
        self.signed(people[-1])

        concern = self.now()
        self.assertTrue(concern.answer_is_due)
        event = Event.objects.get(verb="concern.became_open_call")
        self.assertEqual((event.actor, event.subject, event.lab), (people[-1], concern.subject, self.lab.subject))
        self.assertEqual(
            Comment.objects.get(pk=concern.opening_id).marks[0]["words"],
            "opens an open call: The script is missing (open)",
        )
        answer(stale, "Here it is.", self.ada)
        self.assertIn("opens an open call: ", Comment.objects.get(pk=concern.opening_id).marks[0]["words"])
        resolve(self.now(), "open", self.eve, "It is not.")
        for person in people:
            withdraw_signature(self.now(), person)
        self.assertTrue(self.now().answer_is_due)
        self.signed(*people)
        self.assertEqual(Event.objects.filter(verb="concern.became_open_call").count(), 1)
