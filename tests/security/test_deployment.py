"""With the environment of a real site Django's own check finds nothing, and what is missing stops the start."""

import os
import subprocess
import sys

import pytest

from tests.shared import ROOT

PRODUCTION = {
    "BASE_URL": "https://daylight.example",
    "ALLOWED_HOSTS": "daylight.example",
    "SECRET_KEY": "kJ8w-s0me-l0ng-r4ndom-v4lue-that-nobody-knows-Qm2-Xv7-Lp9-Zt4-",
    "SECURE_SSL_REDIRECT": "true",
    "DEBUG": "",
}
SHOW = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DEBUG, s.ALLOWED_HOSTS)"  # noqa: E501


def manage(*arguments, **env):
    env = {k: v for k, v in (os.environ | PRODUCTION | env).items() if v is not None}
    if not env.get("DEBUG"):
        env.pop("DEBUG", None)
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # what the browser's tests say to their own process
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90
    )  # fmt: skip


class TestAProductionSite:
    def test_has_nothing_to_be_warned_of(self):
        done = manage("manage.py", "check", "--deploy", "--fail-level", "WARNING")
        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout

    def test_is_warned_of_when_it_is_not_one(self):
        done = manage("manage.py", "check", "--deploy", "--fail-level", "WARNING", BASE_URL="http://daylight.example")
        assert done.returncode != 0

    def test_has_cookies_that_are_bound_to_its_host(self):
        said = manage("-c", SHOW).stdout
        assert said.split()[:5] == ["__Host-session", "__Host-csrf", "True", "True", "False"]
        assert "['daylight.example']" in said

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [("SECRET_KEY", "", "SECRET_KEY"), ("SECRET_KEY", "short", "SECRET_KEY"), ("DATABASE_URL", "", "DATABASE_URL"),
         ("DATABASE_URL", "sqlite:///x", "PostgreSQL"), ("BASE_URL", "daylight", "BASE_URL")],
    )  # fmt: skip
    def test_does_not_start_with_what_it_needs_missing(self, name, value, said):
        done = manage("manage.py", "check", **{name: value})
        assert done.returncode != 0 and said in done.stderr

    def test_holds_no_secret_of_its_own(self):
        """No key stands in the files that are checked in, only in the environment."""
        for file in [*ROOT.glob("registry/*.py"), *ROOT.glob("deploy/*.py"), ROOT / "Makefile"]:
            for line in file.read_text(encoding="utf-8").splitlines():
                assert 'SECRET_KEY = "' not in line and 'SECRET_KEY="' not in line, file
