"""From private to public with the consent of both sides, and letters that were written elsewhere."""

from datetime import date, timedelta

from django.utils import timezone

from discussions.letters.actions import answer
from discussions.letters.consent import consent, decline, enter_old_letter, propose, take_back_proposal
from discussions.letters.models import LabLetter
from discussions.threads.models import Thread
from registry.core.errors import Conflict, Invalid, Refused
from tests.people import make_person

from .case import SAID, LetterTestCase

DAY = date(2019, 2, 28)


class ProposeTests(LetterTestCase):
    def test_either_side_proposes_and_the_other_consents(self):
        for proposer, other in ((self.ida, self.ada), (self.ada, self.ida)):
            with self.subTest(proposer.handle):
                letter = self.letter()
                answer(letter, "We know.", self.ada, official=True)
                proposal = propose(letter, proposer)
                for person in {self.ida, self.ada, self.bo, self.mo, self.eve} - {other}:
                    with self.assertRaises(Refused):
                        consent(proposal, person)

                thread = consent(proposal, other).thread

                comments = list(thread.comments.order_by("path"))
                self.assertEqual([(c.author.handle, c.body) for c in comments],
                                 [("ida", SAID["body"]), ("ada", "We know.")])  # fmt: skip
                self.assertIn("with the consent of both sides", comments[0].marks[0]["words"])
                proposal.refresh_from_db()
                self.assertEqual((proposal.state, proposal.answered_by), ("consented", other))

    def test_the_letter_alone_leaves_the_answers_private_and_readable_for_both_sides(self):
        letter = self.letter()
        answer(letter, "We know.", self.ada)

        thread = consent(propose(letter, self.ada, scope="letter"), self.ida).thread

        self.assertEqual([c.body for c in thread.comments.all()], [SAID["body"]])
        self.assertEqual([m.body for m in letter.messages.all()], ["We know."])
        self.assertContains(self.as_(self.ida).get(letter.get_absolute_url()), "We know.")
        self.assertNotContains(self.as_(self.eve).get(letter.get_absolute_url()), "We know.")

    def test_a_refusal_gives_a_reason_and_another_proposal_can_follow(self):
        letter = self.letter()
        proposal = propose(letter, self.ida)
        with self.assertRaises(Conflict):
            propose(letter, self.ada)
        with self.assertRaises(Invalid):
            decline(proposal, " ", self.ada)

        decline(proposal, "It names a customer.", self.ada)

        with self.assertRaises(Conflict):
            consent(proposal, self.ada)
        self.assertEqual(self.fresh(letter).state, "private")
        propose(letter, self.ada)

    def test_more_words_end_a_proposal_since_it_was_about_less(self):
        letter = self.letter()
        proposal = propose(letter, self.ida)
        answer(letter, "One more thing.", self.ida)

        with self.assertRaises(Conflict):
            consent(proposal, self.ada)
        self.assertEqual(Thread.objects.count(), 0)

    def test_the_side_that_proposed_takes_it_back(self):
        proposal = propose(self.letter(), self.ida)
        with self.assertRaises(Refused):
            take_back_proposal(proposal, self.ada)

        self.assertEqual(take_back_proposal(proposal, self.ida).state, "taken_back")

    def test_a_sender_who_speaks_for_the_lab_is_not_both_sides(self):
        self.lab.memberships.create(user=self.ida, role="editor")

        with self.assertRaises(Refused):
            consent(propose(self.letter(), self.ida), self.ida)

    def test_a_dated_letter_is_not_proposed(self):
        with self.assertRaises(Refused):
            propose(self.letter("dated"), self.ada)


class OldLetterTests(LetterTestCase):
    def old(self, by, **more):
        return enter_old_letter(self.subject, **SAID, by=by, written_on=DAY, **more)

    def test_one_that_a_person_enters_is_read_by_the_two_sides_alone(self):
        letter = self.old(self.ida)
        readers = {
            person.handle
            for person in (self.ida, self.ada, self.bo, self.mo, self.eve)
            if LabLetter.objects.readable_by(person).filter(pk=letter.pk).exists()
        }

        self.assertEqual(readers, {"ida", "ada"})

    def test_the_other_side_makes_it_public_and_who_entered_it_does_not(self):
        letter = self.old(self.ida)
        proposal = letter.proposals.get()
        with self.assertRaises(Refused):
            consent(proposal, self.ida)

        comment = consent(proposal, self.ada).thread.comments.get()

        self.assertEqual((comment.author, comment.official_for), (self.ida, None))
        self.assertTrue(comment.marks[0]["words"].startswith("written elsewhere on 28 February 2019, public since "))

    def test_one_that_the_lab_enters_needs_the_person_and_what_the_lab_wrote_stands_under_its_name(self):
        letter = self.old(self.ada, person=self.ida, written_by="lab")
        self.assertEqual(letter.sender, self.ida)

        comment = consent(letter.proposals.get(), self.ida).thread.comments.get()

        self.assertEqual((comment.author, comment.official_for), (self.ada, self.lab))
        self.assertEqual(comment.disclosure["official"], "Invented Lab")

    def test_nobody_but_the_lab_names_another_person(self):
        for person in (self.eve, self.bo):
            with self.subTest(person.handle), self.assertRaises(Refused):
                self.old(person, person=self.ida)

    def test_refuses_days_to_come_and_people_who_cannot_answer(self):
        with self.assertRaises(Invalid):
            enter_old_letter(self.subject, **SAID, by=self.ida, written_on=timezone.now().date() + timedelta(days=2))
        gone = make_person("gone", is_active=False)
        with self.assertRaises(Invalid):
            self.old(self.ada, person=gone)
