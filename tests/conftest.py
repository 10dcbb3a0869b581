"""The test session: one PostgreSQL for all of pytest's processes, and fixtures for what else is needed.

The environment is set before Django's settings are read; pytest-django reads them after this hook.
"""

import atexit
import os
import sys
from pathlib import Path

import pytest

from tests import services
from tests.running_site import RunningSite
from tests.services import missing
from tests.shared import shared_is_there

_started = None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Start the services once: in the main process, not in the workers of pytest-xdist."""
    global _started
    if hasattr(config, "workerinput") or os.environ.get("DAYLIGHT_TEST_FOLDER"):
        return
    # Tests start hundreds of processes, and each of them would compile all of the code.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    _started = services.SessionServices()
    atexit.register(_stop_services)
    _started.start()
    # pytest-django looked for settings before the environment named them; with xdist its workers find them.
    import django

    django.setup()
    if getattr(config.option, "dist", "no") != "no":
        _migrate_once()


def _migrate_once():
    """Make the database of which those of pytest's workers are copies."""
    from django.db import connection
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    os.environ["DAYLIGHT_TEST_TEMPLATE"] = connection.settings_dict["NAME"]
    connection.close()  # a database that somebody looks at cannot be copied


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("DAYLIGHT_TEST_TEMPLATE")


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        _stop_services()


def _stop_services():
    global _started
    if _started is not None:
        _started.stop()
        _started = None
        os.environ.pop("DAYLIGHT_TEST_FOLDER", None)
        os.environ.pop("DAYLIGHT_TEST_TEMPLATE", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that share a site, or the rows of their class, go to one worker (with --dist loadgroup); the longest of
    these groups are begun first, so that none is left over at the end."""
    for item in items:
        for shared in SITES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(shared))
        if _has_rows_of_its_class(item) and not any(item.iter_markers("xdist_group")):
            item.add_marker(pytest.mark.xdist_group(f"{item.module.__name__}.{item.cls.__name__}"))
    yield  # pytest-django puts those before others that leave no rows
    items.sort(key=_place)


SITES = {"site", "rough_site", "place"}
LONG = ("journeys", "deploy", "robustness", "security")


def _has_rows_of_its_class(item):
    return hasattr(item.cls, "setUpTestData")


def _place(item):
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if folder not in LONG or folder == "security" and not _has_rows_of_its_class(item):
        return len(LONG)
    return LONG.index(folder)


def pytest_collection_finish(session):
    """Without this a pytest whose plugin has stopped to group them would start every site twice, and say nothing."""
    grouped = [item for item in session.items if any(item.iter_markers("xdist_group"))]
    if getattr(session.config.option, "loadgroup", False) and any("@" not in item.nodeid for item in grouped):
        raise pytest.UsageError("pytest-xdist does not group tests with this pytest: see tests/requirements.txt")


def pytest_runtest_setup(item):
    if item.get_closest_marker("needs_shared") and not shared_is_there():
        missing("../shared/data")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Hundreds of people are made here; the running site's tests and those of settings use the real hasher."""
    from django.conf import settings
    from django.contrib.auth.hashers import get_hashers

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    get_hashers.cache_clear()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The real site with all its parts, started by the supervisor as `make run` does."""
    with RunningSite(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def _chromium():
    from playwright.sync_api import sync_playwright

    path = services.chromium()
    # Playwright's own loop makes Django think it were in async code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=services.CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser(_chromium):
    """A headless Chromium, one for the session."""
    return _chromium


@pytest.fixture
def page(browser):
    """A fresh page with cookies of its own."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def redis_broker(tmp_path_factory):
    """URL of a Redis that this session started."""
    with services.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def rabbitmq_broker():
    """URL of the RabbitMQ that runs on this machine."""
    with services.rabbitmq_vhost() as url:
        yield url


@pytest.fixture
def postgres_server(request):
    """URL of an empty database on a PostgreSQL server that is not the embedded one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with services.postgres_database(f"daylight_test_{worker}_{os.getpid()}") as url:
        yield url


@pytest.fixture(scope="session")
def embedded_postgres(tmp_path_factory):
    """A second embedded server for tests that stop or kill it."""
    from deploy.postgres import Postgres

    server = Postgres(Path(tmp_path_factory.mktemp("postgres")))
    server.start()
    yield server
    server.stop()
