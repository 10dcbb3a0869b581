"""Statements that are told and not asked: they are stored with their transaction or not at all, whoever looks."""

import threading
import time
from contextlib import suppress
from unittest.mock import patch

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, close_old_connections, connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from registry.core.limits import RateBucket
from registry.core.statements import ask, ask_along
from tests.people import PlatformTestCase

TOLD = "INSERT INTO registry_ratebucket (key, tokens, filled_at) VALUES (%s, 1, now())"
ASKED = "SELECT key FROM registry_ratebucket WHERE key LIKE %s ORDER BY key"


def keys():
    return list(RateBucket.objects.filter(key__startswith="told-").order_by("key").values_list("key", flat=True))


def seen_by_others():
    """What is stored, as another connection sees it."""
    seen = []

    def look():
        seen.extend(keys())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen


class TestTold(TransactionTestCase):
    def test_is_stored_with_its_transaction(self):
        with transaction.atomic():
            ask_along(TOLD, ["told-1"])
            ask_along(TOLD, ["told-2"])
            assert seen_by_others() == []
        assert seen_by_others() == ["told-1", "told-2"]
        assert connection.waiting == []

    def test_outside_of_a_transaction_is_stored_at_once(self):
        ask_along(TOLD, ["told-1"])
        assert seen_by_others() == ["told-1"]

    def test_is_there_for_whatever_is_asked_next(self):
        with transaction.atomic():
            ask_along(TOLD, ["told-1"])
            assert ask(ASKED, ["told-%"]) == [("told-1",)]
            ask_along(TOLD, ["told-2"])
            assert keys() == ["told-1", "told-2"]
            ask_along(TOLD, ["told-3"])
            with connection.cursor() as cursor:
                cursor.execute(ASKED, ["told-%"])
                assert len(cursor.fetchall()) == 3

    def test_goes_with_a_transaction_that_is_taken_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            ask_along(TOLD, ["told-1"])
            raise ZeroDivisionError
        assert keys() == [] and connection.waiting == []

    def test_goes_with_the_part_that_is_taken_back(self):
        with transaction.atomic():
            ask_along(TOLD, ["told-1"])
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                ask_along(TOLD, ["told-2"])
                raise ZeroDivisionError
            with transaction.atomic():
                ask_along(TOLD, ["told-3"])
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                ask_along(TOLD, ["told-4"])
                assert keys() == ["told-1", "told-3", "told-4"]
                raise ZeroDivisionError
        assert seen_by_others() == ["told-1", "told-3"]

    def test_savepoints_within_savepoints_hold_what_they_held(self):
        with transaction.atomic():
            with transaction.atomic():
                with pytest.raises(ZeroDivisionError), transaction.atomic():
                    with transaction.atomic():
                        ask_along(TOLD, ["told-1"])
                    raise ZeroDivisionError
                ask_along(TOLD, ["told-2"])
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
            with transaction.atomic():
                pass
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                with transaction.atomic():
                    assert ask(ASKED, ["told-%"]) == [("told-2",)]
                    ask_along(TOLD, ["told-3"])
                raise ZeroDivisionError
            ask_along(TOLD, ["told-4"])
        assert seen_by_others() == ["told-2", "told-4"]
        assert (connection.waiting, connection.unsent) == ([], set())

    def test_a_part_that_fails_fails_within_itself_and_the_rest_goes_on(self):
        ask_along(TOLD, ["told-1"])
        with transaction.atomic():
            ask_along(TOLD, ["told-2"])
            for wrong in ("told-1", "told-2"):
                with pytest.raises(IntegrityError), transaction.atomic():
                    ask_along(TOLD, [wrong])
            ask_along(TOLD, ["told-3"])
        assert seen_by_others() == ["told-1", "told-2", "told-3"]

    def test_a_part_that_has_failed_is_taken_back_whatever_was_told_in_it_since(self):
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                with suppress(ProgrammingError):
                    ask("SELECT nothing_of_the_kind")
                ask_along(TOLD, ["told-1"])
                raise ZeroDivisionError
            ask_along(TOLD, ["told-2"])
        assert seen_by_others() == ["told-2"]

    def test_what_is_wrong_with_it_is_said_by_the_end_and_nothing_is_stored(self):
        ask_along(TOLD, ["told-1"])
        with pytest.raises(IntegrityError), transaction.atomic():
            ask_along(TOLD, ["told-2"])
            ask_along(TOLD, ["told-1"])
        assert keys() == ["told-1"]

    def test_what_is_wrong_with_it_is_said_by_what_is_asked_next(self):
        ask_along(TOLD, ["told-1"])
        for look in (keys, lambda: ask(ASKED, ["told-%"])):
            with pytest.raises(IntegrityError), transaction.atomic():
                ask_along(TOLD, ["told-1"])
                look()
            assert keys() == ["told-1"]

    def test_nothing_is_asked_of_a_transaction_that_has_failed(self):
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic(savepoint=False):
                raise ZeroDivisionError
            ask_along(TOLD, ["told-1"])
            with pytest.raises(transaction.TransactionManagementError):
                ask(ASKED, ["told-%"])
            with pytest.raises(transaction.TransactionManagementError):
                keys()
        assert keys() == []

    def test_a_new_connection_has_cursors_of_its_own(self):
        for _ in range(4):
            assert ask("SELECT 1") == [(1,)]
        connection.close()
        assert ask("SELECT 1") == [(1,)]

    def test_a_connection_that_was_lost_takes_what_was_told_with_it(self):
        with pytest.raises(Exception, match=r"terminat|closed|lost"), transaction.atomic():
            [(pid,)] = ask("SELECT pg_backend_pid()")
            ask_along(TOLD, ["told-1"])
            end_from_elsewhere(pid)
            ask(ASKED, ["told-%"])
        connection.close()
        assert keys() == []
        with transaction.atomic():
            ask_along(TOLD, ["told-2"])
        assert seen_by_others() == ["told-2"]


    def test_a_connection_that_the_server_has_ended_is_replaced_before_it_is_used(self):
        for _ in range(2):
            [(pid,)] = ask("SELECT pg_backend_pid()")
            end_from_elsewhere(pid)
            close_old_connections()  # as every request begins
            with transaction.atomic():
                [(other,)] = ask("SELECT pg_backend_pid()")
            assert other != pid

    def test_whether_a_connection_works_is_asked_only_after_a_while(self):
        asked = []
        connection.close()
        for _ in range(2):  # connect, and look at the connection for the first time
            close_old_connections()
            ask("SELECT 1")
        with patch.object(connection, "is_usable", lambda: asked.append(1) or True):
            for ago in (0, 5, 60):
                close_old_connections()
                connection.worked_at -= ago
                ask("SELECT 1")
        assert len(asked) == 1

    def test_a_transaction_in_which_nothing_is_asked_costs_nothing(self):
        with transaction.atomic():
            assert connection.connection.info.transaction_status == TransactionStatus.IDLE
        assert connection.waiting == []
        with transaction.atomic():
            ask("SELECT 1")
            assert connection.connection.info.transaction_status == TransactionStatus.INTRANS
        assert connection.connection.info.transaction_status == TransactionStatus.IDLE


def end_from_elsewhere(pid):
    with psycopg.connect(**psycopg_parameters(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        while other.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() is not None:
            time.sleep(0.01)


def psycopg_parameters():
    wanted = ("dbname", "host", "port", "user", "password")
    return {name: value for name, value in connection.get_connection_params().items() if name in wanted}


class TestAsked(PlatformTestCase):
    def test_each_is_prepared_and_logged_for_whoever_counts(self):
        with CaptureQueriesContext(connection) as log:
            ask_along(TOLD, ["told-1"])
            assert ask(ASKED, ["told-%"]) == [("told-1",)]
        assert len(log) == 2 and "$1" in log[1]["sql"]

    def test_a_statement_without_rows_gives_none(self):
        assert ask(TOLD, ["told-1"]) == []

    def test_what_is_wrong_with_a_statement_is_an_error_of_djangos(self):
        with pytest.raises(ProgrammingError), transaction.atomic():
            ask("SELECT nothing_of_the_kind")
        assert ask("SELECT 1") == [(1,)]
