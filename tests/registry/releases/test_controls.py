"""Two pairs of eyes, publishing at a moment, withdrawing, two people at one draft."""

import json
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import TransactionTestCase
from django.utils import timezone

from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.core.mail import OutboundMail
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.labs.actions import register_lab, set_approval
from registry.releases.actions import begin_entry, publish, save_draft
from registry.releases.conflict import choices, merge
from registry.releases.content import normalise
from registry.releases.controls import approve, ask_for_review, return_draft
from registry.releases.models import Entry, PlannedPublication, Revision
from registry.releases.planning import cancel_plan, plan_publication, publish_planned
from registry.releases.tasks import ring_for_publications
from registry.releases.withdrawing import withdraw
from tests.people import CONTENT, PlatformTestCase, at_once, each_at_once, make_person

from .browsing import fields_of

LAMP = "/releases/invented-lab/lamp/"
SECRET = CONTENT | {"title": "Hidden Lantern", "summary": "A lantern nobody knows of."}


def soon():
    return timezone.now() + timedelta(hours=1)


def due(plan):
    """Let its moment have come."""
    PlannedPublication.objects.filter(pk=plan.pk).update(at=timezone.now() - timedelta(seconds=1))


class ApprovalTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        set_approval(self.lab, True, by=self.ada)
        self.entry.refresh_from_db()
        save_draft(self.entry, CONTENT | {"summary": "Another."}, by=self.ada)

    def publish(self, by=None):
        return publish(Entry.objects.get(pk=self.entry.pk), by=by or self.ada, justification="So.")

    def test_nothing_is_published_that_nobody_else_approved(self):
        with pytest.raises(Conflict, match="Another member of Invented Lab must approve"):
            self.publish()

        approve(self.entry, by=self.bo, version=self.entry.draft_version)
        revision = self.publish()

        self.assertEqual([a["handle"] for a in revision.approvers], ["bob"])
        self.assertContains(self.as_().get(f"{LAMP}r/2/"), "<dt>Approved by</dt><dd>Bo Example</dd>", html=False)

    def test_ones_own_approval_is_none(self):
        approve(self.entry, by=self.ada, version=self.entry.draft_version)

        with pytest.raises(Conflict):
            self.publish()

    def test_an_approval_holds_for_that_wording_alone(self):
        approve(self.entry, by=self.bo, version=self.entry.draft_version)
        save_draft(self.entry, CONTENT | {"summary": "A third one."}, by=self.ada)

        with pytest.raises(Conflict):
            self.publish()
        with pytest.raises(Stale):
            approve(self.entry, by=self.bo, version=self.entry.draft_version - 1)

    def test_the_approval_of_somebody_who_left_counts_no_longer(self):
        approve(self.entry, by=self.bo, version=self.entry.draft_version)
        self.lab.memberships.filter(user=self.bo).delete()

        with pytest.raises(Conflict):
            self.publish()

    def test_outsiders_and_moderators_approve_nothing_of_a_lab(self):
        for person in (self.eve, self.mo, AnonymousUser()):
            with pytest.raises(Refused):
                approve(self.entry, by=person, version=self.entry.draft_version)

    def test_only_owners_say_whether_it_is_needed(self):
        self.lab.memberships.create(user=self.eve, role="editor")

        with pytest.raises(Refused):
            set_approval(self.lab, False, by=self.eve)

    def test_the_pages_lead_there_without_script(self):
        owner, member = self.as_(self.ada), self.as_(self.bo)
        self.assertContains(owner.get(f"{LAMP}publish/"), "Another member must approve this first.")

        page = member.get(f"{LAMP}approve/")
        self.assertContains(page, "<ins>Another</ins>")
        member.post(f"{LAMP}approve/", fields_of(page.content.decode()))

        self.assertContains(owner.get(f"{LAMP}publish/"), "Exactly this draft was approved by Bo Example")

    def test_the_api_asks_for_the_version_that_was_read(self):
        url = "/api/v1/releases/invented-lab/lamp/approvals"
        api = self.api(self.bo)

        self.assertEqual(api.post(url, {}, format="json").status_code, 400)
        stale = api.post(url, {"draft_version": 1}, format="json")
        self.assertEqual((stale.status_code, stale.json()["etags"]["given"]), (412, '"v1"'))
        self.assertEqual(stale["ETag"], stale.json()["etags"]["current"])
        done = api.post(url, {"draft_version": int(stale["ETag"][2:-1])}, format="json")
        self.assertEqual((done.status_code, done.json()["by"]), (201, "bob"))
        self.assertEqual(api.get(url).json()["needed"], True)
        self.assertEqual(self.api().get(url).status_code, 404)


