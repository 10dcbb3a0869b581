"""The embedded PostgreSQL: its locale, its rights, and coming back after a crash."""

import os
import pwd
import signal
import stat
import subprocess
import sys

import pytest

from deploy.postgres import Postgres, PostgresError
from deploy.processes import alive
from tests.services import wait_for
from tests.shared import ROOT


@pytest.fixture
def server(tmp_path):
    server = Postgres(tmp_path / "postgres")
    yield server
    server.stop()


class TestStarting:
    def test_offers_the_extensions_that_the_site_needs(self, embedded_postgres):
        with embedded_postgres.connect() as db:
            for name in ("pg_trgm", "unaccent", "citext"):
                db.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")

            assert db.execute("SELECT unaccent('Müller'), 'É'::citext = 'é'").fetchone() == ("Muller", True)

    def test_treats_letters_of_all_languages_as_letters(self, embedded_postgres):
        with embedded_postgres.connect() as db:
            row = db.execute("SELECT lower('ÄÖÜ'), to_tsvector('simple', 'Ärger ÜBER 北京')::text").fetchone()

        assert row == ("äöü", "'ärger':1 'über':2 '北京':3")

    def test_keeps_acknowledged_work_safe(self, embedded_postgres):
        with embedded_postgres.connect() as db:
            shown = [db.execute(f"SHOW {name}").fetchone()[0] for name in (
                "synchronous_commit", "fsync", "full_page_writes", "data_checksums", "listen_addresses")]

        assert shown == ["on", "on", "on", "on", ""]

    def test_keeps_its_data_when_started_again(self, server):
        server.start()
        with server.connect() as db:
            db.execute("CREATE TABLE kept AS SELECT 1 AS one")
        server.stop()

        server.start()

        with server.connect() as db:
            assert db.execute("SELECT one FROM kept").fetchone() == (1,)

    def test_refuses_data_of_another_major_version_in_plain_words(self, server):
        server.start()
        server.stop()
        (server.data / "PG_VERSION").write_text("12\n")

        with pytest.raises(PostgresError, match="was written by PostgreSQL 12"):
            server.start()


class TestAccess:
    def test_only_the_owner_can_reach_the_socket(self, embedded_postgres):
        mode = embedded_postgres.socket_folder.stat().st_mode

        assert stat.S_IMODE(mode) == 0o700

    def test_the_server_refuses_whoever_did_not_start_it(self, embedded_postgres):
        with embedded_postgres.connect(user="postgres") as db:
            rules = db.execute("SELECT map_name, sys_name, pg_username FROM pg_ident_file_mappings")
            rules = rules.fetchall()
            doors = db.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()

        me = pwd.getpwuid(os.geteuid()).pw_name
        assert rules == [("own", me, "daylight"), ("own", me, "postgres")]
        assert doors == [("local", "peer")]

    def test_a_long_or_closed_folder_gets_a_short_socket_elsewhere(self, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        server = Postgres(closed / ("long" * 20))
        try:
            server.start()
            with server.connect() as db:
                assert db.execute("SELECT 1").fetchone() == (1,)
            assert len(str(server.socket_folder)) < 80
            server.stop()
            assert not server.socket_folder.exists()
            server.start()
        finally:
            server.stop()


class TestCrashes:
    def test_comes_back_with_everything_committed_after_kill_9(self, server):
        server.start()
        with server.connect() as db:
            db.execute("CREATE TABLE kept (n int)")
            db.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()

        server.start()

        with server.connect() as db:
            assert db.execute("SELECT count(*) FROM kept").fetchone() == (1000,)

    def test_is_not_misled_by_a_pid_file_that_names_a_stranger(self, server):
        server.start()
        note = (server.data / "postmaster.pid").read_text()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        (server.data / "postmaster.pid").write_text(note.replace(note.split()[0], str(os.getpid()), 1))

        server.start()

        assert server.running()

    def test_ends_with_the_process_that_started_it(self, tmp_path):
        starter = subprocess.Popen(
            [sys.executable, "-c", "import sys, time; from deploy.postgres import Postgres; "
             "p = Postgres(sys.argv[1]); p.start(); print(p.process.pid, flush=True); time.sleep(60)",
             str(tmp_path / "postgres")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        with starter:
            pid = int(starter.stdout.readline())
            starter.kill()

        wait_for(lambda: not alive(pid), 10, "PostgreSQL to end")
