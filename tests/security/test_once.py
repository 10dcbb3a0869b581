"""The same write sent fifty times at once happens once."""

import itertools
import threading
from collections import Counter

from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase, override_settings

from discussions.threads.actions import start_thread
from discussions.threads.models import Comment
from discussions.workshops.models import Workshop
from registry.accounts.actions import issue_token
from registry.core.idempotency import OnceKey
from registry.core.mail import OutboundMail
from registry.history.models import Event
from registry.labs.actions import invite, register_lab
from registry.labs.models import Invitation, Lab, Membership
from registry.norms.models import Declaration
from registry.releases.models import Entry, Revision
from tests.people import Browser, PlatformTestCase

TIMES = 50
AT_ONCE = 10
CHANGES = {
    "title": "Title.", "summary": "Summary.", "rationale": "Why.", "links": [{"url": "https://example.org/"}],
    "events": [{"text": "Something happened."}],
}  # fmt: skip


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class TestTheSameFiftyTimes(TransactionTestCase):
    draft, file, as_, api = PlatformTestCase.draft, PlatformTestCase.file, PlatformTestCase.as_, PlatformTestCase.api

    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        self.eve_mail = self.eve.email

    def all_at_once(self, send):
        """Statuses of fifty calls of `send(client)`, ten at a time from the same line."""
        statuses, line, lock = Counter(), threading.Barrier(AT_ONCE), threading.Lock()

        def work():
            line.wait()
            for _ in range(TIMES // AT_ONCE):
                status = send(Browser(raise_request_exception=False))
                with lock:
                    statuses[status] += 1
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        print(f"{self._testMethodName}: {dict(statuses)}")
        assert sum(statuses.values()) == TIMES
        return statuses

    def script(self, user, address, body, key=None):
        _, token = issue_token(user, scope="write")
        headers = {"authorization": f"Bearer {token}"} | ({"idempotency-key": key} if key else {})
        return lambda client: client.post(address, body, "application/json", headers=headers).status_code

    def test_comment_with_one_key_is_posted_once(self):
        thread = start_thread(self.entry.subject, "Once", "First.", self.ada)
        body = {"thread": thread.pk, "body": "Only once."}
        statuses = self.all_at_once(self.script(self.ada, "/api/v1/comments", body, key="the-same"))
        assert set(statuses) == {201}
        assert Comment.objects.filter(body="Only once.").count() == 1
        assert Event.objects.filter(verb="comment.posted").count() == 1
        thread.refresh_from_db()
        assert thread.comment_count == 2 and OnceKey.objects.count() == 1

    def test_form_of_a_comment_is_taken_once(self):
        thread = start_thread(self.entry.subject, "Once", "First.", self.ada)
        browser = self.as_(self.ada)
        cookies = browser.cookies

        def send(client):
            client.cookies = cookies.copy()
            return client.post(f"/t/{thread.pk}/reply/", {"body": "By form.", "once": "f" * 30}).status_code

        assert set(self.all_at_once(send)) == {302}
        assert Comment.objects.filter(body="By form.").count() == 1

    def test_changes_of_different_fields_all_survive(self):
        self.draft(slug="soon")
        _, token = issue_token(self.ada, scope="write")
        turns = itertools.cycle(CHANGES.items())

        def send(client):
            field, value = next(turns)
            headers = {"authorization": f"Bearer {token}"}
            address = "/api/v1/releases/invented-lab/soon"
            return client.patch(address, {field: value}, "application/json", headers=headers).status_code

        assert set(self.all_at_once(send)) == {200}
        draft = Entry.objects.get(slug="soon").draft
        assert (draft["title"], draft["summary"], draft["rationale"]) == ("Title.", "Summary.", "Why.")
        assert len(draft["links"]) == len(draft["events"]) == 1

    def test_declaration_stands_once(self):
        body = {"release": "invented-lab/lamp", "clause": "N-1/1", "stance": "adheres"}
        statuses = self.all_at_once(self.script(self.ada, "/api/v1/declarations", body))
        assert set(statuses) <= {201, 409}
        assert Declaration.objects.filter(superseded_at=None).count() == 1
        assert Declaration.objects.count() == Event.objects.filter(verb="norm.declared").count() == 1

    def test_publication_makes_one_revision(self):
        self.draft(slug="soon")
        statuses = self.all_at_once(self.script(self.ada, "/api/v1/releases/invented-lab/soon/publication", {}))
        # Later ones are told what a second revision needs, or that nothing has changed.
        assert statuses[201] == 1 and set(statuses) <= {201, 400, 409}
        assert Revision.objects.filter(entry__slug="soon").count() == 1

    def test_lab_is_registered_once(self):
        statuses = self.all_at_once(self.script(self.eve, "/api/v1/labs", {"name": "Rushed", "slug": "rushed"}))
        assert statuses[201] == 1 and set(statuses) <= {201, 400, 409}
        assert Lab.objects.filter(slug="rushed").count() == 1
        assert Membership.objects.filter(lab__slug="rushed").count() == 1

    def test_entry_is_begun_once(self):
        body = {"lab": "invented-lab", "slug": "rushed", "title": "Rushed"}
        statuses = self.all_at_once(self.script(self.ada, "/api/v1/releases", body))
        assert statuses[201] == 1 and set(statuses) <= {201, 400, 409}

    def test_invitation_is_accepted_once(self):
        invitation = invite(self.lab, email=self.eve_mail, role="member", by=self.ada)
        cookies = self.as_(self.eve).cookies

        def send(client):
            client.cookies = cookies.copy()
            return client.post(f"/labs/invitations/{invitation.token}/").status_code

        statuses = self.all_at_once(send)
        assert statuses[302] == 1 and set(statuses) <= {302, 409}
        assert Membership.objects.filter(lab=self.lab, user=self.eve).count() == 1
        assert Event.objects.filter(verb="lab.joined").count() == 1

    def test_address_is_invited_once(self):
        cookies = self.as_(self.ada).cookies

        def send(client):
            client.cookies = cookies.copy()
            body = {"email": "new@example.org", "role": "member"}
            return client.post("/labs/invented-lab/members/", body).status_code

        statuses = self.all_at_once(send)
        assert statuses == {302: 1, 200: TIMES - 1}, "the others see the form and why"
        assert Invitation.objects.count() == OutboundMail.objects.count() == 1

    def test_name_of_a_lab_is_taken_once(self):
        labs = [register_lab(name=f"Works {n}", slug=f"works-{n}", by=self.eve) for n in "abcde"]
        cookies, turns = self.as_(self.eve).cookies, itertools.cycle(labs)

        def send(client):
            client.cookies = cookies.copy()
            return client.post(f"/labs/{next(turns).slug}/edit/", {"name": "The Only Works"}).status_code

        assert set(self.all_at_once(send)) <= {302, 200}
        assert Lab.objects.filter(name="The Only Works").count() == 1

    def test_workshop_is_opened_once(self):
        body = {"slug": "rushed", "title": "Rushed", "starts_on": "2030-01-01", "ends_on": "2030-01-02"}
        statuses = self.all_at_once(self.script(self.mo, "/api/v1/workshops", body))
        assert statuses[201] == 1 and set(statuses) <= {201, 400, 409}
        assert Workshop.objects.count() == 1

    def test_norm_is_published_with_one_number_each(self):
        body = {"title": "Many", "clauses": [{"heading": "One", "strength": "MUST", "text": "Do it."}]}
        statuses = self.all_at_once(self.script(self.mo, "/api/v1/norms", body, key="one-norm"))
        assert set(statuses) == {201}
        from registry.norms.models import Norm

        assert Norm.objects.filter(title="Many").count() == 1
