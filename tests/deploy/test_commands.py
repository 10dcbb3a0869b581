"""Operators' commands beside a running site."""

import stat
import subprocess
import sys
from importlib.util import find_spec
from io import StringIO

import pytest
from django.core.management import call_command

from registry.accounts.models import User
from registry.core.rules import allows
from tests.running_site import clean_environment
from tests.shared import ROOT


def manage(site, *arguments, **env):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environment(**env),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_find_the_site_by_its_data_folder_alone(site):
    made = manage(site, "create_person", "ona-example", "ona@example.org", DAYLIGHT_DATA=str(site.data))
    token = manage(site, "issue_token", "ona-example", "--scope", "write", DAYLIGHT_DATA=str(site.data))

    assert made.returncode == 0, made.stderr
    assert "ona-example can sign in." in made.stdout
    assert token.returncode == 0 and token.stdout.startswith("dl_"), token.stderr


def test_secrets_of_the_site_are_readable_by_their_owner_only(site):
    for name in ("site.json", "secret_key", "first_sign_in.txt"):
        assert stat.S_IMODE((site.data / name).stat().st_mode) == 0o600, name


def test_without_a_site_they_say_what_is_missing(tmp_path):
    done = manage(None, "issue_token", "ada", DAYLIGHT_DATA=str(tmp_path))

    assert done.returncode != 0
    assert "SECRET_KEY must be set" in done.stderr.splitlines()[-1]


def test_a_store_whose_package_is_missing_stops_the_start_in_one_clear_line(tmp_path):
    if find_spec("storages"):
        pytest.skip("django-storages is installed here")
    env = {"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "SECRET_KEY": "x" * 40, "DAYLIGHT_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "deploy.prepare"], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env=clean_environment(**env, STORAGE_URL="s3://key:secret@store.example/bucket"),
    )  # fmt: skip

    said = "STORAGE_URL names an S3 store; install what that needs: pip install 'django-storages[s3]'."
    assert (done.returncode, done.stderr) == (1, f"Daylight: {said}\n")


@pytest.mark.django_db
def test_an_administrator_is_a_moderator():
    call_command("create_person", "ola-example", "ola@example.org", "--admin", stdout=StringIO())

    made = User.objects.get(handle="ola-example")
    assert (made.is_moderator, made.is_staff, made.is_superuser) == (True, True, False)
    assert all(allows(made, rule) for rule in ("norms.publish", "workshops.open", "labs.register_for_others"))


def test_a_wrong_call_is_one_clear_line(site):
    done = manage(site, "issue_token", "nobody-here", DAYLIGHT_DATA=str(site.data))

    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].endswith("There is nobody with the handle nobody-here.")
