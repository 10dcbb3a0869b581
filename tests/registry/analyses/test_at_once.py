"""Asking for a run while the entry is being published."""

import threading

from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings

from registry.analyses.actions import request_run
from registry.analyses.models import Run
from registry.norms.actions import declare
from registry.releases.actions import publish
from registry.releases.models import Entry
from tests.people import PlatformTestCase
from tests.services import wait_for


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend")
class WhilePublicationCommitsTests(TransactionTestCase):
    draft, file, as_ = PlatformTestCase.draft, PlatformTestCase.file, PlatformTestCase.as_

    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)
        self.soon = self.draft(slug="soon")

    def meanwhile(self, act):
        """Do something in another connection that begins before the publication is committed and ends after."""

        def work():
            act(Entry.objects.select_related("lab__subject", "subject").get(pk=self.soon.pk))
            connections.close_all()

        other = threading.Thread(target=work)
        with transaction.atomic():
            publish(self.soon, by=self.ada)
            other.start()
            wait_for(self.somebody_waits, 10, "the other one to wait")
        other.join(20)

    def somebody_waits(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0]

    def test_a_run_is_as_public_as_its_entry(self):
        file = self.file('{"text": "a"}\n', kind="samples", name="s.jsonl")

        self.meanwhile(lambda entry: request_run(entry, "samples", {"samples": file}, by=self.ada))

        run = Run.objects.get()
        self.assertTrue(run.public and run.subject.public)
        self.assertEqual(self.as_().get(f"/runs/{run.pk}/").status_code, 200)

    def test_a_declaration_is_as_public_as_its_entry(self):
        self.meanwhile(lambda entry: declare(entry, self.clause, stance="adheres", by=self.ada))

        declaration = self.soon.declarations.get()
        self.assertEqual(declaration.as_of, 1)
        self.assertContains(self.as_().get("/norms/N-1/feed/"), "follows")
