"""Many people at the same moment, each with a connection of their own."""

from django.core.cache import cache
from django.test import TransactionTestCase, override_settings

from registry.clock import figures
from registry.clock.models import Curve, EntryClock, Withholding
from registry.core.errors import Conflict
from registry.replications.actions import assess, take_back_verdict, withdraw
from registry.replications.models import Replication, Verdict
from tests.people import PlatformTestCase, at_once, make_person

from .reports import now, report

GROUNDS = {"reason": "I ran it."}


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        self.report = report(self.entry, self.eve)

    def test_the_same_report_ten_times_is_one(self):
        came = at_once(*[lambda: report(self.entry, self.mo)] * 10)

        assert sum(isinstance(one, Replication) for one in came) == 1, came
        assert all(isinstance(one, Replication | Conflict) for one in came), came
        assert Replication.objects.count() == 2

    def test_many_words_of_one_person_are_one_and_those_of_many_are_all_counted(self):
        people = [make_person(f"reader-{n}") for n in range(4)]
        came = at_once(
            *[lambda: assess(self.report, "confirms", GROUNDS, by=self.mo)] * 5,
            *(lambda p=person: assess(self.report, "disputes", GROUNDS, by=p) for person in people),
        )

        assert sum(isinstance(one, Verdict) for one in came) == 5, came
        found = now(self.report)
        assert (found.state, found.confirmations, found.disputes) == ("disputed", 1, 4)

        at_once(*(lambda p=person: take_back_verdict(self.report, by=p) for person in people * 2))
        found = now(self.report)
        assert (found.state, found.confirmations, found.disputes) == ("confirmed", 1, 0)

    def test_a_withdrawal_among_words_leaves_a_state_that_fits(self):
        came = at_once(
            lambda: withdraw(self.report, "A mistake.", by=self.eve),
            lambda: assess(self.report, "confirms", GROUNDS, by=self.mo),
            lambda: withdraw(self.report, "A mistake.", by=self.eve),
        )

        assert sum(isinstance(one, Replication) for one in came) == 1, came
        found = now(self.report)
        assert (found.state, found.counts, found.withdrawal) == ("withdrawn", False, "A mistake.")

    def test_workers_at_once_come_to_the_same_rows(self):
        came = at_once(*[figures.compute] * 3, lambda: report(self.entry, self.mo))

        assert not [one for one in came if isinstance(one, Exception)], came
        figures.compute()
        assert not EntryClock.objects.filter(due=True).exists()
        assert Curve.objects.filter(kind="", year=0).count() == 6
        assert Withholding.objects.count() == 0, "the lamp was open from the start"
