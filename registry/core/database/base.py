"""Django's PostgreSQL, with a short way for statements that are the same each time (`registry.core.statements`).

Making a cursor, a transformer of values and a plan costs more than most of our statements do. Here each of them has
one cursor for a connection's life, PostgreSQL has planned it, and what nobody waits for travels with what comes next.
"""

import select
import time

from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import debug_transaction

MOST_KEPT = 500  # cursors of a connection
TRUSTED_FOR = 30  # seconds after a connection was found to work


class PreparingCursor(ServerBindingCursor):
    """Remembers for Django's log of queries what it ran, which psycopg forgets of prepared statements."""

    def _send_query_prepared(self, name, pgq, *, binary=None):
        super()._send_query_prepared(name, pgq, binary=binary)
        self._query = pgq


class Answer:
    """The rows, as tuples, of a statement that is sent together with others; they are there once these were sent."""

    def __init__(self, connection):
        self.connection, self._rows = connection, None

    @property
    def rows(self):
        if self._rows is None:
            self.connection.send_waiting()
        return self._rows

    def keep(self, rows):
        self._rows = rows


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = []  # statement, values and Answer of what is sent with whatever comes next
        self.unsent = set()  # savepoints that were taken back before they were sent
        self.kept = (None, {})  # the connection and its cursors, each by its statement
        self.worked_at = 0.0  # by the monotonic clock

    def ask(self, sql, values=()):
        """Run a statement that is the same each time and give its rows, as tuples."""
        if self._is_listened_to():
            return self._ask_aloud(sql, values)
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        if self.waiting:
            answer = self._wait(sql, values)
            self.send_waiting()
            return answer.rows
        with self.wrap_database_errors:
            return _rows_of(self._kept_cursor(sql).execute(sql, values))

    def ask_along(self, sql, values=()):
        """The same, where the answer is not needed yet: in a transaction, the statement is sent with what is asked next
        or with its end. What is wrong with it is raised there."""
        if self.in_atomic_block and not self._is_listened_to():
            return self._wait(sql, values)
        answer = Answer(self)
        answer.keep(self.ask(sql, values))
        return answer

    def _wait(self, sql, values):
        answer = Answer(self)
        self.waiting.append((sql, values, answer))
        return answer

    def _is_listened_to(self):
        return self.queries_logged or self.execute_wrappers

    def _ask_aloud(self, sql, values):
        """By Django's own way, for whoever listens."""
        with self.cursor() as cursor:
            cursor.cursor = PreparingCursor(self.connection)
            cursor.execute(sql, values)
            return _rows_of(cursor)

    def _kept_cursor(self, sql):
        raw, cursors = self.kept
        if raw is not self.connection:
            self.kept = raw, cursors = self.connection, {}
        if sql not in cursors:
            if len(cursors) >= MOST_KEPT:
                cursors.clear()
            cursors[sql] = ServerBindingCursor(raw)
        return cursors[sql]

    def send_waiting(self):
        """Send everything that waits, in one journey, and keep the answers."""
        waiting, self.waiting = self.waiting, []
        with self.wrap_database_errors:
            if len(waiting) == 1:
                cursors = self._run(waiting)
            else:
                with self.connection.pipeline():
                    cursors = self._run(waiting)
            for cursor, (*_, answer) in zip(cursors, waiting, strict=True):
                answer.keep(_rows_of(cursor))

    def _run(self, waiting):
        seen, cursors = set(), []
        for sql, values, _ in waiting:
            once = sql in seen or values is None
            cursors.append(ServerBindingCursor(self.connection) if once else self._kept_cursor(sql))
            cursors[-1].execute(sql, values, prepare=False if values is None else None)
            seen.add(sql)
        return cursors

    def _cursor(self, name=None):
        """Whatever Django itself asks finds what was sent before."""
        if self.waiting and not self.needs_rollback:
            self.send_waiting()
        return super()._cursor(name)

    def _start_transaction_under_autocommit(self):
        """The driver's own BEGIN, and its COMMIT after other statements, would each be a journey."""
        if self._is_listened_to():
            with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
                self.connection.execute("BEGIN")
        else:
            self._wait("BEGIN", None)

    def _commit(self):
        if not self.waiting:
            return super()._commit()
        with debug_transaction(self, "COMMIT"):
            self._wait("COMMIT", None)
            self.send_waiting()

    def _rollback(self):
        self.waiting, self.unsent = [], set()
        super()._rollback()

    def _savepoint(self, sid):
        if self._is_listened_to():
            super()._savepoint(sid)
        else:
            self._wait(self.ops.savepoint_create_sql(sid), None)

    def _savepoint_commit(self, sid):
        """What is wrong with anything since the savepoint is raised here, while it can be taken back."""
        if sid in self.unsent:
            self.unsent.remove(sid)
        elif self._is_listened_to():
            super()._savepoint_commit(sid)
        else:
            sends = bool(self.waiting)
            self._wait(self.ops.savepoint_commit_sql(sid), None)
            if sends:
                self.send_waiting()

    def _savepoint_rollback(self, sid):
        begun = [sql for sql, *_ in self.waiting]
        if (create := self.ops.savepoint_create_sql(sid)) in begun:
            self.waiting = self.waiting[: begun.index(create)]
            self.unsent.add(sid)
        else:
            self.waiting = []  # all of it came after the savepoint
            super()._savepoint_rollback(sid)

    def close_if_health_check_failed(self):
        """A question to see whether the server answers costs as much as the request's own. A server that ends a
        connection says so, which is there to be read; only what may have got lost on the way has to be asked."""
        if self.connection is not None and self.health_check_enabled and not self.health_check_done:
            trusted = time.monotonic() - self.worked_at < TRUSTED_FOR and not _has_news(self.connection)
            self.health_check_done = trusted
            super().close_if_health_check_failed()
            self.worked_at = time.monotonic()

    def _close(self):
        self.waiting, self.unsent, self.kept = [], set(), (None, {})
        super()._close()


def _rows_of(cursor):
    return cursor.fetchall() if cursor.pgresult.nfields else []


def _has_news(connection):
    """Whether anything has come from the server that nobody asked for, such as its farewell."""
    there = select.poll()
    there.register(connection.fileno(), select.POLLIN)
    return bool(there.poll(0))
