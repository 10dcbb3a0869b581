"""Many workers and many clicks at the same moment, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

from django.db import connections
from django.test import TransactionTestCase, override_settings

from discussions.notifications import telling
from discussions.notifications.actions import follow
from discussions.notifications.mailing import write_mail
from discussions.notifications.models import Notice, Subscription, Untold
from discussions.notifications.telling import tell
from discussions.threads.actions import post, start_thread
from registry.core.mail import OutboundMail
from tests.people import PlatformTestCase, at_once, make_person

from .case import tell_all


@override_settings(RATE_LIMIT_SCALE=1000, EMAIL_BACKEND="registry.core.mail.OutboxBackend")
class TestAtOnce(TransactionTestCase):
    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)
        self.thread = start_thread(self.entry.subject, "Title", "Text", self.eve)
        tell_all()
        Notice.objects.all().delete()

    def test_one_thing_followed_at_once_is_followed_once(self):
        came = at_once(*[lambda: follow(by=self.mo, subject=self.lab.subject, cadence="daily")] * 8)
        came += at_once(*[lambda: follow(by=self.mo, words="the same words")] * 8)

        assert not [one for one in came if isinstance(one, Exception)], came
        assert [s.cadence for s in Subscription.objects.filter(user=self.mo)] == ["daily", "usual"]

    def test_workers_that_write_to_one_person_at_once_write_each_letter_once(self):
        follow(by=self.mo, subject=self.thread.subject, cadence="immediate")
        for n in range(3):
            post(self.thread, f"Comment {n}", self.eve)
        tell_all()

        while Notice.objects.filter(user=self.mo, due_at__isnull=False).exists():
            came = at_once(*[lambda: write_mail(self.mo.pk)] * 8)
            assert not [one for one in came if isinstance(one, Exception)], came

        letters = OutboundMail.objects.filter(recipients=[self.mo.email])
        assert len({letter.message_id for letter in letters}) == len(letters) == 3

    def test_forty_acts_told_by_eight_workers_who_die_now_and_then_are_told_to_each_exactly_once(self):
        crowd = [make_person(f"crowd-{n:02d}") for n in range(25)]
        for person in crowd:
            follow(by=person, subject=self.thread.subject)
        for n in range(40):
            post(self.thread, f"Comment {n}", self.eve)
        pks = list(Untold.objects.values_list("pk", flat=True))
        real, calls = telling._write, []

        def dies_now_and_then(*args):
            written = real(*args)
            calls.append(written)
            if len(calls) % 5 == 0:
                raise MemoryError("killed")
            return written

        def work(pk):
            try:
                tell(pk, batch=7)
            except MemoryError:
                pass
            finally:
                connections.close_all()

        with mock.patch.object(telling, "_write", dies_now_and_then), ThreadPoolExecutor(8) as pool:
            while Untold.objects.exists():
                list(pool.map(work, pks * 2))

        rows = Notice.objects.filter(user__in=crowd).values_list("user", "event")
        assert (len(rows), len(set(rows))) == (1000, 1000)
