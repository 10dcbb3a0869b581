"""The people and the entry that discussions are tested with.

Imports stand in the fixtures: pytest may read this file before Django's settings.
"""

import pytest


def person(handle, name):
    from registry.accounts.actions import join

    return join(handle, f"{handle}@example.org", display_name=name)


@pytest.fixture
def ada(db):
    """Speaks for the lab."""
    return person("ada", "Ada Example")


@pytest.fixture
def bo(db):
    """Belongs to the lab, and does not speak for it."""
    return person("bob", "Bo Example")


@pytest.fixture
def eve(db):
    return person("eve", "Eve <Outsider>")


@pytest.fixture
def lab(ada, bo):
    from registry.labs.actions import register_lab
    from registry.labs.models import Membership

    lab = register_lab(name="Openlab", slug="openlab", by=ada)
    lab.memberships.create(user=bo, role=Membership.Role.MEMBER)
    return lab


@pytest.fixture
def entry(lab):
    """The subject of a published entry of the lab."""
    from registry.core.subjects import name_subject

    path = "/releases/openlab/model/"
    return name_subject("release", "openlab/model", title="Model & co", path=path, public=True, as_of="revision 4")


@pytest.fixture
def draft(lab):
    """The subject of an entry that nobody outside may know of."""
    from registry.core.subjects import name_subject

    return name_subject("release", "openlab/secret", title="SECRET", path="/releases/openlab/secret/", public=False)


@pytest.fixture
def thread(entry, eve):
    from discussions.threads.actions import start_thread

    return start_thread(entry, "Why were the weights withheld?", "The *script* was withheld, too.", eve)


@pytest.fixture
def opening(thread):
    return thread.comments.get()


@pytest.fixture
def say(thread):
    """Post a comment in the thread: `say("text", ada, parent=None)`."""
    from discussions.threads.actions import post

    return lambda body, by, **options: post(thread, body, by, **options)


@pytest.fixture
def api():
    """A client that calls the API with a person's token: `api(ada).post(...)`."""
    from rest_framework.test import APIClient

    from registry.accounts.actions import issue_token

    def client_of(user=None, scope="write"):
        client = APIClient()
        if user:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user, scope=scope)[1]}")
        return client

    return client_of
