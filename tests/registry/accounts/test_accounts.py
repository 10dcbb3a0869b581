"""Joining, signing in, tokens, affiliations."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.accounts.actions import (
    change_profile,
    disclosure_of,
    issue_token,
    join,
    revoke_token,
    state_affiliation,
)
from registry.accounts.models import ApiToken, User
from registry.accounts.validators import validate_orcid
from registry.core.mail import OutboundMail
from registry.history.models import Event
from tests.people import PlatformTestCase

SIGN_UP = {
    "display_name": "Zoe Example",
    "username": "zoe-example",
    "email": "zoe@example.org",
    "password1": "a-long-enough-secret",
    "password2": "a-long-enough-secret",
}


class SignUpTests(PlatformTestCase):
    def test_makes_a_person_with_a_page_and_a_letter_waiting_to_be_sent(self):
        answer = self.as_().post("/accounts/signup/", SIGN_UP)

        self.assertEqual(answer.status_code, 302, answer.content[:500])
        zoe = User.objects.get(handle="zoe-example")
        self.assertEqual((zoe.display_name, zoe.email), ("Zoe Example", "zoe@example.org"))
        self.assertEqual(self.as_().get("/people/zoe-example/").status_code, 200)
        self.assertEqual([m.recipients for m in OutboundMail.objects.all()], [["zoe@example.org"]])
        self.assertTrue(Event.objects.filter(verb="person.joined", actor=zoe).exists())

    def test_refuses_a_handle_that_looks_like_another(self):
        # Cyrillic а for Latin a.
        for handle in ("ada", "ADA", "\u0430da", "admin", "ab", "-abc", "abc-", "a--b", "a b"):
            with self.subTest(handle=handle), self.assertRaises(ValidationError):
                join(handle, "x@example.org")

    def test_keeps_what_was_typed_when_something_is_wrong(self):
        answer = self.as_().post("/accounts/signup/", SIGN_UP | {"username": "ada"})

        self.assertEqual(answer.status_code, 200)
        self.assertContains(answer, "This handle is taken or looks like one that is.")
        self.assertContains(answer, 'value="zoe@example.org"')

    def test_does_not_tell_whether_an_address_is_known(self):
        known = self.as_().post("/accounts/signup/", SIGN_UP | {"email": "ada@example.org", "username": "zoe-one"})
        unknown = self.as_().post("/accounts/signup/", SIGN_UP | {"username": "zoe-two"})

        self.assertEqual((known.status_code, unknown.status_code), (302, 302))


    def test_leads_back_to_where_one_came_from_through_the_letter(self):
        client, place = self.as_(), "/t/5/reply/?parent=3"
        self.assertContains(client.get("/accounts/login/", {"next": place}), "/accounts/signup/?next=")
        client.post("/accounts/signup/", SIGN_UP | {"next": place})

        (link,) = re.findall(r"http://\S+/accounts/confirm-email/\S+", OutboundMail.objects.get().body)
        page = client.get(link)
        (kept,) = re.findall(r'name="next" value="([^"]+)"', page.content.decode())
        path = link.partition("?")[0]
        answer = client.post(path, {"next": unescape(kept)})
        self.assertEqual(answer["Location"], "/accounts/login/?" + urlencode({"next": place}))
        secret = {"login": "zoe-example", "password": SIGN_UP["password1"], "next": place}
        self.assertEqual(client.post("/accounts/login/", secret)["Location"], place)

    def test_leads_nowhere_else(self):
        places = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil")
        for number, place in enumerate(places):
            cache.clear()
            OutboundMail.objects.all().delete()
            handle = f"person{'abcde'[number]}"
            known = SIGN_UP | {"username": handle, "email": f"{handle}@example.org", "next": place}
            answer = self.as_().post("/accounts/signup/", known)
            self.assertEqual(answer.status_code, 302, answer.content)
            self.assertNotIn("evil", OutboundMail.objects.get().body)


class SignInTests(PlatformTestCase):
    def test_works_by_handle_and_by_address(self):
        for login in ("ada", "ada@example.org"):
            client = self.as_()
            client.post("/accounts/login/", {"login": login, "password": "long-ada-password"})

            self.assertEqual(client.get("/me/").status_code, 200, login)

    def test_is_over_at_once_for_a_suspended_person_on_pages_and_api(self):
        client, api = self.as_(self.eve), self.api(self.eve)
        self.assertEqual((client.get("/me/").status_code, api.get("/api/v1/labs").status_code), (200, 200))

        User.objects.filter(pk=self.eve.pk).update(suspended_at=timezone.now())

        self.assertEqual((client.get("/me/").status_code, api.get("/api/v1/labs").status_code), (302, 401))


class SettingsPagesTests(PlatformTestCase):
    def test_all_open_for_the_person(self):
        client = self.as_(self.ada)
        for path in (
            "/me/",
            "/me/affiliations/",
            "/me/tokens/",
            "/accounts/email/",
            "/accounts/2fa/",
            "/accounts/sessions/",
        ):
            with self.subTest(path=path):
                self.assertEqual(client.get(path).status_code, 200)

    def test_send_strangers_to_sign_in(self):
        for path in ("/me/", "/me/affiliations/", "/me/tokens/"):
            answer = self.as_().get(path)
            self.assertEqual((answer.status_code, answer["Location"].split("?")[0]), (302, "/accounts/login/"))

    def test_profile_is_saved_and_wrong_orcid_refused(self):
        client = self.as_(self.ada)
        profile = {"display_name": "Ada E.", "about": "", "orcid": "0000-0002-1825-0097", "time_zone": "Europe/Vienna"}

        self.assertEqual(client.post("/me/", profile).status_code, 302)
        wrong = client.post("/me/", profile | {"orcid": "0000-0002-1825-0098"})

        self.ada.refresh_from_db()
        self.assertEqual((self.ada.display_name, self.ada.orcid), ("Ada E.", "0000-0002-1825-0097"))
        self.assertContains(wrong, "wrong check digit")


class TimeZoneTests(PlatformTestCase):
    def test_are_those_of_places_by_region(self):
        page = self.as_(self.ada).get("/me/")

        self.assertContains(page, '<optgroup label="Europe">')
        self.assertContains(page, '<option value="America/Argentina/Buenos_Aires">Argentina, Buenos Aires</option>')
        for name in ("Factory", "localtime", "posix/", "right/", "Etc/", "EST5EDT", "US/"):
            self.assertNotContains(page, f'value="{name}')

    def test_of_no_place_are_refused(self):
        answer = self.as_(self.ada).post("/me/", {"display_name": "Ada", "time_zone": "Factory"})
        self.assertEqual(answer.status_code, 200)
        with self.assertRaises(ValidationError):
            change_profile(self.ada, display_name="Ada", time_zone="posix/Europe/Vienna")
        workshop = {"slug": "w", "title": "W", "starts_on": "2026-05-01", "ends_on": "2026-05-01"}
        for zone, status in (("localtime", 400), ("posixrules", 400), ("Europe/Vienna", 201)):
            answer = self.api(self.mo).post("/api/v1/workshops", workshop | {"time_zone": zone}, format="json")
            self.assertEqual(answer.status_code, status, answer.content)


class MembershipsOnPersonPageTests(PlatformTestCase):
    def test_says_which_labs_somebody_belongs_to_and_speaks_for(self):
        ada, bo, eve = (self.as_().get(f"/people/{handle}/") for handle in ("ada", "bob", "eve"))

        self.assertContains(ada, '<a href="/labs/invented-lab/">Invented Lab</a>, owner (speaks for the lab here)')
        self.assertContains(bo, '<a href="/labs/invented-lab/">Invented Lab</a>, member, since')
        self.assertNotContains(eve, "<h2>Labs</h2>")


class TokenTests(PlatformTestCase):
    def test_is_shown_once_and_kept_only_as_a_hash(self):
        client = self.as_(self.ada)
        asked = {"name": "script", "scope": "write", "days": "30", "once": "click"}
        self.assertRedirects(client.post("/me/tokens/", asked), "/me/tokens/", fetch_redirect_response=False)
        client.post("/me/tokens/", asked)

        answer = client.get("/me/tokens/")
        token = answer.context["new"]
        self.assertEqual(ApiToken.objects.count(), 1)
        self.assertContains(answer, token)
        self.assertNotContains(client.get("/me/tokens/"), token)
        self.assertFalse(ApiToken.objects.filter(hash__contains=token).exists())
        self.assertNotIn(token, str(list(Event.objects.values_list("data", flat=True))))

    def test_reads_with_scope_read_but_writes_only_with_scope_write(self):
        lab = {"name": "Second Lab", "slug": "second-lab"}

        self.assertEqual(self.api(self.ada, "read").post("/api/v1/labs", lab, format="json").status_code, 403)
        self.assertEqual(self.api().post("/api/v1/labs", lab, format="json").status_code, 401)
        self.assertEqual(self.api(self.ada).post("/api/v1/labs", lab, format="json").status_code, 201)

    def test_ends_when_revoked_expired_or_deactivated(self):
        row, token = issue_token(self.ada, scope="read")
        client = self.api()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        self.assertEqual(client.get("/api/v1/labs").status_code, 200)

        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        self.assertEqual(client.get("/api/v1/labs").status_code, 401)

        ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
        revoke_token(row, by=self.ada)
        self.assertEqual(client.get("/api/v1/labs").status_code, 401)

    def test_outside_the_years_of_calendars_is_refused_beside_its_field(self):
        for field, day, name in (("since", "0001-01-01", "The first day"), ("until", "9999-12-31", "The last day")):
            body = {"organisation": "Old Lab", "kind": "member", field: day}

            page = self.as_(self.eve).post("/me/affiliations/", body)

            self.assertFormError(page.context["form"], field, f"{name} lies outside the years 1900 to 2200.")
        self.assertEqual(self.eve.affiliations.count(), 0)

    def test_of_somebody_else_cannot_be_revoked(self):
        row, _ = issue_token(self.ada)

        self.assertEqual(self.as_(self.eve).post(f"/me/tokens/{row.pk}/revoke/").status_code, 404)
        row.refresh_from_db()
        self.assertIsNone(row.revoked_at)


class AffiliationTests(PlatformTestCase):
    def test_is_part_of_what_is_frozen_onto_later_writing(self):
        state_affiliation(self.eve, organisation="Old Lab", role="intern", since=None, until=None)

        disclosed = disclosure_of(self.eve)

        self.assertEqual([a["organisation"] for a in disclosed["affiliations"]], ["Old Lab"])
        self.assertEqual(disclosed["handle"], "eve")

    def test_may_name_a_sector_which_is_shown_and_frozen(self):
        client = self.as_(self.eve)
        client.post("/me/affiliations/", {"organisation": "Old School", "kind": "member", "sector": "academia"})
        refused = client.post("/me/affiliations/", {"organisation": "Other", "kind": "member", "sector": "love"})

        self.assertEqual(refused.status_code, 200)
        self.assertEqual([a["sector"] for a in disclosure_of(self.eve)["affiliations"]], ["academia"])
        said = self.api().get("/api/v1/people/eve").json()["affiliations"]
        self.assertEqual([(a["organisation"], a["sector"]) for a in said], [("Old School", "academia")])
        self.assertContains(client.get("/people/eve/"), "· academia")

    def test_of_somebody_else_cannot_be_taken_back(self):
        stated = state_affiliation(self.eve, organisation="Old Lab")

        self.assertEqual(self.as_(self.ada).post(f"/me/affiliations/{stated.pk}/drop/").status_code, 404)


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0002-1694-233X"])
def test_orcid_ids_with_right_check_digits_are_accepted(orcid):
    validate_orcid(orcid)


class PersonPageTests(PlatformTestCase):
    def test_never_shows_the_address(self):
        for path in ("/people/ada/", "/api/v1/people/ada", "/api/v1/people", "/people/ada/feed/", "/activity/"):
            with self.subTest(path=path):
                self.assertNotContains(self.as_(self.eve).get(path), "ada@example.org")
