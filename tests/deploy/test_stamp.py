"""Skipping what is done at a second start, and never skipping what is not."""

import psycopg
import pytest

from deploy import stamp


@pytest.fixture
def prepared(tmp_path, embedded_postgres):
    """A data folder and environment as after a first start."""
    with embedded_postgres.connect() as db:
        db.execute("DROP TABLE IF EXISTS django_migrations")
        db.execute("CREATE TABLE django_migrations (id serial, app text, name text)")
        db.execute("INSERT INTO django_migrations (app, name) VALUES ('registry', '0001_initial')")
    env = {"DATABASE_URL": embedded_postgres.url}
    (tmp_path / "static").mkdir()
    stamp.write(tmp_path, env)
    return tmp_path, env


class TestIsCurrent:
    def test_when_nothing_changed(self, prepared):
        assert stamp.is_current(*prepared)

    def test_not_in_a_new_folder(self, prepared, tmp_path_factory):
        assert not stamp.is_current(tmp_path_factory.mktemp("new"), prepared[1])

    def test_not_after_an_older_backup_was_restored(self, prepared, embedded_postgres):
        with embedded_postgres.connect() as db:
            db.execute("DELETE FROM django_migrations")

        assert not stamp.is_current(*prepared)

    def test_not_on_an_empty_database(self, prepared, embedded_postgres):
        with embedded_postgres.connect() as db:
            db.execute("DROP TABLE django_migrations")

        assert not stamp.is_current(*prepared)

    def test_not_with_another_broker(self, prepared):
        data, env = prepared

        assert not stamp.is_current(data, {**env, "CELERY_BROKER_URL": "redis://127.0.0.1/0"})

    def test_not_when_the_collected_files_are_gone(self, prepared):
        (prepared[0] / "static").rmdir()

        assert not stamp.is_current(*prepared)

    def test_not_when_the_examples_were_interrupted(self, prepared):
        (prepared[0] / "examples.pending").touch()

        assert not stamp.is_current(*prepared)

    def test_not_when_the_database_does_not_answer(self, prepared, tmp_path):
        data, _ = prepared
        nobody = {"DATABASE_URL": f"postgres://ada@/day?host={str(tmp_path).replace('/', '%2F')}"}

        assert not stamp.is_current(data, nobody)
        with pytest.raises(psycopg.OperationalError):
            stamp.fingerprint(data, nobody)
