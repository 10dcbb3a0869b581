"""When mail comes: at once, in bundles, at eight in the morning; and never by dozens."""

from datetime import UTC, datetime, timedelta
from unittest import mock

from django.test import SimpleTestCase
from django.utils import timezone

from discussions.notifications import tasks
from discussions.notifications.actions import choose, follow, mark_read
from discussions.notifications.models import Cadence, Letter, Notice, Untold
from discussions.notifications.schedule import next_morning
from discussions.threads.actions import post, start_thread
from registry.core.mail import OutboundMail

from .case import NotifiedTestCase, later, tell_all


class MorningTests(SimpleTestCase):
    def at(self, text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    def test_is_the_next_eight_o_clock_where_the_person_lives(self):
        for zone, now, expected in [
            ("UTC", "2026-05-05T07:59", "2026-05-05T08:00"),
            ("UTC", "2026-05-05T08:00", "2026-05-06T08:00"),
            ("Europe/Vienna", "2026-05-05T05:00", "2026-05-05T06:00"),
            ("America/Los_Angeles", "2026-05-05T16:00", "2026-05-06T15:00"),
            ("Europe/Vienna", "2026-03-28T12:00", "2026-03-29T06:00"),  # the clocks change in this night
            ("no/where", "2026-05-05T09:00", "2026-05-06T08:00"),
        ]:
            with self.subTest(zone=zone, now=now):
                self.assertEqual(next_morning(zone, self.at(now)), self.at(expected))

    def test_of_a_week_is_that_of_monday(self):
        for now, expected in [
            ("2026-05-05T09:00", "2026-05-11T08:00"),
            ("2026-05-11T07:00", "2026-05-11T08:00"),
            ("2026-05-11T08:00", "2026-05-18T08:00"),
        ]:
            self.assertEqual(next_morning("UTC", self.at(now), weekly=True), self.at(expected))


class CadenceTests(NotifiedTestCase):
    def told_as(self, cadence):
        follow(by=self.eve, subject=self.thread.subject, cadence=cadence)
        return self.say()

    def test_at_once(self):
        self.told_as(Cadence.IMMEDIATE)
        self.say()
        self.assertEqual(len(self.mailed(self.eve)), 2)

    def test_a_bundle_waits_for_ten_quiet_minutes(self):
        self.told_as(Cadence.BUNDLED)
        self.assertEqual(self.mailed(self.eve), [])
        with later(minutes=9):
            self.say("Another.")
            self.assertEqual(self.mailed(self.eve), [])
        with later(minutes=15):
            self.assertEqual(self.mailed(self.eve), [])
        with later(minutes=20):
            (letter,) = self.mailed(self.eve)
        self.assertIn("Indeed.", letter.body)
        self.assertIn("Another.", letter.body)
        self.assertEqual(letter.subject, "Daylight: 2 new, in 1 place")

    def test_a_bundle_waits_for_an_hour_at_most(self):
        self.told_as(Cadence.BUNDLED)
        sent = []
        for minutes in range(8, 70, 8):
            with later(minutes=minutes):
                self.say(f"At {minutes}.")
                sent += [(minutes, letter) for letter in self.mailed(self.eve)]
        self.assertEqual([minutes for minutes, _ in sent], [64])
        self.assertIn("At 56.", sent[0][1].body)

    def test_one_notice_alone_in_its_bundle_is_a_mail_like_any_other(self):
        comment = self.told_as(Cadence.BUNDLED)
        with later(minutes=11):
            (letter,) = self.mailed(self.eve)
        self.assertEqual(letter.message_id, f"<comment-{comment.pk}@testserver>")

    def test_a_digest_comes_in_the_morning_and_holds_the_day(self):
        self.told_as(Cadence.DAILY)
        other = start_thread(self.entry.subject, "Another discussion", "Its first words.", self.zed)
        follow(by=self.eve, subject=other.subject, cadence=Cadence.DAILY)
        post(other, "Its second words.", self.ada)
        tell_all()
        self.assertEqual(self.mailed(self.eve), [])
        with later(hours=25):
            (letter,) = self.mailed(self.eve)
        for text in ("== Why so small? ==", "Indeed.", "== Another discussion ==", "Its second words.",
                     "Because you follow “Another discussion”."):  # fmt: skip
            self.assertIn(text, letter.body)
        self.assertIn("digest", letter.headers["List-Id"])

    def test_no_mail_where_the_inbox_is_enough(self):
        self.told_as(Cadence.INBOX)
        with later(days=30):
            self.assertEqual(self.mailed(self.eve), [])
        self.assertEqual(Notice.objects.filter(user=self.eve).count(), 1)

    def test_what_is_usual_holds_where_nothing_else_is_said(self):
        choose(self.eve, cadence=Cadence.IMMEDIATE)
        self.say()
        self.assertEqual(len(self.mailed(self.eve)), 1)
        choose(self.eve, mail=False)
        self.say()
        self.assertEqual(self.mailed(self.eve), [])

    def test_what_was_read_meanwhile_is_left_out_of_a_bundle(self):
        self.told_as(Cadence.BUNDLED)
        mark_read(self.eve, Notice.objects.all())
        unread = self.say("Not read yet.")
        with later(minutes=11):
            (letter,) = self.mailed(self.eve)
        self.assertEqual(letter.message_id, f"<comment-{unread.pk}@testserver>")


class CapTests(NotifiedTestCase):
    def night(self, comments, hours):
        """Comments spread over a night, told and mailed as they come; all letters of it, and what they tell."""
        follow(by=self.eve, subject=self.thread.subject, cadence=Cadence.IMMEDIATE)
        start = timezone.now()
        for n in range(comments):
            with mock.patch.object(timezone, "now", return_value=start + timedelta(hours=hours * n / comments)):
                self.say(f"Comment {n} of the night.")
                self.mailed(self.eve)
        for hour in range(24):
            with mock.patch.object(timezone, "now", return_value=start + timedelta(hours=hours + hour)):
                self.mailed(self.eve)
        return OutboundMail.objects.order_by("pk"), start

    def test_fifty_comments_in_a_night_are_twenty_mails_at_most_and_none_is_lost(self):
        letters, start = self.night(50, 8)

        written = Letter.objects.filter(written_at__lt=start + timedelta(hours=24))
        self.assertLessEqual(written.count(), 20)
        self.assertEqual(sum(Letter.objects.values_list("told", flat=True)), 50)
        said = "".join(letter.body for letter in letters)
        for n in range(50):
            self.assertIn(f"Comment {n} of the night.", said)

    def test_the_mail_that_holds_many_says_why(self):
        letters, _ = self.night(20, 1)

        self.assertIn("never sent more than 20 in a day", letters[16].body)
        self.assertNotIn("never sent more than", letters[15].body)

    def test_fifty_at_once_after_the_workers_were_away(self):
        follow(by=self.eve, subject=self.thread.subject, cadence=Cadence.IMMEDIATE)
        for n in range(50):
            post(self.thread, f"Comment {n}", self.zed)
        tell_all()

        now = self.mailed(self.eve)
        with later(hours=6, minutes=1):
            then = self.mailed(self.eve)

        self.assertEqual((len(now), len(then)), (16, 1))
        self.assertEqual(Letter.objects.latest("pk").told, 34)

    def test_a_letter_shows_so_much_and_counts_the_rest(self):
        follow(by=self.eve, subject=self.thread.subject, cadence=Cadence.DAILY)
        for n in range(50):
            post(self.thread, f"Comment {n} of many.", self.zed)
        tell_all()
        with later(hours=25):
            (letter,) = self.mailed(self.eve)

        self.assertEqual(letter.body.count(" of many."), 40)
        self.assertIn("And 10 more", letter.body)


class RingTests(NotifiedTestCase):
    def rung(self, ring, task):
        with mock.patch.object(task, "apply_async") as bell:
            ring()
        return [call.args[0][0] for call in bell.call_args_list]

    def test_rings_once_for_an_event_and_again_where_nobody_came(self):
        post(self.thread, "Hello.", self.zed)
        pk = Untold.objects.get().pk
        ring = lambda: self.rung(tasks.ring_for_untold, tasks.tell_followers)  # noqa: E731

        self.assertEqual([ring(), ring()], [[pk], []])
        with later(seconds=61):
            self.assertEqual(ring(), [pk])
        tasks.tell_followers(pk)
        with later(minutes=5):
            self.assertEqual(ring(), [])

    def test_rings_for_people_whose_mail_is_due(self):
        follow(by=self.eve, subject=self.thread.subject, cadence=Cadence.IMMEDIATE)
        self.say()
        ring = lambda: self.rung(tasks.ring_for_due_notices, tasks.write_due_mail)  # noqa: E731

        self.assertEqual([ring(), ring()], [[self.eve.pk], []])
        tasks.write_due_mail(self.eve.pk)
        self.assertEqual(OutboundMail.objects.count(), 1)
        with later(minutes=11):
            self.assertEqual(ring(), [self.ada.pk])

    def test_old_notices_are_forgotten(self):
        self.say()
        mark_read(self.eve, Notice.objects.all())
        with later(days=181):
            tasks.forget_old_notices()
        self.assertEqual(list(Notice.objects.values_list("user", flat=True)), [self.ada.pk])
