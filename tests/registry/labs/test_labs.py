"""Labs: registering, members, invitations, domains."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.core.errors import Conflict, Refused
from registry.core.fetch import Fetched, FetchRefused
from registry.core.mail import OutboundMail
from registry.history.models import Event
from registry.labs.actions import (
    accept,
    ask_for_domain_check,
    change_role,
    invite,
    leave,
    queue_domain_check,
    register_lab,
    settle_domain_check,
)
from registry.labs.models import Invitation, Lab, Membership
from registry.labs.verification import look_for_code
from tests.people import PlatformTestCase


class RegisterLabTests(PlatformTestCase):
    def test_makes_its_author_the_owner_and_leaves_one_event(self):
        lab = register_lab(name="Second Lab", slug="second-lab", by=self.eve)

        self.assertEqual([(m.user, m.role) for m in lab.memberships.all()], [(self.eve, "owner")])
        self.assertEqual(Event.objects.filter(verb="lab.registered", subject=lab.subject).count(), 1)

    def test_refuses_a_taken_or_look_alike_name_and_slug(self):
        for name, slug in [
            ("Other", "invented-lab"),
            ("Invented Lab", "other"),
            ("lnvented Lab", "other-two"),
            ("Ok", "new"),
            ("Ok", "A B"),
        ]:
            with self.subTest(name=name, slug=slug), self.assertRaises(ValidationError):
                register_lab(name=name, slug=slug, by=self.eve)

    def test_through_the_form_twice_by_double_click_makes_one(self):
        client = self.as_(self.eve)
        form = {"name": "Third Lab", "slug": "third-lab", "homepage": "", "about": "", "once": "abc"}

        first, second = client.post("/labs/new/", form), client.post("/labs/new/", form)

        self.assertEqual(first["Location"], "/labs/third-lab/")
        self.assertEqual(Lab.objects.filter(slug="third-lab").count(), 1)
        self.assertEqual(second.status_code, 302)

    def test_through_the_api_twice_with_one_key_makes_one(self):
        api = self.api(self.eve)
        body = {"name": "Third Lab", "slug": "third-lab", "homepage": "https://example.org"}

        answers = [api.post("/api/v1/labs", body, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)]
        other = api.post("/api/v1/labs", body | {"slug": "fourth"}, format="json", HTTP_IDEMPOTENCY_KEY="k1")

        self.assertEqual([a.status_code for a in answers], [201, 201])
        self.assertEqual(answers[0].json(), answers[1].json())
        self.assertEqual(other.status_code, 409)
        self.assertEqual(Lab.objects.filter(slug="third-lab").count(), 1)

    def test_by_a_moderator_who_does_not_belong_makes_one_without_members(self):
        form = {"name": "Far Lab", "slug": "far-lab", "outside": "on"}

        self.assertContains(self.as_(self.mo).get("/labs/new/"), "I do not belong to it")
        self.assertRedirects(self.as_(self.mo).post("/labs/new/", form), "/labs/far-lab/")
        body = {"name": "Further Lab", "slug": "further-lab", "belongs": False}
        self.assertEqual(self.api(self.mo).post("/api/v1/labs", body, format="json").status_code, 201)

        for slug in ("far-lab", "further-lab"):
            lab = Lab.objects.get(slug=slug)
            self.assertEqual(lab.memberships.count(), 0)
            self.assertEqual(Event.objects.get(verb="lab.registered", subject=lab.subject).actor, self.mo)
            self.assertContains(self.as_(self.mo).get("/releases/new/"), f"{lab.name} (you curate)")
        self.assertContains(self.as_().get("/labs/feed/"), "Far Lab")

    def test_by_somebody_else_makes_them_its_owner_whatever_they_send(self):
        form = {"name": "Far Lab", "slug": "far-lab", "outside": "on"}

        self.assertNotContains(self.as_(self.eve).get("/labs/new/"), "I do not belong to it")
        self.as_(self.eve).post("/labs/new/", form)
        body = {"name": "Further Lab", "slug": "further-lab", "belongs": False}

        self.assertEqual(Lab.objects.get(slug="far-lab").memberships.get().user, self.eve)
        self.assertEqual(self.api(self.eve).post("/api/v1/labs", body, format="json").status_code, 403)

    def test_over_the_api_names_unknown_fields_and_problems(self):
        answer = self.api(self.eve).post("/api/v1/labs", {"name": "X", "colour": "red"}, format="json")

        self.assertEqual((answer.status_code, answer["Content-Type"]), (400, "application/problem+json"))
        self.assertEqual([e["pointer"] for e in answer.json()["errors"]], ["/colour"])


class MembersTests(PlatformTestCase):
    def test_are_seen_in_full_by_members_only(self):
        codes = [self.as_(u).get("/labs/invented-lab/members/").status_code for u in (self.ada, self.bo, self.eve)]

        self.assertEqual(codes, [200, 200, 404])

    def test_cannot_be_changed_by_those_who_own_nothing(self):
        membership = self.lab.memberships.get(user=self.ada)
        for user in (self.bo, self.eve):
            with self.assertRaises(Refused):
                change_role(membership, role="member", by=user)
            self.assertEqual(
                self.as_(user)
                .post("/labs/invented-lab/members/", {"email": "x@example.org", "role": "owner"})
                .status_code,
                403 if user == self.bo else 404,
            )
        self.assertFalse(Invitation.objects.exists())

    def test_keep_at_least_one_owner(self):
        membership = self.lab.memberships.get(user=self.ada)
        for act in (
            lambda: leave(membership, by=self.ada),
            lambda: change_role(membership, role="editor", by=self.ada),
        ):
            with self.assertRaises(Conflict):
                act()

    def test_lose_every_right_when_they_leave(self):
        entry = self.draft()
        self.assertEqual(self.as_(self.bo).get(entry.get_absolute_url()).status_code, 200)

        leave(self.lab.memberships.get(user=self.bo), by=self.bo)

        for path in (entry.get_absolute_url(), "/labs/invented-lab/members/"):
            self.assertEqual(self.as_(self.bo).get(path).status_code, 404)
        self.assertEqual(self.api(self.bo).get(f"/api/v1/releases/{entry.key}").status_code, 404)


class InvitationTests(PlatformTestCase):
    def test_is_sent_as_a_row_and_accepted_by_its_address_only(self):
        invitation = invite(self.lab, email="eve@example.org", role="editor", by=self.ada)
        mail = OutboundMail.objects.get()

        with self.assertRaises(Refused):
            accept(invitation, by=self.mo)
        accept(invitation, by=self.eve)

        self.assertIn(f"/labs/invitations/{invitation.token}/", mail.body)
        self.assertEqual(self.lab.memberships.get(user=self.eve).role, "editor")
        with self.assertRaises(Conflict):
            accept(invitation, by=self.eve)

    def test_says_where_to_confirm_the_address_it_went_to(self):
        invitation = invite(self.lab, email="other@example.org", role="member", by=self.ada)
        path = f"/labs/invitations/{invitation.token}/"
        self.assertContains(self.as_(self.eve).get(path), '<a href="/accounts/email/">Add that address')
        self.assertContains(self.as_(self.eve).post(path), f'href="{self.eve.get_absolute_url()}"', status_code=403)

        self.eve.emailaddress_set.create(email="other@example.org", verified=True)
        self.assertNotContains(self.as_(self.eve).get(path), "Add that address")

    def test_is_not_open_after_its_days(self):
        invitation = invite(self.lab, email="eve@example.org", role="editor", by=self.ada)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        with self.assertRaises(Conflict):
            accept(invitation, by=self.eve)

    def test_that_has_expired_is_replaced_by_the_next_one(self):
        first = invite(self.lab, email="eve@example.org", role="editor", by=self.ada)
        with self.assertRaises(Conflict):
            invite(self.lab, email="Eve@example.org", role="editor", by=self.ada)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        self.assertContains(self.as_(self.ada).get("/labs/invented-lab/members/"), "inviting again replaces it")

        second = invite(self.lab, email="Eve@example.org", role="editor", by=self.ada)

        first.refresh_from_db()
        self.assertTrue(first.withdrawn_at)
        self.assertEqual(accept(second, by=self.eve).role, "editor")

    def test_that_has_expired_can_be_withdrawn(self):
        invitation = invite(self.lab, email="eve@example.org", role="editor", by=self.ada)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        self.as_(self.ada).post(f"/labs/invented-lab/invitations/{invitation.pk}/withdraw/")

        self.assertEqual(list(Invitation.objects.pending()), [])
        self.assertEqual(Event.objects.filter(verb="lab.invitation_withdrawn").count(), 1)

    def test_does_not_outlast_the_rights_of_whoever_made_it(self):
        self.lab.memberships.filter(user=self.bo).update(role="owner")
        for number, act in enumerate((
            lambda bo: change_role(bo, role="member", by=self.ada),
            lambda bo: leave(bo, by=self.ada),
        )):  # fmt: skip
            Membership.objects.filter(user=self.bo).update(role="owner")
            invitation = invite(self.lab, email="eve@example.org", role="owner", by=self.bo)

            act(self.lab.memberships.get(user=self.bo))

            with self.subTest(number), self.assertRaises(Conflict):
                accept(invitation, by=self.eve)
            self.assertEqual(list(Invitation.objects.pending()), [])

    def test_of_somebody_suspended_since_is_not_open(self):
        invitation = invite(self.lab, email="eve@example.org", role="owner", by=self.ada)
        type(self.ada).objects.filter(pk=self.ada.pk).update(suspended_at=timezone.now())

        with self.assertRaises(Conflict):
            accept(invitation, by=self.eve)

    def test_link_changes_nothing_by_being_opened(self):
        invitation = invite(self.lab, email="eve@example.org", role="editor", by=self.ada)

        self.assertEqual(self.as_(self.eve).get(f"/labs/invitations/{invitation.token}/").status_code, 200)
        self.assertFalse(self.lab.memberships.filter(user=self.eve).exists())


class DomainTests(PlatformTestCase):
    def check(self, method):
        return ask_for_domain_check(self.lab, domain="Example.org.", method=method, by=self.ada)

    def test_is_proved_by_the_txt_record(self):
        check = self.check("dns")
        records = {"_daylight.example.org": ["v=spf1 -all", check.expected]}

        self.assertEqual(look_for_code(check, lookup_txt=lambda name: records[name]), (True, ""))
        found, problem = look_for_code(check, lookup_txt=lambda name: ["daylight-verification=other"])
        self.assertFalse(found)
        self.assertIn("_daylight.example.org", problem)

    def test_is_proved_by_the_file_and_by_nothing_else(self):
        check = self.check("file")

        def answers(status, body):
            return lambda url, **_: Fetched(status, {}, body.encode())

        self.assertEqual(look_for_code(check, fetch=answers(200, f"{check.expected}\n")), (True, ""))
        for fetch in (answers(200, "nothing"), answers(404, check.expected), answers(302, check.expected), refuse):
            self.assertFalse(look_for_code(check, fetch=fetch)[0])

    def test_is_looked_for_by_the_worker_and_stands_on_the_lab(self):
        check = queue_domain_check(self.check("dns"), by=self.ada)
        self.assertEqual(check.status, "queued")

        settle_domain_check(check, proved=True)

        self.lab.refresh_from_db()
        self.assertEqual(self.lab.verified_domain, "example.org")
        self.assertContains(self.as_().get("/labs/invented-lab/"), "proved to hold example.org")

    def test_pages_belong_to_owners(self):
        check = self.check("dns")
        self.assertContains(self.as_(self.ada).get("/labs/invented-lab/domain/"), check.expected)
        self.assertEqual(self.as_(self.bo).get("/labs/invented-lab/domain/").status_code, 404)

    def test_refuses_what_is_no_domain(self):
        for domain in ("localhost", "http://example.org", "127.0.0.1", "a..b", "x" * 300 + ".org", "exa mple.org"):
            with self.subTest(domain=domain), pytest.raises(ValidationError):
                ask_for_domain_check(self.lab, domain=domain, method="dns", by=self.ada)


def refuse(url, **_):
    raise FetchRefused("The address is private.")
