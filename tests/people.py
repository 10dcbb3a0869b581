"""The people, lab and things that tests speak of: Ada speaks for the lab, Bo belongs to it, Mo moderates, and Eve is
an outsider who must see nothing private. All are invented."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.test import Client, TestCase, override_settings
from rest_framework.test import APIClient

from registry.accounts.actions import issue_token, join
from registry.core.files import store_file
from registry.labs.actions import register_lab
from registry.norms.actions import publish_norm
from registry.releases.actions import begin_entry, publish

CONTENT = {
    "title": "Lamp",
    "summary": "A small invented model, released in one step.",
    "artefact": {"kind": "model", "variants": [{"name": "1B"}]},
    "rationale": "It is small, and others should be able to **check** it.",
    "stages": [
        {
            "date": "2024-05-01",
            "status": "effective",
            "title": "Release",
            "rationale": "Everything at once.",
            "components": [
                {
                    "component": "weights_final",
                    "variant": "1B",
                    "mode": "downloadable",
                    "gate": "none",
                    "audience": "public",
                    "licence": "Apache-2.0",
                }
            ],
        }
    ],
}
CLAUSES = [
    {"heading": "Name what is released", "strength": "MUST", "text": "Name each component, for whom, and from when."},
    {"heading": "Say what would change it", "strength": "SHOULD", "text": "Say what would change the decision."},
    {"heading": "Name a detector", "strength": "MAY", "text": "Name a detector and its error rates."},
]


def make_person(handle, name=None, **fields):
    user = join(
        handle, f"{handle}@example.org", password=f"long-{handle}-password", display_name=name or handle.title()
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    for field, value in fields.items():
        setattr(user, field, value)
    if fields:
        user.save()
    return user


class Browser(Client):
    """Takes in a whole answer, as browsers do, so that the file it comes from is closed."""

    def request(self, **request):
        response = super().request(**request)
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        return response


# Django's test runner puts a mail backend of its own in place of ours.
@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend")
class PlatformTestCase(TestCase):
    """Ada's lab with one published entry, a norm, and everybody signed out."""

    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.bo, cls.mo, cls.eve = (
            make_person("ada", "Ada Example"),
            make_person("bob", "Bo Example"),
            make_person("mod", "Mo Example", is_moderator=True),
            make_person("eve", "Eve Example"),
        )
        cls.lab = register_lab(name="Invented Lab", slug="invented-lab", homepage="https://example.org/", by=cls.ada)
        cls.lab.memberships.create(user=cls.bo, role="member")
        cls.entry = begin_entry(cls.lab, "lamp", by=cls.ada, content=CONTENT)
        publish(cls.entry, by=cls.ada)
        cls.norm = publish_norm(title="Invented norm", summary="For tests.", purpose="Why.", clauses=CLAUSES, by=cls.mo)
        cls.clause = cls.norm.clauses.get(number=1)

    def setUp(self):
        # Rate limits are kept in the cache, which no transaction undoes.
        cache.clear()

    def as_(self, user=None):
        """A browser, signed in as somebody or as nobody."""
        client = Browser()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def api(self, user=None, scope="write"):
        """A script with a token of somebody's, or without one."""
        client = APIClient()
        if user is not None:
            _, token = issue_token(user, scope=scope)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    def draft(self, slug="draft", by=None, **content):
        return begin_entry(self.lab, slug, by=by or self.ada, content=CONTENT | content)

    def file(self, text, kind="model_card", by=None, name="card.md"):
        data = text.encode() if isinstance(text, str) else text
        return store_file(ContentFile(data, name=name), kind=kind, by=by or self.ada)


MOST_AT_ONCE = 30  # connections: two of pytest's workers may do this side by side, and the server has 80


def at_once(*acts):
    """Do all acts at the same moment, each with a connection of its own; returns what came of each, or its error.

    Those beyond the first thirty begin as soon as one of these is done.
    """
    first = min(len(acts), MOST_AT_ONCE)
    ready = Barrier(first, timeout=60)

    def one(numbered):
        number, act = numbered
        try:
            # What is asked is what comes of it, not how soon: a busy machine needs longer than the site grants.
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '60s'")
            if number < first:
                ready.wait()
            return act()
        except Exception as problem:  # noqa: BLE001 - the test looks at what came back
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(first) as pool:
        return list(pool.map(one, enumerate(acts)))


def each_at_once(act, given):
    """Do `act(one)` with every one of those given at the same moment; returns what came of each, or its error."""
    return at_once(*(partial(act, one) for one in given))
