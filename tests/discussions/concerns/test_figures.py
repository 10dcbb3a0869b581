"""How long answers take, as the worker computes it."""

from datetime import timedelta

from django.utils import timezone

from discussions.concerns import tasks
from discussions.concerns.actions import open_concern
from discussions.concerns.figures import compute_answer_times
from discussions.concerns.models import AnswerTimes, Concern
from discussions.threads.models import Thread
from registry.labs.actions import register_lab
from registry.releases.actions import begin_entry, publish
from tests.people import CONTENT, PlatformTestCase


class AnswerTimesTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.other = register_lab(name="Other Works", slug="other-works", by=cls.mo)
        entry = begin_entry(cls.other, "torch", by=cls.mo, content=CONTENT)
        publish(entry, by=cls.mo)
        cls.made = {}
        answered = [("a", 2.0), ("b", 10.0), ("c", 3.0)]
        for name, days in answered:
            cls.concern(cls, name, cls.entry.subject, 20, days, Concern.State.ACCEPTED)
        cls.concern(cls, "waiting", cls.entry.subject, 40, None, Concern.State.OPEN)
        cls.concern(cls, "withdrawn", cls.entry.subject, 90, None, Concern.State.WITHDRAWN)
        cls.concern(cls, "other", entry.subject, 7, None, Concern.State.OPEN)
        cls.concern(cls, "norm", cls.norm.subject, 5, 1.0, Concern.State.ANSWERED)

    def concern(self, name, subject, age, took, state):
        opened = timezone.now() - timedelta(days=age, minutes=5)
        concern = self.made[name] = open_concern(subject, name, "B", self.eve)
        answered = opened + timedelta(days=took) if took else None
        Concern.objects.filter(pk=concern.pk).update(opened_at=opened, answered_at=answered, state=state)

    def figures(self):
        compute_answer_times()
        names = ("lab__slug", "median_days", "answered", "unanswered", "oldest_open_days")
        return {row[0]: row[1:] for row in AnswerTimes.objects.values_list(*names)}

    def test_are_the_median_over_the_answered_with_the_unanswered_beside_it(self):
        expected = {
            None: (2.5, 4, 2, 40), "invented-lab": (3.0, 3, 1, 40), "other-works": (None, 0, 1, 7),
        }  # fmt: skip

        self.assertEqual(self.figures(), expected)
        self.assertEqual(self.figures(), expected)

    def test_know_nothing_of_what_was_taken_from_view_and_forget_a_lab_without_concerns(self):
        self.figures()
        Thread.objects.filter(pk=self.made["other"].thread_id).update(hidden=True)
        type(self.entry.subject).objects.filter(pk=self.made["waiting"].subject_id).update(hidden=True)

        self.assertEqual(self.figures(), {None: (2.5, 4, 0, None), "invented-lab": (3.0, 3, 0, None)})

    def test_are_there_before_the_first_concern(self):
        Concern.objects.all().delete()

        self.assertEqual(self.figures(), {None: (None, 0, 0, None)})

    def test_are_asked_for_when_they_are_not_fresh(self):
        now = timezone.now()
        self.assertTrue(tasks.are_due(now))
        tasks.compute_answer_times()

        self.assertFalse(tasks.are_due(now))
        self.assertTrue(tasks.are_due(now + timedelta(minutes=6)))

    def test_stand_on_the_board_and_on_the_labs_page(self):
        compute_answer_times()
        board, lab = self.as_().get("/concerns/"), self.as_().get("/labs/invented-lab/")

        self.assertContains(board, "Half of all 4 answers came within 2.5 days. 2 concerns wait for an answer,")
        self.assertContains(board, "the oldest for 40 days; the median leaves them out, however long the wait.")
        self.assertContains(board, '<a href="/concerns/?lab=other-works&amp;state=all">Other Works</a>')
        self.assertContains(lab, "Half of its 3 answers came within 3.0 days. 1 concern waits for an answer,")
