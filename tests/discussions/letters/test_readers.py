"""Who reads a letter: the two sides, and chairs without ties."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from discussions.disclosures.authorships import name_author
from discussions.letters.chairs import chairs_of
from discussions.letters.consent import enter_old_letter
from discussions.letters.models import LabLetter
from discussions.letters.readers import readers_of
from discussions.letters.reporting import report
from discussions.moderation.models import Report
from discussions.threads.ties import ties_of
from discussions.workshops.actions import add_session, open_workshop
from registry.accounts.actions import state_affiliation
from registry.core.errors import Conflict, Refused
from registry.labs.models import FormerMembership
from tests.people import make_person

from .case import SAID, LetterTestCase


class ReaderTests(LetterTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.carl, cls.cleo, cls.tina, cls.tom, cls.tess, cls.max, cls.kim = (
            make_person(handle) for handle in ("carl", "cleo", "tina", "tom", "tess", "maxi", "kim")
        )
        day = datetime(2030, 5, 1, 9, tzinfo=UTC)
        said = {"starts_on": day.date(), "ends_on": day.date(), "by": cls.mo}
        about = open_workshop(slug="spring", title="Spring", chairs=[cls.carl, cls.tina], **said)
        times = {"starts_at": day, "ends_at": day + timedelta(hours=1)}
        add_session(about, title="The lamp", topics=[cls.subject], by=cls.mo, **times)
        open_workshop(slug="autumn", title="Autumn", chairs=[cls.cleo], **said)
        state_affiliation(cls.tina, organisation="Invented  LAB", kind="competitor")
        for moderator in (cls.tom, cls.tess, cls.max, cls.kim):
            moderator.is_moderator = True
            moderator.save()
        name_author(cls.subject, cls.kim, by=cls.kim)
        cls.lab.memberships.create(user=cls.tom, role="member")
        FormerMembership.objects.create(lab=cls.lab, user=cls.tess, role="member", until=timezone.now())

    def readers(self, letter):
        people = (
            self.ida, self.ada, self.bo, self.mo, self.eve, self.carl, self.cleo, self.tina, self.tom, self.tess,
            self.max, self.kim,
        )  # fmt: skip
        return {p.handle for p in people if LabLetter.objects.readable_by(p).filter(pk=letter.pk).exists()}

    def test_chairs_of_what_is_discussed_and_moderators_read_where_they_have_no_ties(self):
        letter = self.letter()

        self.assertEqual(self.readers(letter), {"ida", "ada", "mod", "carl", "maxi"})
        self.assertEqual({p.handle for p in readers_of(letter)}, {"ida", "ada", "mod", "carl", "maxi"})

    def test_the_two_ways_to_ask_who_is_a_chair_agree_with_the_ties_that_stand_beside_names(self):
        for person in (self.mo, self.tina, self.tom, self.tess, self.max, self.carl, self.kim):
            with self.subTest(person.handle):
                may = LabLetter.objects.read_as_chair(person).filter(pk=self.letter().pk).exists()
                self.assertEqual(may, not ties_of(person, self.lab, self.subject))
                self.assertEqual(may, person in chairs_of(self.subject, self.lab))

    def test_who_speaks_for_the_lab_no_longer_reads_no_longer(self):
        letter = self.letter()
        self.lab.memberships.filter(user=self.ada).update(role="member")

        self.assertNotIn("ada", self.readers(letter))

    def test_a_suspended_moderator_reads_nothing(self):
        self.max.suspended_at = timezone.now()
        self.max.save()

        self.assertNotIn("maxi", self.readers(self.letter()))

    def test_an_old_letter_is_read_by_moderators_once_it_was_reported(self):
        letter = enter_old_letter(self.subject, **SAID, by=self.ida, written_on=timezone.now().date())
        self.assertEqual(self.readers(letter), {"ida", "ada"})

        report(letter, rule="R1", text="It insults.", by=self.ada)

        self.assertEqual(self.readers(letter), {"ida", "ada", "mod", "maxi"})
        made = Report.objects.get()
        self.assertEqual(made.person, self.ida)
        self.assertEqual(made.text, f"In a letter: /letters/{letter.pk}/\nIt insults.")
        with self.assertRaises(Conflict):
            report(letter, rule="R1", by=self.ada)

    def test_its_sender_and_outsiders_do_not_report_it(self):
        letter = self.letter()
        for person in (self.ida, self.eve, self.bo):
            with self.subTest(person.handle), self.assertRaises(Refused):
                report(letter, rule="R1", by=person)
