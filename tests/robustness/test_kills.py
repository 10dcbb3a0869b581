"""Workers, children and the database killed at any moment: nothing acknowledged is lost, nothing happens twice.

Sizes by environment: ROBUSTNESS_KILLS, ROBUSTNESS_RUNS, ROBUSTNESS_DATABASE_KILLS, ROBUSTNESS_WEB_KILLS (release:
200, 600, 50, 200).
"""

import os
import random
import re
import signal
import threading
import time
import uuid
from pathlib import Path

import psycopg
import pytest

from deploy.conninfo import conninfo
from deploy.processes import descendants, send
from tests.robustness.client import FINAL, make_person, rows
from tests.robustness.conftest import RUN_SECONDS
from tests.services import wait_for

KILLS = int(os.environ.get("ROBUSTNESS_KILLS", "10"))
RUNS = int(os.environ.get("ROBUSTNESS_RUNS", "24"))
DATABASE_KILLS = int(os.environ.get("ROBUSTNESS_DATABASE_KILLS", "2"))
WEB_KILLS = int(os.environ.get("ROBUSTNESS_WEB_KILLS", "5"))
CLIENTS = 8
LEASE = 20
pytestmark = pytest.mark.slow


def unfinished(site):
    return rows(site, "SELECT id, status, attempts FROM registry_run WHERE status IN ('queued', 'running')")


