"""Real runs through each broker, and brokers that die or freeze: acts are accepted all the same, and done later."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest

from deploy.processes import descendants, dies_with_parent, send
from tests.registry.analyses.made_texts import as_lines, made_rows
from tests.robustness.client import rows
from tests.services import redis_server, wait_for
from tests.shared import ROOT

CARD = b"---\nlicence: mit\nlanguage: en\n---\n# Lamp\n\nLamp is a small model of invented English, made for tests.\n"
pytestmark = pytest.mark.slow


@contextmanager
def at_work(site, broker, folder):
    """A dispatcher and a patient worker of the site's on another broker; its own are held still meanwhile."""
    env = site.env | {"CELERY_BROKER_URL": broker, "RUN_SECONDS": "120"}
    commands = {
        "dispatcher": ["manage.py", "dispatch"],
        "worker": ["-m", "celery", "-A", "registry.celery", "worker", "--concurrency", "2", "--queues",
                   "default,analyses,mail", "--without-gossip", "--without-mingle", "--without-heartbeat"],
    }
    own = [pid for part in ("dispatcher", "worker", "errands") for pid in site.pids(part)]
    for pid in own:
        send(pid, signal.SIGSTOP)
    started = []
    try:
        for name, command in commands.items():
            with open(folder / f"{name}.log", "wb") as log:
                started.append(subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=log, stderr=log,
                                                start_new_session=True, preexec_fn=dies_with_parent()))
        yield started
    finally:
        for process in started:
            below = descendants(process.pid)
            for pid in [process.pid, *below]:
                send(pid, signal.SIGKILL)
            process.wait(10)
        for pid in own:
            send(pid, signal.SIGCONT)


def check_both_analyses(ada, slug):
    """A card and a set of texts are analysed; the answers are those of the contract."""
    entry = ada.entry(slug)
    # Near the least that is accepted: what is tested here is the way, not the figures.
    texts = {role: ada.upload(as_lines(made_rows(100, seed=f"{role}{slug}", lean=lean, words=30, name=role)), kind)
             for role, kind, lean in (("generated", "samples", 0.6), ("human", "reference", 0.0))}
    asked = {"analysis": "detection", "inputs": texts, "params": {"bootstraps": 500, "lengths": [25]}}
    runs = [ask_for_card(ada, entry, slug), ada.post(f"releases/{entry}/runs", asked, 202)["id"]]

    of_card, of_texts = (ada.wait_for_end(pk, 120) for pk in runs)

    assert (of_card["status"], of_card["error"]) == ("succeeded", "")
    assert (len(of_card["result"]["items"]), of_card["result"]["front_matter"]["state"]) == (18, "ok")
    assert (of_texts["status"], of_texts["error"]) == ("succeeded", "")
    assert [row["words"] for row in of_texts["result"]["by_length"]] == [25]


def ask_for_card(ada, entry, mark):
    inputs = {"card": ada.upload(CARD + mark.encode(), "model_card", "card.md")}
    return ada.post(f"releases/{entry}/runs", {"analysis": "model_card", "inputs": inputs, "params": {}}, 202)["id"]


class TestEveryBroker:
    def test_the_embedded_one(self, rough_site, ada, tmp_path):
        with at_work(rough_site, "", tmp_path):
            check_both_analyses(ada, "embedded")

    def test_redis(self, rough_site, ada, redis_broker, tmp_path):
        with at_work(rough_site, redis_broker, tmp_path):
            check_both_analyses(ada, "redis")

    def test_rabbitmq(self, rough_site, ada, vhost, tmp_path):
        with at_work(rough_site, vhost, tmp_path):
            check_both_analyses(ada, "rabbitmq")


class TestWorkerToldToStop:
    def test_hands_its_run_on_at_once_and_uncounted(self, rough_site, ada, redis_broker, tmp_path):
        entry = ada.entry("handed-on")
        with at_work(rough_site, redis_broker, tmp_path) as (_, worker):
            run = ada.ask(entry, "patient", "5 handed on")
            wait_for(lambda: ada.run(run)["status"] == "running", 60, "the run to start")

            worker.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            worker.send_signal(signal.SIGQUIT)

            wait_for(lambda: ada.run(run)["status"] == "queued", 8, "the run to be given back")
            assert ada.run(run)["attempts"] == 0

        assert ada.wait_for_end(run, 90)["status"] == "succeeded"  # by whoever is there then


