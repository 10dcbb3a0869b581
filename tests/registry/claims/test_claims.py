"""A lab claims what third parties curated about it; what was there stays, and a wrong claim is undone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import TransactionTestCase
from django.utils import timezone

from registry.claims.actions import claim_entry, dispute_claim, refuse_claim, uphold_claim
from registry.claims.models import Claim
from registry.core.errors import Conflict, Invalid, Refused
from registry.facts.actions import state
from registry.facts.models import Statement
from registry.history.models import Event
from registry.labs.actions import claim_lab, queue_domain_check, register_lab, settle_domain_check
from registry.labs.models import Lab
from registry.releases.actions import begin_entry, publish, save_draft
from registry.releases.models import Entry
from tests.people import CONTENT, PlatformTestCase, at_once, make_person

SEEN = "/releases/invented-lab/seen/"
THEIRS = CONTENT | {"title": "Seen", "summary": "As seen from outside."}
CELL = "cell/2024-05-01/weights_final/1B"


class LabClaimTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.absent = register_lab(
            name="Absent Works", slug="absent-works", homepage="https://www.absent.example/", by=self.mo, belongs=False
        )

    def prove(self, by, domain="absent.example"):
        check = claim_lab(self.absent, domain=domain, method="dns", by=by)
        queue_domain_check(check, by=by)
        settle_domain_check(check, proved=True)
        check.refresh_from_db()
        return check

    def test_whoever_proves_the_domain_of_its_homepage_becomes_its_owner(self):
        self.prove(self.eve)

        self.absent.refresh_from_db()
        self.assertEqual(self.absent.verified_domain, "absent.example")
        self.assertEqual([(m.user, m.role) for m in self.absent.memberships.all()], [(self.eve, "owner")])
        self.assertTrue(Event.objects.visible_to(AnonymousUser()).filter(verb="lab.claimed").exists())

    def test_no_other_domain_speaks_for_it(self):
        for domain in ("evil.example", "sub.absent.example", "example", ""):
            with pytest.raises(Invalid):
                claim_lab(self.absent, domain=domain, method="dns", by=self.eve)

    def test_a_lab_with_members_is_not_claimed_and_the_second_proof_is_too_late(self):
        with pytest.raises(Refused):
            claim_lab(self.lab, domain="example.org", method="dns", by=self.eve)
        late = claim_lab(self.absent, domain="absent.example", method="file", by=self.bo)
        self.prove(self.eve)

        settle_domain_check(late, proved=True)

        late.refresh_from_db()
        self.assertEqual((late.status, self.absent.memberships.get().user), ("failed", self.eve))

    def test_a_check_is_its_askers_alone(self):
        check = claim_lab(self.absent, domain="absent.example", method="dns", by=self.eve)
        for person in (self.mo, self.bo):
            with pytest.raises(Refused):
                queue_domain_check(check, by=person)

    def test_on_the_pages(self):
        browser = self.as_(self.eve)
        self.assertContains(browser.get("/labs/absent-works/"), "Do you speak for it? Claim it.")

        browser.post("/labs/absent-works/claim/", {"domain": "absent.example", "method": "dns"})
        page = browser.get("/labs/absent-works/claim/")

        check = self.absent.domain_checks.get()
        self.assertContains(page, check.expected)
        self.assertNotContains(self.as_(self.bo).get("/labs/absent-works/claim/"), check.expected)
        browser.post(f"/labs/absent-works/domain/{check.pk}/check/")
        check.refresh_from_db()
        self.assertEqual(check.status, "queued")


class ClaimTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Lab.objects.filter(pk=cls.lab.pk).update(verified_domain="example.org", verified_at=timezone.now())
        cls.seen = begin_entry(cls.lab, "seen", by=cls.mo, content=THEIRS, origin="third_party")
        publish(cls.seen, by=cls.mo)
        cls.seen = Entry.objects.get(pk=cls.seen.pk)

    def claim(self):
        return claim_entry(Entry.objects.get(pk=self.seen.pk), by=self.ada)

    def now(self):
        return Entry.objects.get(pk=self.seen.pk)


class ClaimTests(ClaimTestCase):
    def test_hands_the_entry_to_the_lab_and_rewrites_nothing(self):
        before = list(self.seen.revisions.values_list("number", "digest", "author", "origin"))
        state(self.seen, CELL, "assertion", by=self.eve, value="It was gated.")

        claim = self.claim()

        self.assertEqual(list(self.seen.revisions.values_list("number", "digest", "author", "origin")), before)
        self.assertEqual((claim.domain, claim.revision.number), ("example.org", 1))
        self.assertEqual(self.now().origin, "third_party")  # what is shown is theirs still
        with pytest.raises(Refused):
            save_draft(self.now(), CONTENT, by=self.mo)
        entry = self.now()
        save_draft(entry, THEIRS | {"summary": "In the lab's own words."}, by=self.ada)
        publish(entry, by=self.ada, justification="We speak for ourselves.")
        self.assertEqual(self.now().origin, "self_registered")
        self.assertEqual(list(self.seen.revisions.values_list("origin", flat=True)), ["third_party", "self_registered"])
        self.assertEqual(Statement.objects.get().value, "It was gated.")
        state(self.now(), CELL, "dispute", by=self.mo, reason="It was not.", source_title="A log")

    def test_is_marked_on_the_page_and_in_the_history(self):
        self.claim()
        self.assertContains(self.as_().get(SEEN), "claimed by the lab</a>")
        entry = self.now()
        save_draft(entry, THEIRS | {"summary": "In the lab's own words."}, by=self.ada)
        publish(entry, by=self.ada, justification="We speak for ourselves.")

        self.assertContains(self.as_().get(SEEN), "written by the lab itself since")
        history = self.as_().get(f"{SEEN}history/")
        self.assertContains(history, "Mo Example</a> as a third party")
        self.assertContains(history, "Ada Example</a> for the lab")
        self.assertContains(self.as_().get(f"{SEEN}r/1/"), "as a third party")

    def test_the_curators_unpublished_draft_stays_the_curators(self):
        save_draft(self.seen, THEIRS | {"summary": "A secret of the curator."}, by=self.mo)

        claim = self.claim()

        self.assertEqual(self.now().draft["summary"], "As seen from outside.")
        self.assertContains(self.as_(self.mo).get(claim.get_absolute_url()), "A secret of the curator")
        for person in (None, self.ada, self.bo, self.eve):
            self.assertNotContains(self.as_(person).get(claim.get_absolute_url()), "A secret of the curator")

    def test_needs_the_proved_domain_and_an_owner(self):
        for person in (self.bo, self.eve, self.mo, AnonymousUser()):
            with pytest.raises(Refused):
                claim_entry(self.now(), by=person)
        Lab.objects.filter(pk=self.lab.pk).update(verified_domain="")
        with pytest.raises(Conflict, match="Prove the domain"):
            self.claim()

    def test_a_draft_or_the_labs_own_entry_cannot_be_claimed(self):
        draft = begin_entry(self.lab, "unseen", by=self.mo, content=THEIRS, origin="third_party")
        for entry in (draft, self.entry):
            with pytest.raises(Refused):
                claim_entry(entry, by=self.ada)
        self.assertEqual(self.as_(self.ada).get("/releases/invented-lab/unseen/claim/").status_code, 404)

    def test_tells_followers_and_the_record(self):
        claim = self.claim()

        event = Event.objects.visible_to(AnonymousUser()).get(verb="release.claimed")
        self.assertEqual((event.subject, event.data["claim"]), (self.seen.subject, claim.pk))
        self.assertContains(self.as_().get("/claims/"), "Seen")
        self.assertContains(self.as_().get("/claims/feed/"), "claimed, for Invented Lab,")


class DisputeTests(ClaimTestCase):
    def test_a_moderator_without_ties_refuses_a_wrong_claim_and_the_curator_writes_again(self):
        save_draft(self.seen, THEIRS | {"summary": "The curator's draft."}, by=self.mo)
        claim = self.claim()
        entry = self.now()
        save_draft(entry, THEIRS | {"summary": "Not theirs to say."}, by=self.ada)
        publish(entry, by=self.ada, justification="Ours.")
        save_draft(entry, THEIRS | {"summary": "The lab's secret."}, by=self.ada)

        refuse_claim(claim, "Another lab of the same name.", by=self.mo)

        entry = self.now()
        self.assertEqual((entry.claimed_at, entry.origin), (None, "third_party"))
        self.assertEqual(entry.draft["summary"], "The curator's draft.")
        publish(entry, by=self.mo, justification="As it was.")
        self.assertEqual(entry.revisions.count(), 3)  # what was said stays said
        with pytest.raises(Refused):
            save_draft(entry, CONTENT, by=self.ada)
        with pytest.raises(Conflict, match="was refused"):
            self.claim()
        page = self.as_(self.mo).get(claim.get_absolute_url())
        self.assertNotContains(page, "The lab&#x27;s secret")
        self.assertContains(self.as_(self.ada).get(claim.get_absolute_url()), "The lab&#x27;s")

    def test_is_disputed_by_the_curator_and_upheld_or_refused_by_a_moderator(self):
        Entry.objects.filter(pk=self.seen.pk).update(created_by=self.eve)
        claim = self.claim()
        with pytest.raises(Refused):
            refuse_claim(claim, "No.", by=self.eve)

        dispute_claim(claim, "They are not who they say.", by=self.eve)

        self.assertContains(self.as_().get(SEEN), "claim to this entry is disputed")
        with pytest.raises(Conflict):
            dispute_claim(claim, "Again.", by=self.eve)
        uphold_claim(claim, "The domain is theirs.", by=self.mo)
        claim.refresh_from_db()
        self.assertEqual((claim.state, claim.decided_by), ("in_force", self.mo))

    def test_the_lab_decides_nothing_about_itself(self):
        claim = self.claim()
        self.lab.former_memberships.create(user=self.mo, role="member")
        for person in (self.ada, self.bo, self.eve, self.mo, AnonymousUser()):
            for act in (refuse_claim, dispute_claim, uphold_claim):
                with pytest.raises(Refused):
                    act(claim, "Because.", by=person)

    def test_on_pages_and_api_with_a_reason(self):
        claim, browser = self.claim(), self.as_(self.mo)
        again = browser.post(f"/claims/{claim.pk}/refuse/", {"reason": ""})
        self.assertContains(again, "Fill this in.", status_code=400)
        url = f"/api/v1/claims/{claim.pk}"
        self.assertEqual(self.api(self.eve).post(f"{url}/dispute", {"reason": "No."}, format="json").status_code, 403)
        done = self.api(self.mo).post(f"{url}/dispute", {"reason": "No."}, format="json")
        self.assertEqual((done.status_code, done.json()["state"]), (201, "disputed"))

        browser.post(f"/claims/{claim.pk}/refuse/", {"reason": "It is another lab."})

        self.assertContains(self.as_().get(f"/claims/{claim.pk}/"), "It is another lab.")
        self.assertEqual(self.api().get(f"{url}").json()["state"], "refused")
        self.assertEqual(browser.get(f"/claims/{claim.pk}/burn/").status_code, 404)

    def test_a_claim_over_the_api(self):
        answer = self.api(self.ada).post("/api/v1/claims", {"release": "invented-lab/seen"}, format="json")

        self.assertEqual((answer.status_code, answer.json()["revision"]), (201, 1))
        again = self.api(self.ada).post("/api/v1/claims", {"release": "invented-lab/seen"}, format="json")
        self.assertEqual(again.status_code, 403)


class AtOnceTests(TransactionTestCase):
    def test_two_owners_claim_once_and_a_save_of_the_curator_is_not_lost(self):
        ada, bo, mo = make_person("ada"), make_person("bob"), make_person("mod", is_moderator=True)
        lab = register_lab(name="Invented Lab", slug="invented-lab", by=ada)
        lab.memberships.create(user=bo, role="owner")
        Lab.objects.update(verified_domain="example.org", verified_at=timezone.now())
        entry = begin_entry(lab, "seen", by=mo, content=THEIRS, origin="third_party")
        publish(entry, by=mo)
        entry = Entry.objects.get()

        found = at_once(
            lambda: claim_entry(Entry.objects.get(), by=ada),
            lambda: claim_entry(Entry.objects.get(), by=bo),
            lambda: save_draft(entry, THEIRS | {"summary": "Just typed."}, by=mo),
        )

        self.assertEqual([type(r) for r in found[:2]].count(Claim), 1, found)
        claim = Claim.objects.get()
        kept = claim.kept.get("curator", {}).get("summary")
        self.assertEqual(kept == "Just typed.", not isinstance(found[2], Refused), (found, claim.kept))
        self.assertEqual(Entry.objects.get().draft["summary"], "As seen from outside.")