def sandboxes(site):
    """Process ids of the children that run analyses for this site."""
    below = descendants(site.process.pid)
    return [pid for pid in below if b"registry.analyses.sandbox" in _command(pid)]


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class TestWorkersKilled:
    def test_every_run_ends_once(self, rough_site, ada):
        """R1: whole workers, pool children and children with an analysis, kill -9 in the middle of runs."""
        bo, chance = make_person(rough_site, "bob"), random.Random(1)
        asked = [person.ask(entry, "patient", f"0.8 {number} {person.handle}")
                 for person in (ada, bo)
                 for slug in range(-(-RUNS // 20))
                 for entry in [person.entry(f"kill-{slug}")]
                 for number in range(slug * 10, min(slug * 10 + 10, RUNS // 2))]
        killed = dict.fromkeys(("worker", "pool child", "analysis"), 0)

        for number in range(KILLS):
            # A worker is started again after ever longer pauses, so most kills go to its children.
            what = "worker" if number % 8 == 3 else "pool child" if number % 4 == 1 else "analysis"
            wait_for(lambda: sandboxes(rough_site) or not unfinished(rough_site), LEASE + 30, "a run to disturb")
            time.sleep(chance.uniform(0, 0.4))
            killed[what] += self._kill(rough_site, what, chance)
        last_kill = time.monotonic()
        wait_for(lambda: not unfinished(rough_site), LEASE + 30 + RUNS, "the end of all runs")
        waited = time.monotonic() - last_kill

        ended = rows(rough_site, "SELECT r.id, r.status, r.attempts, r.error, count(e.id) FROM registry_run r"
                     " JOIN registry_event e ON e.subject_id = r.subject_id AND e.verb IN"
                     " ('run.succeeded', 'run.failed') WHERE r.id = ANY(%s) GROUP BY r.id", asked)
        by_status = [sum(1 for _, status, *_ in ended if status == s) for s in ("succeeded", "failed")]
        print(f"R1: {sum(killed.values())} kills {killed}, {len(asked)} runs, {by_status[0]} succeeded, "
              f"{by_status[1]} failed with a reason, all over {waited:.1f} s after the last kill")
        assert len(ended) == len(asked) == len(set(asked))
        assert {(events, 1 <= attempts <= 3) for _, _, attempts, _, events in ended} == {(1, True)}
        assert all(error for _, status, _, error, _ in ended if status == "failed")
        assert by_status[0] >= 0.8 * len(asked)

    def _kill(self, site, what, chance):
        """Kill one if there is one; tells how many."""
        if what == "worker":
            pids = site.pids("worker")[:1]
        elif what == "analysis":
            pids = chance.sample(found, 1) if (found := sandboxes(site)) else []
        else:
            busy = {int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                    for pid in sandboxes(site) if Path(f"/proc/{pid}/stat").exists()}
            pids = list(busy)[:1]
        return sum(send(pid, signal.SIGKILL) for pid in pids)


class TestPoison:
    def test_does_not_hold_up_others_for_longer_than_the_limit(self, rough_site, ada):
        """R2: every poison ends failed with a reason; good runs of another person wait one limit at most."""
        eve = make_person(rough_site, "eve")
        bad_entry, good_entry = eve.entry("bad"), ada.entry("good")
        bad = {harm: eve.ask(bad_entry, "poison", harm) for harm in (
            "loop", "segfault", "memory", "print", "exit", "close")}
        began = time.monotonic()
        good = [ada.ask(good_entry, "patient", f"0.1 good {number}") for number in range(6)]

        for pk in good:
            assert ada.wait_for_end(pk, 60)["status"] == "succeeded"
        waited = time.monotonic() - began
        ends = {harm: eve.wait_for_end(pk, 60) for harm, pk in bad.items()}

        print(f"R2: {len(bad)} poisons, 6 good runs done after {waited:.1f} s")
        assert waited < RUN_SECONDS + 6 * 2
        assert all(end["status"] == "failed" and end["error"] and end["attempts"] <= 3 for end in ends.values()), ends
        assert f"longer than the {RUN_SECONDS} seconds" in ends["loop"]["error"]
        assert "1024 MB" in ends["memory"]["error"]

    def test_cancelling_stops_the_child(self, rough_site, ada):
        run = ada.ask(ada.entry("cancelled"), "patient", "5 cancelled")
        wait_for(lambda: sandboxes(rough_site), 40, "the child")

        assert ada.call("DELETE", f"/api/v1/runs/{run}").status == 204

        wait_for(lambda: not sandboxes(rough_site), 5, "the end of the child")
        assert ada.run(run)["status"] == "cancelled"


class TestAtOnce:
    def test_fifty_identical_requests_make_one_run(self, rough_site, ada):
        """R9."""
        entry, file = ada.entry("at-once"), ada.upload(b"0.1 at once")
        body = {"analysis": "patient", "inputs": {"text": file}}
        answers, gate = [], threading.Barrier(50)

        def ask():
            gate.wait(20)
            answers.append(ada.call("POST", f"/api/v1/releases/{entry}/runs", body, key=uuid.uuid4().hex, timeout=60))

        _at_once(ask, 50)

        assert {a.status for a in answers} == {202}, answers
        assert len({a.body["id"] for a in answers}) == 1
        print(f"R9: 50 requests at once, 1 run, slowest answer {max(a.seconds for a in answers):.2f} s")

    def test_the_same_key_fifty_times_posts_once(self, rough_site, ada):
        ada.entry("same-key")
        body = {"subject": "lab:lab-ada", "title": "Fifty times", "body": "Once."}
        answers, gate = [], threading.Barrier(50)

        def post():
            gate.wait(20)
            answers.append(ada.call("POST", "/api/v1/threads", body, key="fifty-times", timeout=60))

        _at_once(post, 50)

        done = [a.body["id"] for a in answers if a.status == 201]
        assert {a.status for a in answers} <= {201, 409, 503}, answers
        assert len(set(done)) == 1
        assert rows(rough_site, "SELECT count(*) FROM discussions_thread WHERE title = 'Fifty times'") == [(1,)]


class TestDatabaseKilled:
    def test_under_posting_nothing_acknowledged_is_lost_or_doubled(self, rough_site, ada):
        """R3: the server and all its processes kill -9 under eight posting clients."""
        ada.entry("posted")
        clients = posting(ada, "posted")
        kills, back = [], []
        for _ in range(DATABASE_KILLS):
            enough = acknowledged_by(clients) + 2 * CLIENTS
            wait_for(lambda least=enough: acknowledged_by(clients) >= least, 60, "posts to go on")
            kills.append(time.monotonic())
            pids = rough_site.pids("postgres")
            for pid in pids:
                send(pid, signal.SIGKILL)
            wait_for(lambda before=pids[0]: rough_site.pids("postgres")[:1] not in ([], [before]), 20, "a new server")
            back.append(wait_for(lambda: self._accepts(rough_site), 30, "the database to answer"))
        time.sleep(3.5)
        finish(clients)

        acknowledged = {title for c in clients for title in c.acknowledged}
        unsure = sum(len(c.repeated) for c in clients)
        stored = dict(rows(rough_site, "SELECT title, count(*) FROM discussions_thread"
                           " WHERE title LIKE 'posted %%' GROUP BY title"))
        events = rows(rough_site, "SELECT count(*) FROM registry_event WHERE verb = 'thread.started'"
                      " AND subject_id IN (SELECT subject_id FROM discussions_thread WHERE title LIKE 'posted %%')")
        bad = sorted(at for c in clients for at, status in c.refused)
        late = max((at - start for start, end in zip(back, [*kills[1:], 1e12], strict=True)
                    for at in bad if start <= at < end), default=0.0)
        print(f"R3: {len(back)} kills, {len(acknowledged)} acknowledged, {len(acknowledged - set(stored))} lost, "
              f"{sum(n - 1 for n in stored.values())} doubled, {unsure} repeated with the same key, "
              f"{len(bad)} errors, the last {late:.1f} s after the database was back")
        assert len(acknowledged) > 20
        assert acknowledged - set(stored) == set()
        assert set(stored.values()) == {1}
        assert events == [(len(stored),)]
        assert {status for c in clients for _, status in c.refused} <= {0, 503}
        assert late <= 3

    def test_in_the_middle_of_a_run_it_is_done_all_the_same(self, rough_site, ada):
        run = ada.ask(ada.entry("database-away"), "patient", "4 survives")
        wait_for(lambda: ada.run(run)["status"] == "running", 40, "the run to start")

        for pid in rough_site.pids("postgres"):
            send(pid, signal.SIGKILL)
        wait_for(lambda: self._accepts(rough_site), 30, "the database to answer")

        ended = wait_for(lambda: (a := ada.call("GET", f"/api/v1/runs/{run}")).status == 200
                         and a.body["status"] in FINAL and a.body, 60, "the end of the run")
        print(f"run survived the database, at attempt {ended['attempts']}")
        assert (ended["status"], ended["result"]["rest"]) == ("succeeded", "survives")

    def _accepts(self, site):
        try:
            rows(site, "SELECT 1")
        except (psycopg.Error, IndexError):
            return None
        return time.monotonic()


class TestDatabaseAway:
    def test_visitors_are_told_so_and_it_is_well_again_by_itself(self, rough_site, ada):
        """R4: seconds without a database, since the supervisor that would start it again is held still."""
        supervisor = descendants(rough_site.process.pid)[0]
        url = rough_site.env["DATABASE_URL"]
        send(supervisor, signal.SIGSTOP)
        try:
            for pid in rough_site.pids("postgres"):
                send(pid, signal.SIGKILL)
            answers = [ada.call("GET", path) for _ in range(4) for path in ("/", "/releases/", "/t/1/")]
            script = [ada.call("GET", "/api/v1/labs"), ada.call("POST", "/api/v1/labs", {"name": "A", "slug": "a"})]
            alive, ready = ada.call("GET", "/healthz"), ada.call("GET", "/readyz")
        finally:
            send(supervisor, signal.SIGCONT)
        began = time.monotonic()
        wait_for(lambda: accepts(url), 30, "the database to answer")
        accepting = time.monotonic()
        wait_for(lambda: ada.call("GET", "/").status == 200, 30, "the first page")
        back = time.monotonic() - accepting

        print(f"R4: {len(answers)} pages without a database, well again {back:.1f} s after it "
              f"({time.monotonic() - began:.1f} s after the supervisor could act)")
        assert {(a.status, a.headers["Retry-After"]) for a in answers + script} == {(503, "5")}
        for answer in answers:
            assert b"The register cannot be reached right now." in answer.raw
            assert not re.search(rb"Traceback|OperationalError|psycopg|/tmp/", answer.raw)
        assert {a.headers["Content-Type"] for a in script} == {"application/problem+json"}
        assert {a.body["status"] for a in script} == {503}
        assert (alive.status, ready.status) == (200, 503)
        assert ready.body == {"database": False, "broker": False, "worker": False}
        assert back <= 5


def accepts(url):
    try:
        psycopg.connect(**conninfo(url), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


class TestWebKilled:
    def test_workers_under_posting_lose_nothing_acknowledged_and_leave_nothing_half_done(self, rough_site, ada):
        """R6: kill -9 of a web worker at a time under eight posting clients."""
        ada.entry("web")
        chance, killed = random.Random(6), 0
        clients = posting(ada, "web")
        for number in range(1, WEB_KILLS + 1):
            wait_for(lambda least=CLIENTS * number: acknowledged_by(clients) >= least, 60, "posts to go on")
            time.sleep(chance.uniform(0, 0.2))
            workers = wait_for(lambda: rough_site.pids("web")[1:], 20, "a web worker")
            killed += send(chance.choice(workers), signal.SIGKILL)
        finish(clients)

        acknowledged = {title for c in clients for title in c.acknowledged}
        stored = dict(rows(rough_site, "SELECT title, count(*) FROM discussions_thread WHERE title LIKE 'web %%'"
                           " GROUP BY title"))
        half = rows(rough_site, "SELECT title FROM discussions_thread AS t WHERE title LIKE 'web %%' AND"
                    " (subject_id IS NULL OR (1, 1, 1) <> (comment_count,"
                    " (SELECT count(*) FROM discussions_comment WHERE thread_id = t.id),"
                    " (SELECT count(*) FROM registry_event AS e WHERE e.subject_id = t.subject_id)))")
        counted = rows(rough_site, "SELECT s.thread_count, count(*), s.comment_count, sum(t.comment_count)"
                       " FROM registry_subject AS s JOIN discussions_thread AS t ON t.about_id = s.id"
                       " WHERE s.ref = 'lab:lab-ada' GROUP BY s.id")
        print(f"R6: {killed} kills, {len(acknowledged)} acknowledged, {len(acknowledged - set(stored))} lost, "
              f"{sum(n - 1 for n in stored.values())} doubled, {len(half)} half done, "
              f"{sum(len(c.refused) for c in clients)} refused and repeated")
        assert killed == WEB_KILLS and len(acknowledged) >= CLIENTS * WEB_KILLS
        assert acknowledged - set(stored) == set()
        assert set(stored.values()) == {1}
        assert half == []
        assert [row[::2] for row in counted] == [row[1::2] for row in counted]
        assert {status for c in clients for _, status in c.refused} <= {0, 503}


def posting(person, mark):
    """Clients that post until `finish`."""
    clients = [Poster(person, f"{mark} {number}") for number in range(CLIENTS)]
    for client in clients:
        client.start()
    return clients


def acknowledged_by(clients):
    return sum(len(client.acknowledged) for client in clients)


def finish(clients):
    for client in clients:
        client.over = True
    for client in clients:
        client.join(60)


class Poster(threading.Thread):
    """Posts threads one after the other; what is not acknowledged is repeated with the same key until it is."""

    def __init__(self, person, mark):
        super().__init__(daemon=True)
        self.person, self.mark, self.over = person, mark, False
        self.acknowledged, self.repeated, self.refused = [], set(), []

    def run(self):
        count = 0
        while not self.over:
            title = f"{self.mark} {count}"
            count += 1
            while not self._post(title):
                self.repeated.add(title)
                time.sleep(0.1)

    def _post(self, title):
        body = {"subject": "lab:lab-ada", "title": title, "body": "Under fire."}
        answer = self.person.call("POST", "/api/v1/threads", body, key=f"{title} key", timeout=15)
        if answer.status == 201:
            self.acknowledged.append(title)
            return True
        self.refused.append((time.monotonic(), answer.status))
        return False


def _at_once(act, count):
    threads = [threading.Thread(target=act, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
