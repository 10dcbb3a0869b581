"""Servers and programs that tests need: started here where embedded, found here where not."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.postgres import Postgres
from deploy.processes import dies_with_parent, last_lines

SECRET_KEY = "tests-only-tests-only-tests-only-tests-only-tests-only"
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]


def missing(what):
    """Skip the test by name where something cannot be had; under CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"needs {what}, which CI must have", pytrace=False)
    pytest.skip(f"needs {what}")


class SessionServices:
    """What one pytest session starts: a scratch folder and, unless TEST_DATABASE_URL is set, PostgreSQL."""

    def __init__(self):
        # /tmp and a short name: socket paths must stay under 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="daylight-tests-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.postgres = None

    def start(self):
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            self.postgres = Postgres(self.folder / "postgres", fleeting=True)
            self.postgres.start()
            url = self.postgres.url
        (self.folder / "data" / "static").mkdir(parents=True)  # WhiteNoise warns where it is missing
        os.environ.update(
            DJANGO_SETTINGS_MODULE="registry.settings",
            DATABASE_URL=url,
            CELERY_BROKER_URL="memory://",
            CACHE_URL="locmemcache://",
            EMAIL_URL="memorymail://",
            SECRET_KEY=SECRET_KEY,
            BASE_URL="http://testserver",
            ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
            PREPARED_SECONDS="0",
            DAYLIGHT_DATA=str(self.folder / "data"),
            DAYLIGHT_TEST_FOLDER=str(self.folder),
        )
        for name in ("STORAGE_URL", "DEBUG", "RATE_LIMIT_SCALE"):
            os.environ.pop(name, None)

    def stop(self):
        if self.postgres is not None:
            self.postgres.stop()
            self.postgres = None
        shutil.rmtree(self.folder, ignore_errors=True)


_given = set()


def free_port():
    """A port nobody uses, below those that clients get: a retrying client could else take it itself.

    Another one each time, so that several can be asked for before the first is bound.
    """
    for port in range(20000 + os.getpid() % 5000, 32768):
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("no free port below 32768")


def wait_for(condition, seconds, what):
    """Poll until the condition is true and return it; fail by name (or by what a function says) when time is up."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s in vain for {what() if callable(what) else what}")
        time.sleep(0.05)
    return result


def chromium():
    """The path of an installed Chromium or Chrome."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    missing("Chromium")


def answers(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def redis_server(folder):
    """A Redis of our own on a free port; yields its URL."""
    program = shutil.which("redis-server")
    if not program:
        missing("redis-server")
    port = free_port()
    log = Path(folder) / "redis.log"
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, preexec_fn=dies_with_parent())
    try:
        wait_for(lambda: answers("127.0.0.1", port), 10, f"Redis; its log ends with {last_lines(log)}")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def rabbitmq_vhost():
    """A URL of the running RabbitMQ, or by name a skip."""
    if not answers("127.0.0.1", 5672):
        missing("RabbitMQ at 127.0.0.1:5672")
    from kombu import Connection

    url = "amqp://guest:guest@127.0.0.1:5672//"
    with Connection(url, connect_timeout=5) as connection:
        connection.connect()
    yield url


@contextmanager
def postgres_database(name):
    """An empty database on the machine's own PostgreSQL server (not the embedded one); yields its URL."""
    import psycopg

    server = os.environ.get("TEST_POSTGRES_SERVER", "postgres://postgres@127.0.0.1:5432/postgres")
    try:
        admin = psycopg.connect(server, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        missing("a PostgreSQL server at 127.0.0.1:5432 (or TEST_POSTGRES_SERVER)")
    with admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8')
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
