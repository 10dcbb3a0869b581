"""Which broker Celery gets, and that tasks arrive through each of them."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from deploy.broker import QUEUES, celery_settings, install_pgmq
from deploy.conninfo import conninfo
from tests.services import wait_for
from tests.shared import ROOT

DATABASE = "postgres://ada:s%20e'c@db.example:5433/day?sslmode=require"
APP = """
import os
from celery import Celery
from deploy.broker import QUEUES, celery_settings
app = Celery("probe")
app.conf.update(celery_settings(os.environ.get("CELERY_BROKER_URL", ""), os.environ["DATABASE_URL"]))
app.conf.update(task_ignore_result=True, worker_enable_remote_control=False)

@app.task
def note(path, text):
    with open(path, "a") as file:
        file.write(text + "\\n")
"""


class TestChoosing:
    def test_none_named_means_pgmq_in_the_sites_database(self):
        settings = celery_settings("", DATABASE)

        assert settings["broker_transport"] == "deploy.broker:PgmqTransport"
        assert settings["broker_transport_options"]["init_extension"] is False

    def test_redis_does_not_wait_for_ever(self):
        options = celery_settings("redis://127.0.0.1:6379/0", DATABASE)["broker_transport_options"]

        assert (options["socket_timeout"], options["socket_connect_timeout"]) == (5, 3)

    def test_rabbitmq_confirms_what_it_takes(self):
        options = celery_settings("amqp://guest@127.0.0.1//", DATABASE)["broker_transport_options"]

        assert options["confirm_publish"] is True

    def test_a_memory_broker_is_left_alone(self):
        assert celery_settings("memory://", DATABASE)["broker_url"] == "memory://"
        assert "broker_transport" not in celery_settings("memory://", DATABASE)

    def test_a_database_url_becomes_libpq_keywords(self):
        assert conninfo(DATABASE) == {
            "host": "db.example", "port": "5433", "dbname": "day", "user": "ada", "password": "s e'c",
            "sslmode": "require"}
        assert conninfo("postgres://daylight@/daylight?host=%2Frun%2Fd&port=5432") == {
            "host": "/run/d", "port": "5432", "dbname": "daylight", "user": "daylight"}

    def test_pgmq_connects_with_every_keyword_and_odd_passwords(self):
        from pgmq.base import PGMQConfig

        conn_string = celery_settings("", DATABASE)["broker_transport_options"]["conn_string"]

        found = psycopg.conninfo.conninfo_to_dict(PGMQConfig(conn_string=conn_string).dsn)
        assert found == {**conninfo(DATABASE), "connect_timeout": "5"}


class TestInstallingPgmq:
    def test_happens_once_and_leaves_the_queues_alone(self, embedded_postgres):
        with embedded_postgres.connect() as db:
            db.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")

        assert install_pgmq(embedded_postgres.url) is True
        with embedded_postgres.connect() as db:
            db.execute("SELECT pgmq.send('mail', '{}')")
        assert install_pgmq(embedded_postgres.url) is False

        with embedded_postgres.connect() as db:
            made = db.execute("SELECT queue_name FROM pgmq.meta").fetchall()
            assert sorted(made) == [("analyses",), ("default",), ("mail",)]
            assert db.execute("SELECT count(*) FROM pgmq.q_mail").fetchone() == (1,)

    def test_an_older_one_of_ours_is_replaced_a_strangers_is_kept(self, embedded_postgres):
        install_pgmq(embedded_postgres.url)
        with embedded_postgres.connect() as db:
            db.execute("COMMENT ON SCHEMA pgmq IS 'Daylight: PGMQ 0.0.1'")
        assert install_pgmq(embedded_postgres.url) is True

        with embedded_postgres.connect() as db:
            db.execute("COMMENT ON SCHEMA pgmq IS NULL")
        assert install_pgmq(embedded_postgres.url) is False
        with embedded_postgres.connect() as db:
            db.execute("DROP SCHEMA pgmq CASCADE")


class Probe:
    """A tiny Celery application with a worker process, on the broker that the settings choose."""

    def __init__(self, folder, database_url, broker_url=""):
        self.folder, self.notes = folder, folder / "notes"
        (folder / "probe.py").write_text(APP)
        # Celery would start Django where its settings are named.
        plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self.env = {**plain, "DATABASE_URL": database_url, "CELERY_BROKER_URL": broker_url,
                    "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}

    def __enter__(self):
        command = [sys.executable, "-m", "celery", "-A", "probe", "worker", "--concurrency", "2",
                   "--queues", "default,analyses,mail", "--without-gossip", "--without-mingle",
                   "--without-heartbeat", "--loglevel", "info"]
        with open(self.folder / "worker.log", "wb") as log:
            self.worker = subprocess.Popen(command, cwd=self.folder, env=self.env, stdout=log, stderr=log,
                                           start_new_session=True)
        return self

    def __exit__(self, *_):
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def send(self, count, queue):
        """Ring `count` times from another process, as the dispatcher does."""
        code = (f"import probe\nfor n in range({count}): "
                f"probe.note.apply_async(({str(self.notes)!r}, f'{queue} {{n}}'), queue={queue!r})")
        subprocess.run([sys.executable, "-c", code], env=self.env, cwd=self.folder, check=True, timeout=60)

    def noted(self):
        return sorted(self.notes.read_text().splitlines()) if self.notes.exists() else []


def check_all_queues(probe):
    for queue in QUEUES:
        probe.send(4, queue)
    wait_for(lambda: len(probe.noted()) == 12, 40, "all tasks")
    assert probe.noted() == sorted(f"{queue} {n}" for queue in QUEUES for n in range(4))


class TestTasksArrive:
    def test_through_pgmq_on_the_embedded_database(self, embedded_postgres, tmp_path):
        install_pgmq(embedded_postgres.url)

        with Probe(tmp_path, embedded_postgres.url) as probe:
            check_all_queues(probe)

    def test_through_pgmq_on_a_server_of_ones_own(self, postgres_server, tmp_path):
        install_pgmq(postgres_server)

        with Probe(tmp_path, postgres_server) as probe:
            check_all_queues(probe)

    def test_through_redis(self, redis_broker, tmp_path):
        with Probe(tmp_path, DATABASE, redis_broker) as probe:
            check_all_queues(probe)

    def test_through_rabbitmq(self, rabbitmq_broker, tmp_path):
        with Probe(tmp_path, DATABASE, rabbitmq_broker) as probe:
            check_all_queues(probe)

    def test_again_after_the_database_was_killed(self, embedded_postgres, tmp_path):
        install_pgmq(embedded_postgres.url)
        with Probe(tmp_path, embedded_postgres.url) as probe:
            probe.send(1, "default")
            wait_for(lambda: probe.noted(), 40, "the first task")
            os.kill(embedded_postgres.process.pid, signal.SIGKILL)
            embedded_postgres.process.wait()
            embedded_postgres.start()
            began = time.monotonic()

            probe.send(1, "mail")

            wait_for(lambda: "mail 0" in probe.noted(), 30, "the task after the crash")
            print(f"first task {time.monotonic() - began:.1f} s after the database was back")

    def test_when_many_begin_to_send_at_once(self, embedded_postgres, tmp_path):
        install_pgmq(embedded_postgres.url)
        with Probe(tmp_path, embedded_postgres.url) as probe, ThreadPoolExecutor(6) as senders:
            list(senders.map(lambda queue: probe.send(2, queue), QUEUES * 2))

            wait_for(lambda: len(probe.noted()) == 12, 40, "all tasks")
            assert probe.worker.poll() is None

    def test_more_than_twenty_small_ones_a_second(self, embedded_postgres, tmp_path):
        install_pgmq(embedded_postgres.url)
        with Probe(tmp_path, embedded_postgres.url) as probe:
            probe.send(1, "default")
            wait_for(lambda: probe.noted(), 40, "the worker")
            began = time.monotonic()

            probe.send(100, "mail")

            wait_for(lambda: len(probe.noted()) == 101, 60, "100 tasks")
            rate = 100 / (time.monotonic() - began)
            print(f"{rate:.0f} tasks a second, sending included")
            assert rate > 20
