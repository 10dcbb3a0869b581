"""Doing something once: keys of scripts and of forms."""

import threading

from django.db import connection
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from registry.accounts.actions import issue_token
from registry.core.idempotency import OnceKey
from registry.labs.models import Lab
from tests.people import PlatformTestCase, make_person

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