class TestBrokerAway:
    """R5."""

    def test_killed_before_queueing(self, rough_site, ada, tmp_path, monkeypatch):
        entry = ada.entry("broker-killed")
        with redis_server(tmp_path) as broker:
            pass
        port = int(broker.rpartition(":")[2].split("/")[0])
        with at_work(rough_site, broker, tmp_path):
            run = ada.ask(entry, "patient", "0.1 killed")
            assert ada.run(run)["status"] == "queued"

            monkeypatch.setattr("tests.services.free_port", lambda: port)
            with redis_server(tmp_path):
                ended = ada.wait_for_end(run, 60)

        assert (ended["status"], ended["attempts"]) == ("succeeded", 1)

    def test_killed_with_the_bells_that_no_worker_has_heard(self, rough_site, ada, tmp_path, monkeypatch):
        entry = ada.entry("bells-lost")
        with ExitStack() as started:
            broker = started.enter_context(redis_server(tmp_path))
            _, worker = started.enter_context(at_work(rough_site, broker, tmp_path))
            send(worker.pid, signal.SIGSTOP)  # before it has heard anything
            runs = [ada.ask(entry, "patient", "0.1 lost"), ask_for_card(ada, entry, "lost")]
            wait_for(lambda: rung(rough_site, runs) == 2, 40, "the dispatcher to ring")

            send(_listening(broker), signal.SIGKILL)
            port = int(broker.rpartition(":")[2].split("/")[0])
            monkeypatch.setattr("tests.services.free_port", lambda: port)
            (tmp_path / "again").mkdir()
            started.enter_context(redis_server(tmp_path / "again"))
            let_half_a_minute_pass(rough_site, runs)
            send(worker.pid, signal.SIGCONT)

            ends = [ada.wait_for_end(pk, 90) for pk in runs]

        assert [(end["status"], end["attempts"]) for end in ends] == [("succeeded", 1)] * 2

    def test_frozen(self, rough_site, ada, tmp_path):
        entry = ada.entry("broker-frozen")
        with redis_server(tmp_path) as broker:
            frozen = _listening(broker)
            with at_work(rough_site, broker, tmp_path):
                assert ada.wait_for_end(ada.ask(entry, "patient", "0.1 before"), 60)["status"] == "succeeded"
                send(frozen, signal.SIGSTOP)
                try:
                    body = {"analysis": "patient", "inputs": {"text": ada.upload(b"0.1 during")}}
                    asked = [ada.call("POST", f"/api/v1/releases/{entry}/runs", body | {"seed": n}) for n in range(8)]
                    wait_for(lambda: b"ring_for_runs" in (tmp_path / "dispatcher.log").read_bytes(), 40,
                             "the dispatcher to give up on the broker")
                    assert {ada.run(a.body["id"])["status"] for a in asked} == {"queued"}
                finally:
                    send(frozen, signal.SIGCONT)

                ends = [ada.wait_for_end(a.body["id"], 60) for a in asked]

        slowest = max(a.seconds for a in asked)
        print(f"R5: broker frozen, slowest of {len(asked)} acts {slowest:.2f} s, all done afterwards")
        assert {a.status for a in asked} == {202}
        assert slowest <= 2
        assert {end["status"] for end in ends} == {"succeeded"}


def rung(site, runs):
    """How many of the runs have been rung for."""
    return rows(site, "SELECT count(rung_at) FROM registry_run WHERE id = ANY(%s)", runs)[0][0]


def let_half_a_minute_pass(site, runs):
    """After which the dispatcher rings again for what is still waiting."""
    rows(site, "UPDATE registry_run SET rung_at = rung_at - interval '31 s' WHERE id = ANY(%s) RETURNING id", runs)


def _listening(broker):
    """The process id of the Redis behind a URL of ours."""
    port = broker.rpartition(":")[2].split("/")[0]
    for pid in descendants(os.getpid()):
        with open(f"/proc/{pid}/cmdline", "rb") as command:
            if b"redis-server" in (line := command.read()) and port.encode() in line:
                return pid
    raise AssertionError("no Redis of ours")
