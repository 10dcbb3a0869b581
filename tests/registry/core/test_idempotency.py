"""Doing something once: keys of scripts and of forms."""

import threading

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from discussions.threads.actions import start_thread
from discussions.threads.models import Comment
from registry.accounts.actions import issue_token
from registry.analyses.models import Run
from registry.core.files import StoredFile
from registry.core.idempotency import OnceKey
from registry.labs.models import Lab
from registry.releases.actions import save_draft
from tests.people import CONTENT, PlatformTestCase, make_person
from tests.registry.releases.browsing import fields_of

BODY = {"name": "Third Lab", "slug": "third-lab", "homepage": ""}


class ApiKeyTests(PlatformTestCase):
    def post(self, api, body=BODY, key="k1"):
        return api.post("/api/v1/labs", body, HTTP_IDEMPOTENCY_KEY=key)

    def test_the_same_key_gives_the_same_answer(self):
        api = self.api(self.eve)

        first, second = self.post(api), self.post(api)

        self.assertEqual((first.status_code, second.status_code), (201, 201))
        self.assertEqual((first.json(), first.get("Location")), (second.json(), second.get("Location")))
        self.assertEqual(second["Idempotency-Replayed"], "true")
        self.assertEqual(Lab.objects.filter(slug="third-lab").count(), 1)

    def test_another_body_under_the_same_key_is_refused(self):
        api = self.api(self.eve)
        self.post(api)

        self.assertEqual(self.post(api, BODY | {"slug": "other"}).status_code, 409)

    def test_keys_of_different_people_do_not_meet(self):
        self.post(self.api(self.eve))

        answer = self.post(self.api(self.mo), BODY | {"name": "Fourth Lab", "slug": "fourth-lab"})

        self.assertEqual(answer.status_code, 201)

    def test_an_error_is_not_kept(self):
        api = self.api(self.eve)
        self.assertEqual(self.post(api, BODY | {"slug": "Not A Slug"}).status_code, 400)
        self.assertFalse(OnceKey.objects.exists())

        self.assertEqual(self.post(api).status_code, 201)

    def test_odd_keys_are_refused(self):
        for key in ("", " ", "x" * 151, "é"):
            self.assertEqual(self.post(self.api(self.eve), key=key).status_code, 400, key)

    def test_nobody_leaves_no_key(self):
        self.assertEqual(self.post(self.api()).status_code, 401)
        self.assertFalse(OnceKey.objects.exists())


class UploadKeyTests(PlatformTestCase):
    def upload(self, api, text, name="card.md", kind="model_card"):
        body = {"kind": kind, "file": SimpleUploadedFile(name, text)}
        return api.post("/api/v1/files", body, format="multipart", HTTP_IDEMPOTENCY_KEY="k1")

    def test_other_bytes_under_the_same_key_are_refused(self):
        api = self.api(self.ada)

        first, again = self.upload(api, b"# One\n"), self.upload(api, b"# One\n")

        self.assertEqual((first.status_code, again.status_code), (201, 201))
        self.assertEqual((first.json(), again["Idempotency-Replayed"]), (again.json(), "true"))
        for other in ({"text": b"# Two\n"}, {"name": "b.md"}, {"kind": "samples"}):
            self.assertEqual(self.upload(api, **{"text": b"# One\n"} | other).status_code, 409, other)
        self.assertEqual(StoredFile.objects.get().read(), b"# One\n")


class FormKeyTests(PlatformTestCase):
    """The hidden field `once` of a form: a double click is one act, other words are never swallowed."""

    def test_other_words_under_the_same_key_are_shown_again_and_can_be_sent(self):
        browser = self.as_(self.eve)
        first = {"name": "Third Lab", "slug": "third-lab", "once": "a" * 32}
        self.assertRedirects(browser.post("/labs/new/", first), "/labs/third-lab/")
        self.assertRedirects(browser.post("/labs/new/", first | {"csrfmiddlewaretoken": "x"}), "/labs/third-lab/")

        page = browser.post("/labs/new/", first | {"name": "Fourth Lab", "slug": "fourth-lab"})

        self.assertContains(page, "This form was sent a moment ago with other words")
        form = fields_of(page.content.decode())
        self.assertEqual((form["name"], form["once"] == "a" * 32), ("Fourth Lab", False))
        self.assertRedirects(browser.post("/labs/new/", form), "/labs/fourth-lab/")

    def test_another_comment_is_never_taken_for_the_one_before(self):
        thread = start_thread(self.entry.subject, "Once", "First.", self.ada)
        browser, address = self.as_(self.ada), f"/t/{thread.pk}/reply/"
        browser.post(address, {"body": "One thought.", "once": "b" * 32})

        page = browser.post(address, {"body": "Another thought.", "once": "b" * 32})

        self.assertContains(page, "Another thought.", status_code=400)
        browser.post(address, fields_of(page.content.decode()))
        self.assertEqual(
            list(Comment.objects.order_by("pk").values_list("body", flat=True)),
            ["First.", "One thought.", "Another thought."],
        )

    def test_another_file_is_never_taken_for_the_one_before(self):
        self.draft()
        address = "/releases/invented-lab/draft/analyses/model_card/"
        for text, status in ((b"# One", 302), (b"# One", 302), (b"# Two", 200)):
            sent = {"card": SimpleUploadedFile("card.md", text), "once": "c" * 32}
            self.assertEqual(self.as_(self.ada).post(address, sent).status_code, status)
        self.assertEqual(Run.objects.count(), 1)

    def test_beginning_and_publishing_an_entry_say_so_too(self):
        browser = self.as_(self.ada)
        new = {"lab": "invented-lab", "title": "Torch", "kind": "model", "once": "d" * 32}
        browser.post("/releases/new/", new)
        self.assertContains(browser.post("/releases/new/", new | {"title": "Candle"}), "with other words")

        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)
        address = "/releases/invented-lab/lamp/publish/"
        last = {"justification": "A name.", "version": "2", "once": "e" * 32}
        self.assertRedirects(browser.post(address, last), "/releases/invented-lab/lamp/")
        self.assertContains(browser.post(address, last | {"justification": "Another."}), "with other words")


class AtOnceTests(TransactionTestCase):
    def test_twenty_posts_with_one_key_make_one(self):
        _, token = issue_token(make_person("eve"), scope="write")
        gate, answers = threading.Barrier(20), []

        def post():
            try:
                gate.wait(20)
                api = APIClient()
                api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
                answers.append(api.post("/api/v1/labs", BODY, HTTP_IDEMPOTENCY_KEY="k1"))
            finally:
                connection.close()

        threads = [threading.Thread(target=post) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        self.assertLessEqual({a.status_code for a in answers}, {201, 409, 503})
        self.assertEqual(len({a.json()["slug"] for a in answers if a.status_code == 201}), 1)
        self.assertEqual(Lab.objects.count(), 1)
