"""People and workers at the same moment, each with a connection of their own."""

from django.core.cache import cache
from django.test import TransactionTestCase, override_settings

from discussions.concerns.actions import open_concern
from discussions.concerns.models import Concern
from registry.core.errors import Conflict, Stale
from registry.history.models import Event
from registry.intents.actions import change, make_final, remind, tell_of_closing, withdraw
from registry.intents.models import Intent
from registry.intents.unanswered import Unanswered
from tests.people import PlatformTestCase, at_once

from .plans import close_window, intend, look_back_came, now

OTHERWISE = {"outcome": "changed", "decision": "We wait."}


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        self.intent = close_window(intend(self.entry, self.ada))

    def test_no_concern_that_was_there_before_is_passed_over(self):
        for turn in range(4):
            intent = close_window(intend(self.entry, self.ada, title=f"Plan {turn}"))
            final, concern = at_once(
                lambda i=intent: make_final(i, OTHERWISE, by=self.ada),
                lambda i=intent, n=turn: open_concern(i.subject, f"Concern {n}", "Say.", self.eve),
            )

            assert isinstance(concern, Concern), concern
            verbs = list(Event.objects.filter(verb__in=["intent.finalised", "concern.opened"], subject__in=[
                intent.subject_id, concern.subject_id]).order_by("pk").values_list("verb", flat=True))  # fmt: skip
            if isinstance(final, Intent):
                assert verbs == ["intent.finalised", "concern.opened"]
                assert final.finalised_at < concern.opened_at
            else:
                assert isinstance(final, Unanswered) and verbs == ["concern.opened"], final
            assert now(intent).subject.open_concerns == 1

    def test_final_and_withdrawal_and_change_leave_one_state(self):
        came = at_once(
            lambda: make_final(self.intent, OTHERWISE, by=self.ada),
            lambda: withdraw(self.intent, "No more.", by=self.ada),
            lambda: make_final(self.intent, OTHERWISE, by=self.ada),
        )

        assert sum(isinstance(one, Intent) for one in came) == 1, came
        assert sum(isinstance(one, Conflict) for one in came) == 2, came
        found = now(self.intent)
        assert bool(found.finalised_at) != bool(found.withdrawn_at)

    def test_one_of_many_changes_of_the_same_version_is_stored(self):
        came = at_once(
            *(lambda n=n: change(self.intent, {"why": f"Why {n}.", "reason": "So."}, by=self.ada, version=1)
              for n in range(4))
        )  # fmt: skip

        assert sum(isinstance(one, Stale) for one in came) == 3, came
        assert now(self.intent).version == 2 and self.intent.changes.count() == 1

    def test_workers_at_once_tell_and_remind_once(self):
        assert sorted(at_once(*[lambda: tell_of_closing(self.intent.pk)] * 4)) == [False, False, False, True]
        make_final(self.intent, OTHERWISE, by=self.ada)
        look_back_came(self.intent)

        assert sorted(at_once(*[lambda: remind(self.intent.pk)] * 4)) == [False, False, False, True]
        for verb in ("intent.window_closed", "intent.look_back_due"):
            assert Event.objects.filter(verb=verb).count() == 1
