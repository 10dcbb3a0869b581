"""What the dispatcher rings for, and that a second bell does nothing."""

from unittest import mock

from registry.history.models import Event
from registry.intents import tasks
from registry.intents.actions import make_final
from tests.people import PlatformTestCase

from .plans import close_window, intend, look_back_came


class BellTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.intent = intend(self.entry, self.ada)

    def rung(self, ring, task):
        with mock.patch.object(task, "apply_async") as bell:
            count = ring()
        keys = [call.args[0][0] for call in bell.call_args_list]
        assert count == len(keys)
        return keys

    def test_rings_for_a_closed_window_until_it_is_told(self):
        assert self.rung(tasks.ring_for_closed_windows, tasks.tell_of_closing) == []
        close_window(self.intent)
        assert self.rung(tasks.ring_for_closed_windows, tasks.tell_of_closing) == [self.intent.pk]

        tasks.tell_of_closing(self.intent.pk)
        tasks.tell_of_closing(self.intent.pk)
        assert self.rung(tasks.ring_for_closed_windows, tasks.tell_of_closing) == []
        assert Event.objects.filter(verb="intent.window_closed").count() == 1

    def test_rings_for_a_look_back_until_everybody_is_reminded(self):
        make_final(close_window(self.intent), {"outcome": "changed", "decision": "We wait."}, by=self.ada)
        assert self.rung(tasks.ring_for_look_backs, tasks.remind) == []
        look_back_came(self.intent)
        assert self.rung(tasks.ring_for_look_backs, tasks.remind) == [self.intent.pk]

        tasks.remind(self.intent.pk)
        tasks.remind(self.intent.pk)
        assert self.rung(tasks.ring_for_look_backs, tasks.remind) == []
        assert Event.objects.filter(verb="intent.look_back_due").count() == 1
