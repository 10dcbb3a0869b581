"""Which message broker Celery uses, and PGMQ inside PostgreSQL where none is named.

The broker is only a doorbell: rows say what is to be done, and the dispatcher rings again for what was lost.
"""

from importlib.resources import files
from queue import Empty
from urllib.parse import urlsplit

import psycopg
from kombu.transport import pgmq
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.conninfo import conninfo

QUEUES = ("default", "analyses", "mail")
INSTALL_LOCK = 0x6461796C  # one installer at a time, whoever starts first
MARK = "Daylight: PGMQ "
IDLE_SECONDS = 1.0
SHORTEST_WAIT, LONGEST_WAIT = 0.02, 0.25


def celery_settings(broker_url, database_url, *, visibility_seconds=3600):
    """Celery's broker settings for a broker URL; an empty one means PGMQ in the site's own database.

    `visibility_seconds` must exceed the longest task: after it an unfinished message is given out again.
    """
    common = {
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 3,
    }
    if uses_pgmq(broker_url):
        return common | {
            "broker_url": "pgmq://localhost",
            "broker_transport": "deploy.broker:PgmqTransport",
            "broker_transport_options": {
                # Both quoting layers: pgmq takes the string apart and joins the values unquoted.
                "conn_string": make_conninfo(**_quoted_for_pgmq(conninfo(broker_url or database_url))),
                "init_extension": False,
                "visibility_timeout": visibility_seconds,
                "wait_time_seconds": 0,
                "use_notify": True,
                "pool_size": 4,
                "pool_timeout": 5,
            },
        }
    if urlsplit(broker_url).scheme in {"redis", "rediss", "unix", "redis+socket"}:
        # A frozen Redis must not hold the dispatcher for ever.
        options = {"visibility_timeout": visibility_seconds, "socket_timeout": 5, "socket_connect_timeout": 3}
        return common | {"broker_url": broker_url, "broker_transport_options": options}
    if urlsplit(broker_url).scheme in {"amqp", "amqps", "pyamqp"}:
        options = {"confirm_publish": True, "read_timeout": 5, "write_timeout": 5}
        return common | {"broker_url": broker_url, "broker_transport_options": options}
    return common | {"broker_url": broker_url}


def uses_pgmq(broker_url):
    return not broker_url or urlsplit(broker_url).scheme in {"pgmq", "postgres", "postgresql"}


def install_pgmq(url):
    """Put PGMQ and our queues into a schema of their own, `pgmq`; does nothing where they are."""
    with psycopg.connect(**conninfo(url)) as db:
        db.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALL_LOCK])
        if _installed(db):
            return False
        db.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")  # an older one of ours: nothing in it is missed
        db.execute(_packaged("pgmq.sql"))
        for queue in QUEUES:
            db.execute("SELECT pgmq.create(%s)", [queue])
            db.execute("SELECT pgmq.enable_notify_insert(%s, 0)", [queue])
        db.execute(sql.SQL("COMMENT ON SCHEMA pgmq IS {}").format(_mark()))
        return True


def _installed(db):
    """Whether PGMQ is there in the packaged version, or in any version that is not from us."""
    there, comment = db.execute(
        "SELECT to_regclass('pgmq.meta') IS NOT NULL,"
        " coalesce(obj_description(to_regnamespace('pgmq'), 'pg_namespace'), '')"
    ).fetchone()
    return there and (not comment.startswith(MARK) or comment == _mark())


def _mark():
    return MARK + _packaged("pgmq.sql.version").strip() + ": " + " ".join(QUEUES)


def _packaged(name):
    return files("pgmq.sql").joinpath(name).read_text()


def _quoted_for_pgmq(keywords):
    known = {name: _quoted(keywords.get(name, default)) for name, default in (
        ("host", "localhost"), ("port", "5432"), ("dbname", "postgres"), ("user", "postgres"))}
    others = {name: value for name, value in keywords.items() if name not in {*known, "password"}}
    # pgmq knows five keywords and drops the rest (sslmode, for one); its last one carries them through.
    others.setdefault("connect_timeout", "5")
    password = _quoted(keywords.get("password", ""))
    return known | {"password": f"{password} {make_conninfo(**others)}"}


def _quoted(value):
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"


class PgmqChannel(pgmq.Channel):
    """kombu's channel, but without changing tables each time somebody sends or begins to listen.

    kombu drops and creates the trigger behind NOTIFY at every declaration; two at once and one of them fails.
    """

    def _new_queue(self, queue, **kwargs):
        if not self._has_queue(queue):
            self.pgmq.create_queue(self._queue_name(queue))

    def _maybe_enable_notify(self, queue, queue_name=None):
        # Queues that `install_pgmq` did not make have no trigger; they are read once a second.
        self.connection._register_notify_queue(queue_name or self._queue_name(queue))


class PgmqTransport(pgmq.Transport):
    """kombu's transport, handing control back to the worker as soon as there is nothing to read.

    kombu's own loop keeps the worker for two seconds a turn, and a finished task is acknowledged only
    between turns: two or three tasks a second. This one waits for NOTIFY, and briefly while tasks run.
    """

    Channel = PgmqChannel

    def __init__(self, client, **kwargs):
        super().__init__(client, **kwargs)
        self._wait_seconds = SHORTEST_WAIT

    def drain_events(self, connection, timeout=None):
        while True:
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                self._wait(timeout)
                if timeout is not None:
                    raise TimeoutError from None
            else:
                self._wait_seconds = SHORTEST_WAIT
                return

    def _wait(self, timeout):
        if any(channel.qos._delivered for channel in self.channels):
            self._wait_seconds = min(self._wait_seconds * 1.5, LONGEST_WAIT)
        else:
            self._wait_seconds = IDLE_SECONDS
        self._get_notify_waiter().wait(min(self._wait_seconds, timeout or IDLE_SECONDS))
        if self._wait_seconds == IDLE_SECONDS:
            self._wait_seconds = SHORTEST_WAIT