class ReviewTests(PlatformTestCase):
    """Somebody who is no moderator curates; a moderator without ties reads it first."""

    def setUp(self):
        super().setUp()
        content = CONTENT | {"title": "Torch"}
        self.torch = begin_entry(self.lab, "torch", by=self.eve, content=content, origin="third_party")

    def test_a_draft_is_its_curators_alone_until_they_ask(self):
        path = "/releases/invented-lab/torch/"
        found = [self.as_(p).get(path).status_code for p in (self.eve, self.mo, self.ada, None)]
        self.assertEqual(found, [200, 404, 404, 404])

        ask_for_review(self.torch, by=self.eve)

        found = [self.as_(p).get(path).status_code for p in (self.eve, self.mo, self.ada, None)]
        self.assertEqual(found, [200, 200, 404, 404])
        self.assertContains(self.as_(self.mo).get("/releases/reviews/"), "Torch")
        self.assertEqual(self.as_(self.ada).get("/releases/reviews/").status_code, 404)

    def test_is_published_once_a_moderator_approved_it(self):
        with pytest.raises(Conflict, match="A moderator must approve"):
            publish(self.torch, by=self.eve)
        ask_for_review(self.torch, by=self.eve)
        approve(self.torch, by=self.mo, version=1)

        revision = publish(self.torch, by=self.eve)

        self.assertEqual((revision.origin, revision.approvers[0]["handle"]), ("third_party", "mod"))
        self.assertContains(self.as_().get("/releases/invented-lab/torch/"), "curated by third parties")
        self.assertTrue(OutboundMail.objects.filter(recipients__contains="eve@example.org").exists())

    def test_a_moderator_with_ties_approves_nothing(self):
        ask_for_review(self.torch, by=self.eve)
        self.lab.former_memberships.create(user=self.mo, role="member")

        with pytest.raises(Refused):
            approve(self.torch, by=self.mo, version=1)

    def test_is_given_back_with_a_reason(self):
        ask_for_review(self.torch, by=self.eve)
        return_draft(self.torch, "Where does the date come from?", by=self.mo)

        self.torch.refresh_from_db()
        self.assertIsNone(self.torch.review_asked_at)
        self.assertEqual(self.as_(self.mo).get("/releases/invented-lab/torch/").status_code, 404)

    def test_begins_on_the_page_of_the_lab(self):
        browser = self.as_(self.eve)
        self.assertContains(browser.get("/labs/invented-lab/"), "/releases/new/?lab=invented-lab")
        form = fields_of(browser.get("/releases/new/?lab=invented-lab").content.decode())

        browser.post("/releases/new/?lab=invented-lab", form | {"title": "Candle"})

        candle = Entry.objects.get(slug="candle")
        self.assertEqual((candle.origin, candle.created_by), ("third_party", self.eve))
        self.assertNotContains(self.as_(self.bo).get("/labs/invented-lab/"), "Curate an entry about")


class EmbargoTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.lantern = begin_entry(self.lab, "lantern", by=self.ada, content=SECRET)

    def test_is_published_at_its_moment_and_once(self):
        plan = plan_publication(self.lantern, at=soon(), by=self.ada)
        self.assertIsNone(publish_planned(plan.pk))
        due(plan)

        first, second = publish_planned(plan.pk), publish_planned(plan.pk)

        self.assertEqual((first.number, second), (1, None))
        plan.refresh_from_db()
        self.assertEqual((plan.state, self.lantern.revisions.count()), ("done", 1))

    def test_publishes_the_draft_as_it_was_and_nothing_typed_since(self):
        plan = plan_publication(self.lantern, at=soon(), by=self.ada)
        save_draft(self.lantern, SECRET | {"summary": "Typed later."}, by=self.ada)
        due(plan)

        revision = publish_planned(plan.pk)

        self.assertEqual(revision.content["summary"], "A lantern nobody knows of.")
        self.assertEqual(Entry.objects.get(pk=self.lantern.pk).draft["summary"], "Typed later.")

    def test_nothing_of_it_leaks_before(self):
        plan = plan_publication(self.lantern, at=soon(), by=self.ada)
        places = [
            "/", "/releases/", "/releases/feed/", "/activity/", "/activity/feed/", "/labs/invented-lab/",
            "/labs/invented-lab/feed/", "/search/?q=lantern", "/people/ada/", "/people/ada/feed/",
            "/api/v1/releases", "/api/v1/events", "/api/v1/revisions", "/api/v1/stages", "/api/v1/search?q=lantern",
            "/api/v1/labs/invented-lab",
        ]  # fmt: skip
        for person in (None, self.eve, self.mo):
            for place in places:
                page = self.as_(person).get(place)
                self.assertEqual(page.status_code, 200, place)
                self.assertNotIn("antern nobody", page.content.decode(), place)
                self.assertNotIn("Hidden Lantern", page.content.decode(), place)
                self.assertNotIn("release.planned", page.content.decode(), place)
            for place in ("", "publish/", "history/", "feed/", "facts/", "approve/"):
                path = f"/releases/invented-lab/lantern/{place}"
                self.assertEqual(self.as_(person).get(path, follow=False).status_code in (404, 302), True, path)
            for place in ("", "/planned-publication", "/facts"):
                path = f"/api/v1/releases/invented-lab/lantern{place}"
                self.assertEqual(self.api(person).get(path).status_code, 404, path)
        self.assertEqual(Subject.objects.visible_to(None).filter(ref="release:invented-lab/lantern").count(), 0)
        self.assertEqual(Event.objects.visible_to(AnonymousUser()).filter(subject=self.lantern.subject).count(), 0)
        self.assertEqual(len(mail.outbox) + OutboundMail.objects.filter(subject__contains="antern").count(), 0)
        self.assertContains(self.as_(self.bo).get("/releases/invented-lab/lantern/"), "Hidden Lantern")
        due(plan)
        publish_planned(plan.pk)
        self.assertContains(self.as_().get("/releases/"), "Hidden Lantern")

    def test_a_second_revision_leaks_no_less(self):
        save_draft(self.entry, CONTENT | {"summary": "A lantern nobody knows of."}, by=self.ada)
        plan_publication(self.entry, at=soon(), by=self.ada, justification="A planned change.")

        for place in (LAMP, f"{LAMP}history/", f"{LAMP}feed/", "/activity/", "/api/v1/events", "/people/ada/"):
            page = self.as_().get(place).content.decode()
            self.assertNotIn("nobody knows", page, place)
            self.assertNotIn("planned", page.replace("planned_date", ""), place)

    def test_is_cancelled_by_whoever_may_edit_and_leaves_the_draft(self):
        plan = plan_publication(self.lantern, at=soon(), by=self.ada)
        with pytest.raises(Refused):
            cancel_plan(self.lantern, by=self.bo)
        with pytest.raises(Conflict, match="is planned for"):
            publish(self.lantern, by=self.ada)

        cancel_plan(self.lantern, by=self.ada)
        due(plan)

        self.assertIsNone(publish_planned(plan.pk))
        with pytest.raises(Conflict):
            cancel_plan(self.lantern, by=self.ada)

    def test_fails_with_a_reason_where_its_author_may_no_longer_publish(self):
        self.lab.memberships.create(user=self.eve, role="editor")
        plan = plan_publication(self.lantern, at=soon(), by=self.eve)
        self.lab.memberships.filter(user=self.eve).delete()
        due(plan)

        self.assertIsNone(publish_planned(plan.pk))
        plan.refresh_from_db()
        self.assertEqual(plan.state, "failed")
        self.assertIn("owners and editors", plan.problem)
        self.assertIsNone(Entry.objects.get(pk=self.lantern.pk).published_at)

    def test_a_time_that_has_passed_or_is_not_on_the_clock_is_refused(self):
        with pytest.raises(Invalid, match="has passed"):
            plan_publication(self.lantern, at=timezone.now() - timedelta(minutes=1), by=self.ada)
        path = "/releases/invented-lab/lantern/publish/"
        browser = self.as_(self.ada)
        form = fields_of(browser.get(path).content.decode())
        page = browser.post(path, form | {"at": "2199-03-31T02:30", "time_zone": "Europe/Berlin"})
        self.assertContains(page, "There is no such time on that day")

    def test_is_said_in_the_authors_zone_and_in_utc(self):
        path = "/releases/invented-lab/lantern/publish/"
        browser = self.as_(self.ada)
        form = fields_of(browser.get(path).content.decode())

        browser.post(path, form | {"at": "2199-07-01T09:00", "time_zone": "Europe/Berlin"})

        plan = PlannedPublication.objects.get()
        self.assertEqual(plan.at, datetime(2199, 7, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")))
        said = "1 July 2199, 09:00 (Europe/Berlin), that is 1 July 2199, 07:00 (UTC)"
        self.assertContains(browser.get(path), said)

    def test_needs_the_second_pair_of_eyes_too(self):
        set_approval(self.lab, True, by=self.ada)
        lantern = Entry.objects.get(pk=self.lantern.pk)

        with pytest.raises(Conflict):
            plan_publication(lantern, at=soon(), by=self.ada)

    def test_the_dispatcher_rings_for_what_is_due_and_for_nothing_else(self):
        plan = plan_publication(self.lantern, at=soon(), by=self.ada)
        with mock.patch("registry.releases.tasks.publish_planned.apply_async") as bell:
            self.assertEqual(ring_for_publications(), 0)
            due(plan)
            self.assertEqual([ring_for_publications(), ring_for_publications()], [1, 0])
        bell.assert_called_once_with([plan.pk], queue="default", retry=False)

    def test_over_the_api(self):
        url, api = "/api/v1/releases/invented-lab/lantern/planned-publication", self.api(self.ada)

        made = api.post(url, {"at": "2199-07-01T09:00:00+02:00", "time_zone": "Europe/Berlin"}, format="json")

        self.assertEqual((made.status_code, made.json()["at"]), (201, "2199-07-01T07:00:00Z"))
        self.assertEqual(api.get(url).json()["state"], "waiting")
        self.assertEqual(api.post(url, {"at": "2199-07-01T09:00:00Z"}, format="json").status_code, 409)
        self.assertEqual(api.delete(url).status_code, 204)
        self.assertEqual(api.get(url).status_code, 204)


class WithdrawalTests(PlatformTestCase):
    def test_leaves_a_tombstone_and_the_text_as_history(self):
        withdraw(self.entry, "The weights held personal data.", by=self.ada)

        page = self.as_().get(LAMP)
        self.assertContains(page, "This entry was withdrawn.")
        self.assertContains(page, "The weights held personal data.")
        self.assertNotContains(page, "Everything at once.")
        self.assertContains(self.as_().get(f"{LAMP}r/1/"), "Everything at once.")
        self.assertContains(self.as_().get("/releases/"), '<span class="tag">withdrawn</span>')
        self.assertEqual(self.api().get("/api/v1/releases/invented-lab/lamp").json()["state"], "withdrawn")
        self.assertEqual(len(self.api().get("/api/v1/releases?state=withdrawn").json()["results"]), 1)
        event = Event.objects.visible_to(AnonymousUser()).get(verb="release.withdrawn")
        self.assertEqual(event.data["reason"], "The weights held personal data.")

    def test_ends_with_the_next_revision_and_stays_in_the_history(self):
        withdraw(self.entry, "A mistake.", by=self.ada)
        publish(Entry.objects.get(pk=self.entry.pk), by=self.ada, justification="It was none.")

        self.assertContains(self.as_().get(LAMP), "Everything at once.")
        self.assertEqual(self.entry.withdrawals.get().ended_by.number, 2)

    def test_of_one_revision_marks_that_one_for_good(self):
        save_draft(self.entry, CONTENT | {"summary": "Another."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="So.")
        withdraw(self.entry, "It named somebody.", by=self.ada, revision=self.entry.revisions.get(number=1))

        self.assertContains(self.as_().get(f"{LAMP}r/1/"), "Revision 1 was withdrawn.")
        self.assertNotContains(self.as_().get(LAMP), "withdrawn")
        with pytest.raises(Conflict):
            withdraw(self.entry, "Again.", by=self.ada, revision=self.entry.revisions.get(number=1))

    def test_is_for_those_who_publish_it_and_says_why(self):
        for person in (self.bo, self.eve, self.mo, AnonymousUser()):
            with pytest.raises(Refused):
                withdraw(self.entry, "Because.", by=person)
        with pytest.raises(Invalid):
            withdraw(self.entry, " ", by=self.ada)
        page = self.as_(self.ada).post(f"{LAMP}withdraw/", {"reason": ""})
        self.assertContains(page, "Fill this in.", status_code=400)
        url, said = "/api/v1/releases/invented-lab/lamp/withdrawal", {"reason": "Because."}
        self.assertEqual(self.api(self.ada).post(url, said, format="json").status_code, 201)
        self.assertEqual(self.api(self.ada).post(url, said, format="json").status_code, 409)


class ConflictTests(PlatformTestCase):
    """What differs is chosen field by field; nothing is lost."""

    def part(self, **said):
        content = normalise(CONTENT | said)
        return {name: content[name] for name in ("title", "summary", "rationale", "concerns", "sources", "artefact")}

    def test_what_only_one_side_has_is_kept_and_a_field_is_ones_own(self):
        saved = self.part(summary="By Ada.", concerns=[{"concern": "Spam at scale", "mitigation": "A filter"}])
        mine = self.part(summary="By Bo.", concerns=[{"concern": "Something else entirely"}])

        found = choices(saved, mine)

        self.assertEqual([(c.pointer, c.only, c.first) for c in found], [
            ("/summary", "", "mine"), ("/concerns/0", "mine", "mine"), ("/concerns/-0", "saved", "saved"),
        ])  # fmt: skip
        merged = merge(saved, mine, lambda choice: choice.first)
        self.assertEqual(merged["summary"], "By Bo.")
        self.assertEqual({c["concern"] for c in merged["concerns"]}, {"Spam at scale", "Something else entirely"})

    def test_fields_of_one_item_are_chosen_apart(self):
        saved = self.part(concerns=[{"concern": "Spam", "mitigation": "A filter", "likelihood": "low"}])
        mine = self.part(concerns=[{"concern": "Spam", "mitigation": "A contract", "likelihood": "high"}])
        taken = {"/concerns/0/mitigation": "saved"}

        merged = merge(saved, mine, lambda choice: taken.get(choice.pointer, choice.first))

        concern = merged["concerns"][0]
        self.assertEqual((concern["mitigation"], concern["likelihood"]), ("A filter", "high"))

    def test_on_the_page_each_field_is_chosen_and_saved_without_script(self):
        torch, path = self.draft(slug="torch"), "/releases/invented-lab/torch/edit/"
        self.lab.memberships.create(user=self.eve, role="editor")
        hers, his = (fields_of(self.as_(p).get(path).content.decode(), "entry") for p in (self.ada, self.eve))
        self.as_(self.ada).post(path, hers | {"summary": "By Ada.", "title": "Ada's title"})
        page = self.as_(self.eve).post(path, his | {"summary": "By Eve.", "title": "Eve's title"})
        form = fields_of(page.content.decode(), "conflict")

        # While Eve chooses, Ada saves once more: both texts come back, and nothing is overwritten.
        save_draft(torch, Entry.objects.get(pk=torch.pk).draft | {"rationale": "Ada again."}, by=self.ada)
        again = self.as_(self.eve).post(path, form | {"/title": "saved"})
        self.assertContains(again, "Ada again", status_code=409)
        form = fields_of(again.content.decode(), "conflict")
        self.as_(self.eve).post(path, form | {"/title": "saved", "/rationale": "saved"})

        draft = Entry.objects.get(pk=torch.pk).draft
        chosen = [draft[name] for name in ("title", "summary", "rationale")]
        self.assertEqual(chosen, ["Ada's title", "By Eve.", "Ada again."])

    def test_of_a_stage_on_its_own_page(self):
        torch, path = self.draft(slug="torch"), "/releases/invented-lab/torch/edit/stages/1/"
        form = fields_of(self.as_(self.ada).get(path).content.decode(), "stage")
        stages = [torch.draft["stages"][0] | {"title": "T"}]
        save_draft(torch, torch.draft | {"title": "Other", "stages": stages}, by=self.ada)

        page = self.as_(self.ada).post(path, form | {"title": "Mine"})
        self.as_(self.ada).post(path, fields_of(page.content.decode(), "conflict"))

        self.assertEqual(Entry.objects.get(pk=torch.pk).draft["stages"][0]["title"], "Mine")

    def test_what_is_no_part_of_a_draft_is_refused(self):
        self.draft(slug="torch")
        for mine in ("", "[]", "{}x", json.dumps({"title": 5}), json.dumps({"secret": 1})):
            page = self.as_(self.ada).post("/releases/invented-lab/torch/edit/", {"mine": mine, "version": "1.x"})
            self.assertEqual(page.status_code, 400, mine)

    def test_the_api_names_both_versions(self):
        torch, url = self.draft(slug="torch"), "/api/v1/releases/invented-lab/torch"
        save_draft(torch, CONTENT | {"title": "Two"}, by=self.ada)

        answer = self.api(self.ada).patch(url, {"title": "Mine"}, format="json", headers={"If-Match": '"v1"'})

        self.assertEqual(answer.status_code, 412)
        self.assertEqual(answer.json()["etags"], {"current": '"v2"', "given": '"v1"'})
        self.assertEqual(answer["ETag"], '"v2"')


class AtOnceTests(TransactionTestCase):
    """Approving, planning and publishing at one moment."""

    def setUp(self):
        self.ada, self.bo, self.cleo = (make_person(handle) for handle in ("ada", "bob", "cleo"))
        self.lab = register_lab(name="Invented Lab", slug="invented-lab", by=self.ada)
        self.lab.memberships.create(user=self.bo, role="editor")
        self.lab.memberships.create(user=self.cleo, role="member")
        self.entry = begin_entry(self.lab, "lamp", by=self.ada, content=CONTENT)

    def test_a_plan_that_many_workers_find_is_published_once(self):
        plan = plan_publication(self.entry, at=soon(), by=self.ada)
        due(plan)

        found = each_at_once(publish_planned, [plan.pk] * 4)

        self.assertEqual(sum(isinstance(r, Revision) for r in found), 1, found)
        self.assertEqual(Revision.objects.count(), 1)

    def test_of_many_plans_one_is_made(self):
        at = soon()

        found = at_once(*[lambda: plan_publication(self.entry, at=at, by=self.ada)] * 3)

        self.assertEqual(sorted(type(r).__name__ for r in found), ["Conflict", "Conflict", "PlannedPublication"])

    def test_cancelling_and_publishing_at_one_moment_leaves_one_of_them_done(self):
        plan = plan_publication(self.entry, at=soon(), by=self.ada)
        due(plan)

        at_once(lambda: publish_planned(plan.pk), lambda: cancel_plan(self.entry, by=self.ada))

        plan.refresh_from_db()
        self.assertEqual(Revision.objects.count(), 1 if plan.state == "done" else 0)

    def test_approving_while_somebody_saves_approves_what_was_read_or_nothing(self):
        set_approval(self.lab, True, by=self.ada)
        changed = CONTENT | {"summary": "Changed."}

        at_once(
            lambda: save_draft(self.entry, changed, by=self.ada),
            lambda: approve(self.entry, by=self.cleo, version=1),
        )

        entry = Entry.objects.get(pk=self.entry.pk)
        with pytest.raises(Conflict, match="must approve"):
            publish(entry, by=self.bo)
