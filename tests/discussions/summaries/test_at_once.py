"""Many people at the same moment, each with a connection of their own."""

from django.core.cache import cache
from django.test import TransactionTestCase, override_settings

from discussions.summaries.actions import mark_fair, write_summary
from discussions.summaries.models import Fair, Summary
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, Thread
from registry.core.errors import Stale
from tests.people import PlatformTestCase, at_once


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        thread = start_thread(self.entry.subject, "At length", "First.", self.eve)
        for _ in range(19):
            post(thread, "Words.", self.bo)
        self.pk = thread.pk

    def thread(self):
        return Thread.objects.with_people().get(pk=self.pk)

    def test_of_many_summaries_one_holds_and_of_many_marks_of_one_person_one(self):
        def write():
            return write_summary(self.thread(), "In short.", self.mo, first=1, last=20, positions=["One"])

        came = at_once(*[write] * 6, *[lambda: post(self.thread(), "More.", self.bo)] * 6)
        self.assertEqual(sum(isinstance(one, Summary) for one in came), 1, came)
        self.assertEqual(sum(isinstance(one, Comment) for one in came), 6, came)
        self.assertEqual(sum(isinstance(one, Stale) for one in came), 5, came)
        summary = Summary.objects.with_people().get()
        came = at_once(*[lambda: mark_fair(summary, 1, self.bo)] * 20, lambda: mark_fair(summary, 1, self.eve))

        self.assertEqual(came, [None] * 21)
        self.assertEqual(Fair.objects.count(), 2)
        self.assertIn("2 people who took part call this fair", self.thread().summary_html)
