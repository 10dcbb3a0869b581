"""Limits hold across processes and cannot be talked round."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory, TransactionTestCase, override_settings
from django.utils import timezone

from registry.accounts.actions import issue_token
from registry.core.limits import RateBucket, client_block
from registry.labs.actions import register_lab
from registry.labs.models import Invitation
from tests.people import Browser, PlatformTestCase
from tests.shared import ROOT

TAKER = """
import sys, threading
import django; django.setup()
from django.db import connection
from registry.core.errors import TooMany
from registry.accounts.actions import issue_token
from registry.core.limits import take
passed = []
def work(times):
    for _ in range(times):
        try:
            take("test", "together", size=20, per_seconds=86400)
            passed.append(1)
        except TooMany:
            pass
    connection.close()
threads = [threading.Thread(target=work, args=(20,)) for _ in range(5)]
sys.stdin.readline()
for t in threads: t.start()
for t in threads: t.join()
print(len(passed))
"""


class TestABucket(TransactionTestCase):
    def test_of_twenty_lets_exactly_twenty_of_two_hundred_through_from_two_processes(self):
        name = connection.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"].partition("?")
        env = os.environ | {"DATABASE_URL": url[0].rpartition("/")[0] + f"/{name}" + url[1] + url[2]}
        both = [
            subprocess.Popen(
                [sys.executable, "-c", TAKER],
                cwd=ROOT,
                env=env,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        for process in both:
            process.stdin.write("go\n")
            process.stdin.flush()
        passed = [int(process.communicate(timeout=60)[0]) for process in both]
        print(f"rate limit: 200 parallel takes in two processes, {sum(passed)} passed of 20 allowed")
        assert sum(passed) == 20
        assert RateBucket.objects.get(key="test:together").tokens < 1


class TestTheAddressOfAClient(PlatformTestCase):
    def block(self, **meta):
        return client_block(RequestFactory().get("/", **meta))

    def test_is_that_of_the_connection_whatever_the_headers_say(self):
        for forged in ("1.2.3.4", "1.2.3.4, 5.6.7.8", "unknown", "::1", "x" * 5000):
            assert self.block(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forged) == "192.0.2.1"

    @override_settings(TRUSTED_PROXIES=1)
    def test_behind_one_proxy_is_what_that_proxy_saw_last(self):
        assert self.block(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.1") == "192.0.2.1"

    def test_is_one_for_a_whole_ipv6_network(self):
        assert self.block(REMOTE_ADDR="2001:db8::1") == self.block(REMOTE_ADDR="2001:db8::ffff:1")
        assert self.block(REMOTE_ADDR="2001:db8::1") != self.block(REMOTE_ADDR="2001:db8:0:1::1")

    @override_settings(RATE_LIMIT_SCALE=0.1)
    def test_forged_headers_do_not_lengthen_a_limit_of_the_api(self):
        _, token = issue_token(self.eve, scope="write")
        statuses = []
        for number in range(30):
            forged = {
                "x-forwarded-for": f"10.1.1.{number}",
                "forwarded": f"for=10.2.2.{number}",
                "x-real-ip": "10.3.3.3",
            }
            headers = {"authorization": f"Bearer {token}", **forged}
            statuses.append(Browser().post("/api/v1/comments", {}, "application/json", headers=headers).status_code)
        # A bucket of 12 that a token in five seconds runs into while this goes on.
        assert 12 <= statuses.count(400) < 30 and 429 in statuses[-10:]


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend")
class TestARefusedAct(TransactionTestCase):
    """What it took is taken though all else that it did is undone: trying in vain is no way round a limit."""

    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)

    def left(self, act):
        return round(RateBucket.objects.get(key=f"{act}:u{self.eve.pk}").tokens)

    def test_counts_over_the_api_with_and_without_a_key_for_once(self):
        _, token = issue_token(self.eve, scope="write")
        body = {"subject": self.entry.subject.ref, "title": "T", "body": "B.", "official_for": "invented-lab"}
        for headers, left in (({}, 29), ({"idempotency-key": "k"}, 28), ({"idempotency-key": "k"}, 27)):
            headers |= {"authorization": f"Bearer {token}"}
            answer = Browser().post("/api/v1/threads", body, "application/json", headers=headers)
            assert (answer.status_code, self.left("thread")) == (403, left)

    def test_counts_once_where_it_is_done(self):
        browser = PlatformTestCase.as_(self, self.eve)
        form = {"name": "Second Lab", "slug": "second", "once": "x" * 32}

        assert browser.post("/labs/new/", form | {"slug": "invented-lab"}).status_code == 200
        assert self.left("lab") == 4
        assert browser.post("/labs/new/", form).status_code == 302
        assert self.left("lab") == 3


class TestEveryDoor(PlatformTestCase):
    def test_takes_writes_of_one_person_from_one_bucket(self):
        browser, script = self.as_(self.eve), self.api(self.eve)
        bucket = RateBucket.objects.filter(key=f"write:u{self.eve.pk}")
        for send, status in (
            (lambda: browser.post("/me/", {"display_name": " "}), 200),
            (lambda: script.post("/api/v1/comments", {}), 400),
        ):
            bucket.update_or_create(key=f"write:u{self.eve.pk}", defaults={"tokens": 9, "filled_at": timezone.now()})
            assert send().status_code == status
            assert bucket.get().tokens < 100, "it was taken from here"
            # As if it had been emptied: a bucket fills with time, and here time lies ahead.
            bucket.update(filled_at=timezone.now() + timedelta(hours=1))
            refused = send()
            assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
            assert b"That was a little fast." in refused.content
            bucket.update(filled_at=timezone.now())
        assert browser.get("/me/").status_code == 200, "reading goes on"
        nobody = RateBucket.objects.filter(key="write:127.0.0.1")
        self.as_().post("/accounts/login/", {"login": "x", "password": "y"})
        assert nobody.get().tokens < 120

    def test_is_closed_to_whoever_registers_labs_invites_or_proves_domains_all_day(self):
        owner = self.as_(self.ada)
        for address, most, body in (
            ("/labs/new/", 5, lambda n: {"name": f"Works {n}", "slug": f"works-{n}"}),
            ("/labs/invented-lab/members/", 20, lambda n: {"email": f"n{n}@example.org", "role": "member"}),
            ("/labs/invented-lab/domain/", 20, lambda n: {"domain": f"n{n}.example.org", "method": "dns"}),
        ):
            RateBucket.objects.all().delete()
            pages = [owner.post(address, body(number)) for number in range(most + 1)]
            assert [page.status_code for page in pages] == [302] * most + [200], address
            assert b"hours and try again" in pages[-1].content or b"minutes and try again" in pages[-1].content
        assert Invitation.objects.count() == 20

    def test_lets_moderators_name_labs_of_others(self):
        for number in range(8):
            register_lab(name=f"Far {number}", slug=f"far-{number}", by=self.mo, belongs=False)


class TestGuessing(PlatformTestCase):
    def test_passwords_of_one_account_stops_soon_from_whatever_address(self):
        client, statuses = Browser(), []
        for number in range(12):
            response = client.post(
                "/accounts/login/", {"login": "ada", "password": f"wrong-{number}"},
                headers={"x-forwarded-for": f"10.9.9.{number}"}, REMOTE_ADDR=f"198.51.100.{number}",
            )  # fmt: skip
            statuses.append(b"too many" in response.content.lower() or response.status_code == 429)
        assert not any(statuses[:5]) and all(statuses[6:]), statuses
        right = client.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        assert right.status_code != 302

    def test_an_unknown_token_is_no_quicker_a_way_in(self):
        assert Browser().get("/api/v1/labs", headers={"authorization": "Bearer dl_guess"}).status_code == 401

    @pytest.mark.slow
    def test_posting_is_limited_for_each_person(self):
        script = self.api(self.ada)
        body = {"subject": self.entry.subject.ref, "title": "Again", "body": "And again."}
        statuses = [script.post("/api/v1/threads", body).status_code for _ in range(32)]
        assert statuses[:30] == [201] * 30 and statuses[31] == 429
