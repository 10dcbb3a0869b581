"""The dispatcher's rounds, and the signs of life it leaves."""

import time
from datetime import timedelta
from unittest import mock

from django.db import OperationalError
from django.test import TestCase
from django.utils import timezone

from deploy.broker import celery_settings
from registry.core import dispatch, tasks
from registry.core.dispatch import Pulse, beat, world


class RoundsTests(TestCase):
    def made(self, *rounds, seconds=0.6):
        """How often each of the functions was called while the dispatcher ran."""
        until = time.monotonic() + seconds
        with mock.patch.object(dispatch, "_rounds", [(0.05, function) for function in rounds]):
            with mock.patch.object(dispatch, "close_old_connections"):
                dispatch.run(lambda: time.monotonic() > until, pause=0.02)

    def test_a_round_that_fails_does_not_keep_others_from_theirs(self):
        calls = []

        def broker_away():
            calls.append("broker")
            raise ConnectionError("refused")

        def database_away():
            calls.append("database")
            raise OperationalError("gone")

        self.made(broker_away, database_away, lambda: calls.append("fine"))

        self.assertEqual((calls.count("broker"), calls.count("database")), (1, 1))
        self.assertGreater(calls.count("fine"), 4)

    def test_stops_when_told(self):
        began = time.monotonic()

        self.made(lambda: None, seconds=0.1)

        self.assertLess(time.monotonic() - began, 1)


class WorldTests(TestCase):
    def test_broker_and_worker_are_there_while_they_were_seen_lately(self):
        self.assertEqual(world(), {"broker": False, "worker": False})
        with mock.patch.object(tasks.show_alive, "apply_async"):
            tasks.ring_for_signs_of_life()
        self.assertEqual(world(), {"broker": True, "worker": False})
        tasks.show_alive()
        self.assertEqual(world(), {"broker": True, "worker": True})
        self.assertEqual(self.client.get("/readyz").status_code, 200)

        Pulse.objects.filter(name="broker").update(seen_at=timezone.now() - timedelta(minutes=1))
        self.assertEqual(self.client.get("/readyz").status_code, 503)
        self.assertEqual(self.client.get("/healthz").status_code, 200)

    def test_a_broker_that_does_not_answer_leaves_no_sign(self):
        with mock.patch.object(tasks.show_alive, "apply_async", side_effect=ConnectionError):
            with self.assertRaises(ConnectionError):
                tasks.ring_for_signs_of_life()

        self.assertFalse(world()["broker"])

    def test_beats_replace_each_other(self):
        beat("worker")
        beat("worker")

        self.assertEqual(Pulse.objects.count(), 1)


class FrozenBrokerTests(TestCase):
    def test_every_broker_has_time_limits(self):
        for url, names in [
            ("redis://127.0.0.1/0", {"socket_timeout", "socket_connect_timeout"}),
            ("amqp://guest@127.0.0.1//", {"read_timeout", "write_timeout"}),
        ]:
            settings = celery_settings(url, "postgres://x@127.0.0.1/x")
            self.assertLessEqual(names, set(settings["broker_transport_options"]))
            self.assertLessEqual(settings["broker_connection_timeout"], 5)
