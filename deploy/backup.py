"""One command each way: `python -m deploy.backup FILE.tar` and `python -m deploy.backup --restore FILE.tar`.

The file holds a dump of the database and what lies in $DAYLIGHT_DATA beside it: uploads, keys, unsent mail.
It may be made while people are writing: the dump is one moment, and files are only ever added after it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from deploy.conninfo import conninfo
from deploy.folder import CannotStart, DataFolder
from deploy.postgres import Postgres, PostgresError, installed_software

DUMP = "database.dump"
# Made again at the next start, or of this machine only.
LEFT_OUT = {"postgres", "log", "static", "static.stamp", "prepared.stamp", "supervisor.lock", "beat-schedule"}


def main():
    options = argparse.ArgumentParser(description="Back up a Daylight site, or restore it on an empty one.")
    options.add_argument("file", type=Path)
    options.add_argument("--restore", action="store_true")
    chosen = options.parse_args()
    folder = DataFolder(os.environ.get("DAYLIGHT_DATA") or Path(__file__).resolve().parent.parent / "var")
    try:
        (restore if chosen.restore else back_up)(folder, chosen.file.absolute())
    except (CannotStart, PostgresError, OSError, tarfile.TarError, psycopg.OperationalError) as error:
        sys.exit(f"Daylight: {str(error).strip()}")


def back_up(folder, target):
    """Write everything that cannot be made again into one file, complete or not there at all."""
    unfinished = target.with_name(target.name + ".unfinished")
    with tempfile.TemporaryDirectory() as scratch, database(folder) as url:
        dump = Path(scratch) / DUMP
        # The broker's queues are only bells: what is to be done stands in the rows.
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=pgmq",
             f"--file={dump}", url=url)
        with _private_file(unfinished) as file, tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(dump, DUMP)
            for path in sorted(folder.path.iterdir()):
                if path.name not in LEFT_OUT and not path.name.startswith((".", "beat-schedule")):
                    archive.add(path, f"data/{path.name}")
    unfinished.replace(target)
    print(f"Backed up to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def restore(folder, source):
    """Bring a backup back, into an empty data folder and an empty database only."""
    folder.open()
    folder.lock()
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(source) as archive:
        _check_names(archive, source)
        archive.extractall(scratch)  # noqa: S202 (checked; Python before 3.11.4 has no filter)
        with database(folder, must_run=False) as url:
            _refuse_unless_empty(folder, url)
            script = Path(scratch) / "database.sql"
            _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(Path(scratch) / DUMP))
            _drop_newer_settings(script)
            _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                 f"--file={script}", url=url)
        for path in (Path(scratch) / "data").iterdir():
            place = folder / path.name
            if place.is_dir():
                place.rmdir()
            shutil.move(path, place)
    print(f"Restored from {source}; start Daylight as usual.")


@contextmanager
def database(folder, must_run=True):
    """The URL of the site's database; an embedded one that does not run is started meanwhile."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    server = Postgres(folder / "postgres")
    if must_run and not server.data.exists():
        raise CannotStart(f"There is no database in {folder.path}: set DAYLIGHT_DATA or DATABASE_URL.")
    if running := server.url_if_running():
        yield running
        return
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _refuse_unless_empty(folder, url):
    with psycopg.connect(**conninfo(url)) as db:
        if db.execute("SELECT to_regclass('django_migrations')").fetchone()[0]:
            raise CannotStart("The database already holds a site; a backup is restored into an empty one only.")
    if any((folder / "files").iterdir()):
        raise CannotStart(f"{folder / 'files'} is not empty; a backup is restored into an empty folder only.")


def _check_names(archive, source):
    """Refuse an archive that is not one of ours: links, or paths that lead elsewhere."""
    for member in archive:
        path = Path(member.name)
        if not (member.isreg() or member.isdir()) or path.is_absolute() or ".." in path.parts:
            raise CannotStart(f"{source} is not a backup of Daylight: it holds {member.name!r}.")


def _drop_newer_settings(script, header=30):
    """Take out what a server older than the embedded one does not know; only the first lines set anything."""
    whole = script.with_suffix(".whole")
    script.rename(whole)
    with whole.open("rb") as lines, script.open("wb") as kept:
        for number, line in enumerate(lines):
            if number > header or not line.startswith(b"SET transaction_timeout"):
                kept.write(line)


def _private_file(path):
    """For writing, and from the first moment readable by its owner only: it holds the keys."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _run(program, *arguments, url=None):
    """Run one of PostgreSQL's own programs, the embedded one where there is one."""
    try:
        path = installed_software() / "bin" / program
    except PostgresError:
        path = program
    where = ["--dbname=" + make_conninfo(**conninfo(url))] if url else []
    done = subprocess.run([path, *where, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotStart(f"{program} failed: {done.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
