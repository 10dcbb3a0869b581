"""Backing up a site and restoring it on an empty machine."""

import subprocess
import sys
import tarfile

import pytest

from deploy.postgres import Postgres
from tests.running_site import clean_environment
from tests.shared import ROOT


def run(*arguments, data, **env):
    return subprocess.run([sys.executable, "-m", "deploy.backup", *map(str, arguments)], cwd=ROOT, text=True,
                          env=clean_environment(DAYLIGHT_DATA=str(data), **env), capture_output=True, timeout=60)


@pytest.fixture
def old(tmp_path):
    """A data folder with a database, an upload and a key, as a site leaves them."""
    data = tmp_path / "old"
    server = Postgres(data / "postgres")
    server.start()
    with server.connect() as db:
        db.execute("CREATE EXTENSION pg_trgm")
        db.execute("CREATE TABLE django_migrations AS SELECT 'registry' AS app, '0001' AS name")
        db.execute("CREATE TABLE post AS SELECT n, md5(n::text) AS body FROM generate_series(1, 1000) n")
        db.execute("CREATE SCHEMA pgmq CREATE TABLE meta (queue_name text)")
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "upload").write_bytes(b"a card")
    (data / "secret_key").write_text("kept")
    (data / "log").mkdir()
    yield data, server
    server.stop()


class TestBackingUp:
    def test_works_beside_a_running_server_and_is_readable_by_its_owner_only(self, old, tmp_path):
        data, _ = old

        done = run(tmp_path / "site.tar", data=data)

        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "site.tar").stat().st_mode & 0o777 == 0o600
        with tarfile.open(tmp_path / "site.tar") as archive:
            assert sorted(archive.getnames()) == [
                "data/files", "data/files/ab", "data/files/ab/upload", "data/secret_key", "database.dump"]

    def test_says_in_one_line_that_there_is_nothing_to_back_up(self, tmp_path):
        done = run(tmp_path / "site.tar", data=tmp_path / "nothing")

        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "site.tar").exists()


class TestRestoring:
    def test_brings_back_all_rows_files_and_keys(self, old, tmp_path):
        data, server = old
        server.stop()
        assert run(tmp_path / "site.tar", data=data).returncode == 0
        new = tmp_path / "new"

        done = run("--restore", tmp_path / "site.tar", data=new)

        assert (done.returncode, done.stderr) == (0, "")
        assert (new / "files" / "ab" / "upload").read_bytes() == b"a card"
        assert (new / "secret_key").read_text() == "kept"
        assert content(new) == content(data)

    def test_refuses_a_folder_that_holds_a_site(self, old, tmp_path):
        data, server = old
        run(tmp_path / "site.tar", data=data)
        server.stop()

        done = run("--restore", tmp_path / "site.tar", data=data)

        assert done.returncode == 1
        assert "already holds a site" in done.stderr

    def test_refuses_an_archive_that_leads_elsewhere(self, tmp_path):
        (tmp_path / "evil").write_text("x")
        with tarfile.open(tmp_path / "site.tar", "w") as archive:
            archive.add(tmp_path / "evil", "data/../../evil")

        done = run("--restore", tmp_path / "site.tar", data=tmp_path / "new")

        assert done.returncode == 1
        assert "is not a backup of Daylight" in done.stderr

    def test_goes_into_a_server_of_ones_own(self, old, tmp_path, postgres_server):
        data, _ = old
        run(tmp_path / "site.tar", data=data)

        done = run("--restore", tmp_path / "site.tar", data=tmp_path / "new", DATABASE_URL=postgres_server)

        assert (done.returncode, done.stderr) == (0, "")


def content(data):
    server = Postgres(data / "postgres")
    server.start()
    try:
        with server.connect() as db:
            return db.execute("SELECT count(*), md5(string_agg(body, '' ORDER BY n)) FROM post").fetchone()
    finally:
        server.stop()
