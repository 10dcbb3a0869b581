"""What is ended is over at once: tokens, sessions, memberships, accounts."""

from django.utils import timezone

from registry.accounts.actions import issue_token, revoke_token
from registry.accounts.models import ApiToken
from registry.labs.actions import leave
from tests.people import PlatformTestCase


class TestAToken(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.row, self.token = issue_token(self.ada, scope="write")
        self.script = self.client_class(headers={"authorization": f"Bearer {self.token}"})

    def answers(self):
        return self.script.get("/api/v1/labs").status_code

    def test_that_was_revoked_is_dead_at_once(self):
        assert self.answers() == 200
        revoke_token(self.row, by=self.ada)
        assert self.answers() == 401

    def test_that_ran_out_is_dead(self):
        ApiToken.objects.filter(pk=self.row.pk).update(expires_at=timezone.now())
        assert self.answers() == 401

    def test_of_somebody_suspended_or_closed_is_dead(self):
        for fields in ({"suspended_at": timezone.now()}, {"is_active": False}):
            type(self.ada).objects.filter(pk=self.ada.pk).update(suspended_at=None, is_active=True)
            assert self.answers() == 200
            type(self.ada).objects.filter(pk=self.ada.pk).update(**fields)
            assert self.answers() == 401

    def test_is_kept_as_a_digest_only_and_shown_once(self):
        assert not ApiToken.objects.filter(hash=self.token).exists()
        page = self.as_(self.ada).get("/me/tokens/").content.decode()
        assert self.token not in page and self.row.hash not in page

    def test_issues_no_further_token(self):
        """There is no address of the API that makes one, and no page takes a token for a person."""
        before = ApiToken.objects.count()
        self.script.post("/me/tokens/", {"name": "more", "scope": "write", "days": "365"})
        assert ApiToken.objects.count() == before


class TestASession(PlatformTestCase):
    def login(self):
        client = self.client_class()
        response = client.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        return client, response

    def is_in(self, client):
        return client.get("/me/").status_code == 200

    def test_has_another_key_after_signing_in(self):
        client = self.client_class()
        client.get("/accounts/login/")
        client.cookies["session"] = "a" * 32
        client.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        assert client.cookies["session"].value != "a" * 32

    def test_is_over_after_signing_out_even_for_who_copied_the_cookie(self):
        client, _ = self.login()
        copied = client.cookies["session"].value
        client.post("/accounts/logout/")
        thief = self.client_class()
        thief.cookies["session"] = copied
        assert not self.is_in(thief)

    def test_elsewhere_is_over_when_the_password_changes(self):
        here, _ = self.login()
        elsewhere, _ = self.login()
        assert self.is_in(elsewhere)
        body = {
            "oldpassword": "long-ada-password",
            "password1": "another-long-word",
            "password2": "another-long-word",
        }
        here.post("/accounts/reauthenticate/", {"password": "long-ada-password"})
        assert here.post("/accounts/password/change/", body).status_code == 302
        assert not self.is_in(elsewhere)
        _, response = self.login()
        assert response.status_code == 200

    def test_of_somebody_suspended_is_over_with_the_next_request(self):
        client, _ = self.login()
        assert self.is_in(client)
        type(self.ada).objects.filter(pk=self.ada.pk).update(suspended_at=timezone.now())
        assert not self.is_in(client)
        posted = client.post("/labs/new/", {"name": "After", "slug": "after"})
        assert posted.status_code == 302 and "/accounts/login/" in posted["Location"]
        assert client.get("/api/v1/releases?state=draft").json()["results"] == []

    def test_cannot_be_begun_by_somebody_suspended(self):
        type(self.ada).objects.filter(pk=self.ada.pk).update(suspended_at=timezone.now())
        client, _ = self.login()
        assert not self.is_in(client)

    def test_can_be_ended_from_the_list_of_ones_sessions(self):
        here, _ = self.login()
        elsewhere, _ = self.login()
        here.get("/accounts/sessions/")
        rows = [row.pk for row in self.ada.usersession_set.all()]
        assert len(rows) == 2
        here.post("/accounts/sessions/", {"all_others": "1"})
        here.post("/accounts/sessions/")
        assert self.is_in(here) and not self.is_in(elsewhere)


class TestAMembership(PlatformTestCase):
    def test_that_ended_leaves_no_right_at_all(self):
        draft = self.draft(by=self.ada)
        membership = self.lab.memberships.get(user=self.bo)
        membership.role = "editor"
        membership.save()
        page, script = self.as_(self.bo), self.api(self.bo)
        address = draft.get_absolute_url()
        assert page.get(address).status_code == 200
        assert script.patch("/api/v1/releases/invented-lab/draft", {"summary": "By Bo."}).status_code == 200
        leave(membership, by=self.ada)
        assert page.get(address).status_code == 404
        assert page.post(f"{address}edit/", {"title": "x"}).status_code == 404
        assert script.get("/api/v1/releases/invented-lab/draft").status_code == 404
        assert script.patch("/api/v1/releases/invented-lab/draft", {"summary": "x"}).status_code == 404
        assert page.get("/labs/invented-lab/members/").status_code == 404

    def test_made_smaller_is_smaller_at_once(self):
        draft = self.draft()
        membership = self.lab.memberships.get(user=self.bo)
        membership.role = "editor"
        membership.save()
        page = self.as_(self.bo)
        assert page.get(f"{draft.get_absolute_url()}edit/").status_code == 200
        type(membership).objects.filter(pk=membership.pk).update(role="member")
        assert page.get(f"{draft.get_absolute_url()}edit/").status_code == 403


class TestASecondFactor(PlatformTestCase):
    def setUp(self):
        super().setUp()
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        self.secret = generate_totp_secret()
        TOTP.activate(self.ada, self.secret)

    def code(self):
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

        return format_hotp_value(hotp_value(self.secret, next(yield_hotp_counters_from_time())))

    def at_the_second_step(self):
        client = self.client_class()
        response = client.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        assert response["Location"].startswith("/accounts/2fa/authenticate/")
        return client

    def test_is_asked_for_and_nothing_opens_before(self):
        client = self.at_the_second_step()
        assert client.get("/me/").status_code == 302
        assert client.post("/accounts/2fa/authenticate/", {"code": self.code()}).status_code == 302
        assert client.get("/me/").status_code == 200

    def test_code_counts_once_however_it_is_written(self):
        code = self.code()
        first = self.at_the_second_step()
        assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        for again in (code, f" {code} ", f"{code[:3]} {code[3:]}", "".join(chr(ord(c) + 0x660 - 0x30) for c in code)):
            client = self.at_the_second_step()
            client.post("/accounts/2fa/authenticate/", {"code": again})
            assert client.get("/me/").status_code == 302, again
