"""Bring database and files up to date before the site starts: `python -m deploy.prepare`.

One process for all of it, since starting Django costs more than looking whether there is something to do.
"""

import hashlib
import os
import sys
import time
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from deploy import stamp

MIGRATION_LOCK = 0x6461796D  # two machines that start at once must not both migrate


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
    # A migration may well take longer than a page is allowed to.
    os.environ["STATEMENT_TIMEOUT"] = "0"
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        sys.exit(f"Daylight: {problem}")
    from django.conf import settings

    data = Path(settings.DATA_DIR)
    _wait_for_database()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        _migrate(data / "examples.pending")
    call_command("createcachetable", verbosity=0)
    _prepare_broker()
    _collect_static(data / "static.stamp")
    _load_examples(data / "examples.pending")
    stamp.write(data, os.environ)


def say(text):
    print(f"  {text}", flush=True)


def _wait_for_database(seconds=30):
    deadline = time.monotonic() + seconds
    waiting = False
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if time.monotonic() > deadline:
                sys.exit(f"Daylight: the database does not answer: {str(error).splitlines()[0]}")
            if not waiting:
                say("Waiting for the database …")
                waiting = True
            time.sleep(0.5)


def _migrate(pending_examples):
    from registry.core.upgrading import refuse_halfway

    try:
        refuse_halfway(None, using=connection.alias)
    except CommandError as problem:
        sys.exit(f"Daylight: {problem}")
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if not executor.loader.applied_migrations and os.environ.get("DAYLIGHT_EXAMPLES", "on") != "off":
        # Written down first: an interrupted first start must still load them at the next.
        pending_examples.touch()
    say(f"Bringing the database up to date ({len(plan)} steps) …")
    call_command("migrate", interactive=False, verbosity=0)


def _prepare_broker():
    from deploy.broker import install_pgmq, uses_pgmq

    if uses_pgmq(os.environ.get("CELERY_BROKER_URL", "")):
        url = os.environ.get("CELERY_BROKER_URL") or os.environ["DATABASE_URL"]
        if install_pgmq(url):
            say("Put the broker's tables (PGMQ) into the database.")


def _collect_static(note):
    found = _static_fingerprint()
    if note.exists() and note.read_text() == found:
        return
    say("Collecting style sheets, scripts and pictures …")
    _drop_unnamed_versions()
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(found)


def _drop_unnamed_versions():
    """Make way for new files, but keep those with a digest in their name.

    Pages that are open, cached, or made by the web processes that run until new code is loaded still ask for them.
    """
    from django.contrib.staticfiles.storage import staticfiles_storage

    for name in getattr(staticfiles_storage, "hashed_files", {}):
        staticfiles_storage.delete(name)


def _static_fingerprint():
    """Changes whenever a static file, or the way they are stored, does."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256(repr((settings.STORAGES["staticfiles"], str(settings.STATIC_ROOT))).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = os.stat(storage.path(path))
            seen.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _load_examples(pending):
    if pending.exists():
        say("Loading the example entries …")
        call_command("load_examples")
        pending.unlink()


if __name__ == "__main__":
    main()
