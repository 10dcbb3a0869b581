"""The child process: limits, poison, progress, and being stopped. Real children, an analysis from outside."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from unittest import mock

from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import override_settings

from registry.analyses import catalogue, child
from registry.analyses.actions import cancel_run, queue_run
from registry.analyses.models import Run
from registry.analyses.report import NotPlain, plain
from registry.analyses.tasks import carry_out_run
from tests.people import PlatformTestCase
from tests.robustness import outside
from tests.services import missing, wait_for
from tests.shared import ROOT


@override_settings(RUN_SECONDS=20, RUN_MEMORY_MB=1024)
class EngineTestCase(PlatformTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="daylight-outside-")
        cls.addClassCleanup(folder.cleanup)
        path = outside.install(Path(folder.name))
        cls.enterClassContext(mock.patch.dict(os.environ, PYTHONPATH=str(path)))
        spec = importlib.util.spec_from_file_location("daylight_outside", path / "daylight_outside.py")
        cls.outside = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.outside)

    def queued(self, name, text, **params):
        analysis = getattr(self.outside, name)
        file = self.file(text, kind="attachment", name="text.txt")
        params = analysis.defaults | params
        return queue_run(self.entry, analysis, {"text": file}, params=params, seed=7, by=self.ada, limited=False)

    def after(self, name, text, **params):
        """The run when the worker is done with it."""
        run = self.queued(name, text, **params)
        carry_out_run(run.pk)
        run.refresh_from_db()
        return run

    def assert_failed(self, run, words):
        self.assertEqual((run.status, run.result, run.attempts), ("failed", None, 1), run.error)
        self.assertIn(words, run.error)
        self.assertTrue(run.finished_at)


class GoodRunTests(EngineTestCase):
    def test_ends_with_its_result(self):
        run = self.after("patient", "0 rest of it")

        self.assertEqual((run.status, run.progress, run.error), ("succeeded", 1, ""))
        self.assertEqual(run.result, {"rest": "rest of it", "seed": 7})

    def test_tells_how_far_it_is(self):
        told = []

        def noting(run, *, progress, message):
            told.append((progress, message))
            return True

        with mock.patch.object(child, "keep", noting):
            self.after("patient", "3", steps=5)

        self.assertEqual(told[0], (0.0, "Started."))
        self.assertGreaterEqual(len(told), 4)
        self.assertEqual(sorted(told), told)

    def test_what_the_database_cannot_hold_is_replaced_sign_by_sign(self):
        self.assertEqual(self.after("poison", "surrogate").result, {"text": "a\ufffdb\ufffdc"})

    def test_what_libraries_print_is_not_taken_for_an_answer(self):
        self.assertEqual(self.after("poison", "print_below").result, {"harm": "print_below"})

    def test_a_flood_of_progress_is_no_flood_of_statements(self):
        with mock.patch.object(child, "keep", wraps=child.keep) as kept:
            run = self.after("poison", "chatter")

        self.assertEqual(run.status, "succeeded")
        self.assertLess(kept.call_count, 60)


class PoisonTests(EngineTestCase):
    def test_each_ends_failed_with_a_reason(self):
        for harm, words in [
            ("segfault", "stopped by signal 11"),
            ("memory", "more than the 1024 MB"),
            ("print", "without a result"),
            ("huge", "larger than"),
            ("exit", "without a result (exit code 0)"),
            ("raises", "without a result (exit code 1)"),
            ("close", "closed its output"),
            ("nan", "without a result"),
            ("deep", "nested more deeply"),
            ("unusable", "The text is not usable. Give another one."),
        ]:
            with self.subTest(harm):
                began = time.monotonic()
                run = self.after("poison", harm)
                self.assert_failed(run, words)
                self.assertNotIn("secret", run.error)
                self.assertLess(time.monotonic() - began, 15)

    @override_settings(RUN_SECONDS=2)
    def test_an_endless_loop_and_a_stopped_process_end_at_the_limit(self):
        for harm in ("loop", "stop"):
            with self.subTest(harm):
                began = time.monotonic()
                self.assert_failed(self.after("poison", harm), "longer than the 2 seconds")
                self.assertLess(time.monotonic() - began, 4)

    def test_what_the_child_started_ends_with_it(self):
        run = self.after("poison", "children")

        self.assertEqual(run.status, "succeeded")
        wait_for(lambda: _gone(run.result["pid"]), 3, "the end of the grandchild")

    def test_one_killed_from_outside_is_tried_again(self):
        run = self.queued("patient", "5")
        killer = threading.Timer(1.0, lambda: _kill_sandboxes(os.getpid()))
        killer.start()

        carry_out_run(run.pk)

        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts, run.error), ("queued", 1, ""))


class ConfinementTests(EngineTestCase):
    def test_has_no_secret_and_no_proxy_in_its_environment(self):
        with mock.patch.dict(os.environ, {"https_proxy": "http://proxy.example:3128"}):
            run = self.after("poison", "network")

        self.assertNotIn("https_proxy", run.result["environment"])
        for name in ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"):
            self.assertIn(name, os.environ)
            self.assertNotIn(name, run.result["environment"])

    def test_reaches_nobody_over_the_network(self):
        if not _may_leave_the_network():
            missing("a kernel that lets processes leave the network")
        with socket.create_server(("127.0.0.1", 0)) as server:
            with mock.patch.object(child, "SAFE", (*child.SAFE, "PROBE_PORT")):
                with mock.patch.dict(os.environ, PROBE_PORT=str(server.getsockname()[1])):
                    run = self.after("poison", "network")

        self.assertEqual((run.status, run.result["errno"]), ("succeeded", 101))

    def test_dies_with_its_worker(self):
        code = (
            "import json, subprocess, sys, os, time\n"
            "file = os.open(sys.argv[1], os.O_RDONLY); os.set_inheritable(file, True)\n"
            "c = subprocess.Popen([sys.executable, '-m', 'registry.analyses.sandbox'], stdin=subprocess.PIPE,\n"
            "    stdout=subprocess.PIPE, pass_fds=[file], start_new_session=True)\n"
            "c.stdin.write(json.dumps({'analysis': 'patient', 'params': {}, 'seed': 0, 'memory_mb': 1024,\n"
            "    'seconds': 60, 'parent': os.getpid(),\n"
            "    'inputs': [{'role': 'text', 'name': 't', 'fd': file}]}).encode())\n"
            "c.stdin.close(); c.stdout.readline()\n"
            "print(c.pid, flush=True); time.sleep(60)\n"
        )
        with tempfile.NamedTemporaryFile() as text:
            text.write(b"60")
            text.flush()
            command = [sys.executable, "-c", code, text.name]
            worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            pid = int(worker.stdout.readline())
            self.assertFalse(_gone(pid))
            worker.kill()
            worker.wait()
            worker.stdout.close()

        wait_for(lambda: _gone(pid), 3, "the end of the child")


class StoppingTests(EngineTestCase):
    def test_a_cancelled_run_stops_within_seconds(self):
        run, seen = self.queued("patient", "15"), []
        real = child.keep

        def cancelling(held, **values):
            if len(seen) == 1:
                cancel_run(Run.objects.get(pk=run.pk), by=self.ada)
            seen.append(values)
            return real(held, **values)

        began = time.monotonic()
        with mock.patch.object(child, "keep", cancelling):
            carry_out_run(run.pk)

        run.refresh_from_db()
        self.assertEqual((run.status, run.result), ("cancelled", None))
        self.assertLess(time.monotonic() - began, 8)
        self.assertEqual(_sandboxes(os.getpid()), [])

    def test_a_run_that_another_worker_has_is_dropped(self):
        run = self.queued("patient", "15")

        with mock.patch.object(child, "keep", return_value=False):
            carry_out_run(run.pk)

        self.assertEqual(Run.objects.get(pk=run.pk).status, "running")
        self.assertEqual(_sandboxes(os.getpid()), [])

    def test_a_worker_told_to_stop_gives_the_run_back_uncounted(self):
        run = self.queued("patient", "15")
        ends, kill = [], os.kill
        threading.Timer(1.0, lambda: kill(os.getpid(), signal.SIGTERM)).start()

        with mock.patch("registry.analyses.tasks.connection"):  # this test's own transaction must go on
            with mock.patch("registry.analyses.tasks.os.kill", lambda *given: ends.append(given)):
                carry_out_run(run.pk)

        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts), ("queued", 0))
        self.assertEqual(ends, [(os.getpid(), signal.SIGTERM)])
        self.assertEqual(_sandboxes(os.getpid()), [])


class TroubleTests(EngineTestCase):
    def test_a_database_that_is_away_is_waited_for(self):
        run, real = self.queued("patient", "0"), child.finish
        answers = [OperationalError("gone"), OperationalError("still gone")]

        def away_at_first(*given):
            if answers:
                raise answers.pop()
            return real(*given)

        with mock.patch.object(child, "finish", away_at_first), mock.patch.object(child, "connection"):
            carry_out_run(run.pk)

        self.assertEqual(Run.objects.get(pk=run.pk).status, "succeeded")

    def test_a_heartbeat_that_fails_does_not_end_the_run(self):
        run = self.queued("patient", "4")
        with mock.patch.object(child, "keep", side_effect=OperationalError("gone")):
            with mock.patch.object(child, "connection"):
                carry_out_run(run.pk)

        self.assertEqual(Run.objects.get(pk=run.pk).status, "succeeded")

    def test_an_input_that_is_gone_or_changed_in_the_file_store_is_said(self):
        for harm, words in [("delete", "no longer in the file store"), ("change", "its digest is another")]:
            with self.subTest(harm):
                run = self.queued("patient", f"0 {harm}")
                key = run.inputs.get().file.key
                path = Path(default_storage.path(key))
                path.unlink()
                if harm == "change":
                    path.write_text("0 something else")
                carry_out_run(run.pk)
                run.refresh_from_db()
                self.assert_failed(run, words)

    def test_a_file_store_that_is_away_is_tried_again_after_a_rest(self):
        run = self.queued("patient", "0 away")

        with mock.patch("registry.analyses.tasks.fetch", side_effect=RuntimeError("503 Slow down")):
            carry_out_run(run.pk)

        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts), ("queued", 1))
        self.assertIsNotNone(run.rung_at)

    def test_no_input_is_left_on_the_disk(self):
        before = set(os.listdir(tempfile.gettempdir()))

        self.after("patient", "0 nothing left")

        left = set(os.listdir(tempfile.gettempdir())) - before
        self.assertEqual([name for name in left if "daylight-run" in name], [])


class PlainTests(PlatformTestCase):
    def test_refuses_what_json_cannot_hold(self):
        for value in (float("inf"), {1: 2}, {"a": {3}}, b"bytes", [object()]):
            with self.subTest(value=value), self.assertRaises(NotPlain):
                plain(value)

    def test_keeps_the_rest(self):
        value = {"a": [1, 2.5, None, True, "x"], "b": {"c": ("d",)}}

        self.assertEqual(plain(value), {"a": [1, 2.5, None, True, "x"], "b": {"c": ["d"]}})


class CatalogueTests(EngineTestCase):
    def test_finds_outside_packages_and_survives_broken_ones(self):
        code = (
            "import sys\n"
            "from registry.analyses import catalogue\n"
            "print(catalogue.NAMES, [a.name for a in catalogue.everything()], catalogue.get('model_card').version)\n"
            "assert 'django' not in sys.modules\n"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30)

        ours, version = catalogue.BUILT_IN, catalogue.get("model_card").version
        self.assertEqual(
            done.stdout, f"{[*ours, 'broken', 'patient', 'poison']} {[*ours, 'patient', 'poison']} {version}\n"
        )
        self.assertIn("cannot be loaded", done.stderr)


def _sandboxes(parent):
    """Process ids of children that run analyses."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, ppid = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if state not in "ZX" and int(ppid) == parent and b"analyses.sandbox" in command:
                found.append(int(entry.name))
    return found


def _kill_sandboxes(parent):
    for pid in _sandboxes(parent):
        os.kill(pid, signal.SIGKILL)


def _gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def _may_leave_the_network():
    code = "import ctypes; l = ctypes.CDLL(None); exit(bool(l.unshare(0x40000000) and l.unshare(0x50000000)))"
    return subprocess.run([sys.executable, "-c", code], timeout=20).returncode == 0
