"""Whether anything has changed since the last start; asking costs a hundredth of starting Django."""

import hashlib
from pathlib import Path

import psycopg

from deploy.conninfo import conninfo

ROOT = Path(__file__).resolve().parent.parent


def is_current(data, env):
    """Whether database and files are as the last preparation left them."""
    try:
        return (data / "prepared.stamp").read_text() == fingerprint(data, env)
    except (OSError, psycopg.Error):
        return False


def write(data, env):
    (data / "prepared.stamp").write_text(fingerprint(data, env))


def fingerprint(data, env):
    """Differs when code, migrations, static files, the database or what is applied to it differ."""
    seen = hashlib.sha256()
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "DEBUG"):
        seen.update(f"{name}={env.get(name, '')}\n".encode())
    seen.update(f"{(data / 'static').is_dir()} {(data / 'examples.pending').exists()}\n".encode())
    for path in _watched():
        file = path.stat()
        seen.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    with psycopg.connect(**conninfo(env["DATABASE_URL"]) | {"connect_timeout": "3"}) as db:
        # A restored backup may be older than the files beside it.
        for row in db.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
            seen.update(f"{row}\n".encode())
    return seen.hexdigest()


def _watched():
    yield ROOT / "requirements.txt"
    yield ROOT / "registry" / "settings.py"
    for app in ("registry", "discussions"):
        for kind in ("migrations", "static"):
            yield from sorted(path for path in (ROOT / app).rglob(f"{kind}/**/*")
                              if path.is_file() and path.suffix != ".pyc")
