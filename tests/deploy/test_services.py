"""The tests' own services: what is missing is named, and under CI it is a failure."""

import os

import pytest

from tests.services import free_port, missing
from tests.shared import needs_shared


class TestMissing:
    def test_is_a_skip_with_a_name_on_a_persons_machine(self, monkeypatch):
        monkeypatch.delenv("CI", raising=False)

        with pytest.raises(pytest.skip.Exception, match="needs a Redis"):
            missing("a Redis")

    def test_is_a_failure_under_ci(self, monkeypatch):
        monkeypatch.setenv("CI", "true")

        with pytest.raises(pytest.fail.Exception, match="needs a Redis, which CI must have"):
            missing("a Redis")


class TestServices:
    def test_ports_are_below_those_that_clients_get(self):
        assert 1024 < free_port() < 32768

    def test_settings_are_read_from_the_tests_environment(self, settings):
        assert settings.DATA_DIR.is_relative_to(os.environ["DAYLIGHT_TEST_FOLDER"])
        assert settings.CELERY_BROKER_URL == "memory://"

    @pytest.mark.django_db
    def test_the_database_is_a_scratch_one(self):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone()[0].startswith("test_")

    @needs_shared
    def test_shared_data_are_found(self):
        from tests.shared import DATA

        assert (DATA / "attacks" / "INDEX.csv").exists()

    def test_chromium_opens_a_page(self, page):
        page.set_content("<h1>Daylight</h1>")

        assert page.inner_text("h1") == "Daylight"
