"""Sending letters, answering them, changing their dates."""

from django.utils import timezone

from discussions.letters.actions import answer, change_date, open_due, open_now, send_letter, withdraw
from discussions.threads.models import Comment, Thread
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.history.models import Event
from tests.people import make_person

from .case import SAID, LetterTestCase, in_days, make_due


class SendLetterTests(LetterTestCase):
    def test_a_public_one_is_a_discussion_at_once_and_kept_nowhere_else(self):
        letter = self.letter("public", category="misuse_risk")

        comment = letter.thread.comments.get()
        self.assertEqual((letter.thread.title, comment.body, comment.author), (*SAID.values(), self.ida))
        self.assertEqual((letter.title, letter.body, letter.html), ("", "", ""))

    def test_a_private_one_is_no_discussion_and_no_public_event(self):
        before = Event.objects.filter(public=True).count()

        letter = self.letter()

        self.assertEqual((letter.html, letter.state), ("<p>The <strong>filter</strong> leaks.</p>", "private"))
        self.assertEqual(Thread.objects.count(), 0)
        self.assertEqual(Event.objects.filter(public=True).count(), before)
        self.assertEqual((letter.subject.public, letter.subject.title), (False, f"Letter {letter.pk} to Invented Lab"))

    def test_a_dated_one_tells_everybody_category_and_date_and_nothing_else(self):
        letter = self.letter("dated", category="safety_finding")

        event = Event.objects.filter(public=True).latest("pk")
        self.assertEqual((event.verb, event.subject, event.actor), ("letter.announced", self.subject, None))
        self.assertEqual(event.data["category"], "safety finding")
        self.assertNotIn("leak", str(event.data))
        self.assertEqual(self.subject.thread_count, 0)
        self.assertEqual(letter.opens_at.second, 0)

    def test_a_day_means_nine_in_the_morning_where_its_sender_lives(self):
        self.ida.time_zone = "Asia/Tokyo"

        letter = self.letter("dated", public_on=in_days(10).date())

        self.assertEqual((letter.opens_at.hour, letter.opens_at.tzname()), (9, "JST"))

    def test_refuses_dates_that_are_past_or_more_than_a_year_ahead(self):
        for days in (-1, 0, 400):
            with self.subTest(days), self.assertRaises(Invalid):
                self.letter("dated", public_on=in_days(days))
        with self.assertRaises(Invalid):
            self.letter("dated", public_on=None)
        with self.assertRaises(Invalid):
            self.letter("private", public_on=in_days(3))

    def test_goes_only_to_labs_and_only_from_people(self):
        for subject in (self.norm.subject, self.draft().subject, self.ada.subject):
            with self.subTest(subject.ref), self.assertRaises(Refused):
                send_letter(subject, **SAID, by=self.ida, visibility="private")

    def test_nobody_sends_more_than_ten_a_day_and_a_new_account_no_more_than_two(self):
        for _ in range(10):
            self.letter()
        with self.assertRaises(TooMany):
            self.letter()
        eve = make_person("newcomer", trusted_since=None)
        for _ in range(2):
            send_letter(self.subject, **SAID, by=eve, visibility="private")
        with self.assertRaises(TooMany) as refused:
            send_letter(self.subject, **SAID, by=eve, visibility="private")
        self.assertIn("A new account may send 2 letters a day", str(refused.exception))


class AnswerTests(LetterTestCase):
    def test_is_for_the_two_sides_alone(self):
        letter = self.letter()
        answer(letter, "Where?", self.ada, official=True)
        answer(letter, "There.", self.ida)

        for person in (self.bo, self.mo, self.eve):
            with self.subTest(person.handle), self.assertRaises(Refused):
                answer(letter, "Me too.", person)
        with self.assertRaises(Refused):
            answer(letter, "I am the lab.", self.ida, official=True)
        self.assertEqual([m.official_for for m in letter.messages.all()], [self.lab, None])


class OpeningTests(LetterTestCase):
    def test_the_whole_exchange_becomes_the_discussion_with_names_and_days_of_then(self):
        letter = self.letter("dated")
        answer(letter, "We look into it.", self.ada, official=True)
        answer(letter, "Thank you.", self.ida)
        make_due(letter)
        self.lab.memberships.filter(user=self.ada).update(role="member")

        opened = open_due(letter.pk)

        comments = list(opened.thread.comments.order_by("path"))
        self.assertEqual([c.author.handle for c in comments], ["ida", "ada", "ida"])
        self.assertEqual([c.depth for c in comments], [1, 2, 2])
        self.assertEqual([c.official_for for c in comments], [None, self.lab, None])
        self.assertEqual(comments[1].disclosure["official"], "Invented Lab")
        self.assertTrue(comments[0].marks[0]["words"].startswith("written privately on "))
        self.assertIn(", public since ", comments[0].marks[0]["words"])
        letter = self.fresh(letter)
        self.assertEqual((letter.title, letter.body, letter.html, letter.state), ("", "", "", "public"))
        self.assertEqual({m.body for m in letter.messages.all()}, {""})
        self.subject.refresh_from_db()
        self.assertEqual((self.subject.thread_count, self.subject.comment_count), (1, 3))

    def test_does_not_come_before_its_time_and_comes_once(self):
        letter = self.letter("dated")
        self.assertIsNone(open_due(letter.pk))
        make_due(letter)

        self.assertIsNotNone(open_due(letter.pk))
        self.assertIsNone(open_due(letter.pk))

        self.assertEqual((Thread.objects.count(), Comment.objects.count()), (1, 1))

    def test_waits_while_its_sender_is_suspended(self):
        letter = self.letter("dated")
        make_due(letter)
        self.ida.suspended_at = timezone.now()
        self.ida.save()

        self.assertIsNone(open_due(letter.pk))

        self.ida.suspended_at = None
        self.ida.save()
        self.assertIsNotNone(open_due(letter.pk))

    def test_its_sender_alone_makes_it_public_sooner(self):
        letter = self.letter("dated")
        for person in (self.ada, self.mo, self.eve):
            with self.subTest(person.handle), self.assertRaises(Refused):
                open_now(letter, person)

        self.assertEqual(open_now(letter, self.ida).thread.title, SAID["title"])
        with self.assertRaises(Refused):
            withdraw(letter, self.ida)

    def test_a_private_one_is_not_made_public_by_its_sender_alone(self):
        with self.assertRaises(Refused):
            open_now(self.letter(), self.ida)


class ChangeDateTests(LetterTestCase):
    def test_earlier_is_free_and_later_leaves_a_trace_twice_at_most(self):
        letter = self.letter("dated")
        change_date(letter, in_days(5), self.ida)
        change_date(letter, in_days(20), self.ida)
        change_date(letter, in_days(30), self.ida)

        with self.assertRaises(Conflict):
            change_date(letter, in_days(31), self.ida)
        change_date(letter, in_days(3), self.ida)

        self.assertEqual([c.is_delay for c in letter.date_changes.all()], [False, True, True, False])
        verbs = list(Event.objects.filter(public=True, verb__startswith="letter.").order_by("pk"))
        said = [event.verb.removeprefix("letter.") for event in verbs]
        self.assertEqual(said, ["announced", "brought_forward", "put_off", "put_off", "brought_forward"])
        self.assertEqual({event.actor for event in verbs}, {None})

    def test_never_later_than_ninety_days_after_the_first_promise(self):
        letter = self.letter("dated")

        with self.assertRaises(Invalid):
            change_date(letter, in_days(101), self.ida)
        change_date(letter, in_days(99), self.ida)

    def test_a_withdrawn_one_is_never_opened(self):
        letter = withdraw(self.letter("dated"), self.ida)
        make_due(letter)

        self.assertIsNone(open_due(letter.pk))
        self.assertEqual(Thread.objects.count(), 0)
