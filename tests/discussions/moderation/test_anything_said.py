"""Summaries, and what entries and norms say: reported like a comment, and taken from view with a tombstone."""

from discussions.concerns.actions import open_concern
from discussions.moderation import actions
from discussions.moderation.models import Decision, Report
from discussions.summaries.actions import write_summary
from discussions.summaries.models import Summary
from discussions.threads.models import Thread
from registry.core.errors import Conflict, Invalid, Refused
from registry.core.mail import OutboundMail
from registry.core.subjects import Subject
from registry.releases.actions import attach_card, publish, save_draft
from registry.releases.models import Entry

from .people import ModerationTestCase

SAID = {"rule": "R2", "reason": "It names a person's illness."}


class SummaryTests(ModerationTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Thread.objects.filter(pk=cls.thread.pk).update(comment_count=20, next_number=21)
        cls.thread.refresh_from_db()
        cls.first = write_summary(cls.thread, "At first.", cls.ida, first=1, last=2)
        cls.said = write_summary(cls.thread, "Zqinsultqz.", cls.eve, first=1, last=9, replaces=cls.first.pk)

    def summary(self):
        return Summary.objects.select_related("by", "thread__about", "thread__subject").get(pk=self.said.pk)

    def test_is_reported_by_page_and_api_and_stands_in_the_queue(self):
        page = self.as_(self.bo).get(f"/t/{self.thread.pk}/summaries/").content.decode()
        address = f"/summaries/{self.said.pk}/report/"
        assert address in page
        assert self.as_(self.bo).post(address, {"rule": "R1", "text": "Look."}).status_code == 302
        made = self.api(self.ada).post("/api/v1/reports", {"summary": self.said.pk, "rule": "R1"}, format="json")

        assert made.json()["target"] == {
            "kind": "summary", "id": str(self.said.pk), "name": "the summary of #1 to #9 in “Is it safe?”",
            "url": f"/t/{self.thread.pk}/summaries/#summary-{self.said.pk}",
        }  # fmt: skip
        assert Report.objects.filter(summary=self.said).count() == 2
        queue = self.as_(self.mo).get("/moderation/").content.decode()
        assert f"/summaries/{self.said.pk}/moderate/" in queue and "2 reports" in queue
        with self.assertRaises(Refused):
            actions.report(self.summary(), rule="R1", by=self.eve)

    def test_taken_from_view_gives_way_to_the_one_before(self):
        decision = actions.decide("hide", self.summary(), by=self.mo, **SAID)

        thread = Thread.objects.get(pk=self.thread.pk)
        assert ("At first." in thread.summary_html, thread.summary_last) == (True, 2)
        assert [n["words"] for n in thread.current_notices] == [
            "The summary of #1 to #9 was taken from view by a moderator under R2, keep private what is private. "
            "Reason: It names a person's illness."
        ]  # fmt: skip
        for address in (f"/t/{thread.pk}/", f"/t/{thread.pk}/summaries/", decision.get_absolute_url(),
                        f"/api/v1/summaries?thread={thread.pk}", "/moderation/log/"):  # fmt: skip
            assert "Zqinsultqz" not in self.as_().get(address).content.decode(), address
        assert "Zqinsultqz" in OutboundMail.objects.get(recipients=[self.eve.email]).body

        actions.restore(decision, reason="A mistake.", by=self.ned)
        thread = Thread.objects.get(pk=self.thread.pk)
        assert "Zqinsultqz" in thread.summary_html and thread.current_notices == []

    def test_is_erased_by_two(self):
        decision = actions.decide("remove", self.summary(), by=self.mo, **SAID)
        assert "Zqinsultqz" in Thread.objects.get(pk=self.thread.pk).summary_html
        actions.confirm(decision, by=self.ned)

        summary = self.summary()
        assert (summary.body, summary.html, summary.hidden) == ("", "", True)
        assert "Zqinsultqz" not in Thread.objects.get(pk=self.thread.pk).summary_html

    def test_is_decided_by_nobody_with_ties(self):
        with self.assertRaises(Refused):
            actions.decide("hide", self.summary(), by=self.tia, **SAID)


class EntryTests(ModerationTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.card = cls.file(cls, "# Card\n\nZqcardqz\n")
        attach_card(cls.entry, cls.card, by=cls.ada)
        save_draft(cls.entry, cls.entry.draft | {"title": "Zqtitleqz", "rationale": "Zqbecauseqz"}, by=cls.ada)
        publish(cls.entry, by=cls.ada, justification="Zqjustqz")
        cls.concern = open_concern(cls.entry.subject, "Zqconcernqz", "Zqbodyqz", cls.ida)

    def subject(self):
        return Subject.objects.get(pk=self.entry.subject_id)

    def take(self):
        proposal = actions.decide("hide", self.subject(), by=self.mo, **SAID)
        return actions.confirm(proposal, by=self.ned)

    addresses = ("", "history/", "r/1/", "r/2/", "diff/1..2/", "feed/", "badge.svg", "card/")

    def read(self, client):
        """Everything about it that can be asked for by address."""
        entry = "/releases/invented-lab/lamp/"
        asked = [entry + part for part in self.addresses]
        asked += [f"/t/{self.thread.pk}/", f"/c/{self.second.pk}/", f"/concerns/{self.concern.pk}/",
                  f"/files/{self.card.pk}/", "/releases/", "/", "/labs/invented-lab/", "/threads/", "/concerns/",
                  "/activity/", "/matrix/", "/clock/", "/search/?q=small", "/norms/N-1/", "/moderation/log/",
                  "/people/ada/", "/people/ida/", "/threads/?subject=release:invented-lab/lamp",
                  f"/subjects/{self.entry.subject_id}/report/", "/sitemap.xml", "/runs/"]  # fmt: skip
        api = ("releases", "revisions", "stages", "events", "runs", "findings", "threads", "comments", "concerns",
               "declarations", "search?q=small", "releases/invented-lab/lamp",
               "releases/invented-lab/lamp/revisions/2", "labs", f"files/{self.card.pk}", "moderation-log")  # fmt: skip
        found = set()
        for address in [*asked, *(f"/api/v1/{name}" for name in api)]:
            response = client.get(address)
            body = (b"".join(response) if response.streaming else response.content).decode()
            if any(word in body for word in ("Zqtitleqz", "Zqbecauseqz", "Zqcardqz", "Zqjustqz", "Zqconcernqz",
                                             "Zqbodyqz", "You are a fool.")):  # fmt: skip
                found.add(address)
        return found

    def test_is_reported_by_page_and_api(self):
        entry, norm = self.subject(), self.norm.subject
        for subject, path in ((entry, "/releases/invented-lab/lamp/"), (norm, "/norms/N-1/")):
            assert f"/subjects/{subject.pk}/report/" in self.as_(self.eve).get(path).content.decode()
        clause = self.clause.subject
        for subject in (entry, norm, clause):
            done = self.as_(self.eve).post(f"/subjects/{subject.pk}/report/", {"rule": "R7"})
            assert done.status_code == 302, subject
        made = self.api(self.bo).post("/api/v1/reports", {"subject": entry.ref, "rule": "R2"}, format="json")
        assert made.json()["target"]["id"] == "release:invented-lab/lamp"
        queue = self.as_(self.mo).get("/moderation/").content.decode()
        assert all(f"/subjects/{subject.pk}/moderate/" in queue for subject in (entry, norm, clause))
        person = self.eve.subject
        assert self.as_(self.bo).get(f"/subjects/{person.pk}/report/").status_code == 404

    def test_needs_two_without_ties(self):
        with self.assertRaises(Refused):
            actions.decide("hide", self.subject(), by=self.tia, **SAID)
        proposal = actions.decide("hide", self.subject(), by=self.mo, **SAID)
        assert not self.subject().hidden
        for moderator in (self.mo, self.tia):
            with self.assertRaises(Refused):
                actions.confirm(proposal, by=moderator)

    def test_leaves_nothing_of_it_to_be_read_but_rule_role_and_reason(self):
        read_before = self.read(self.as_())
        assert len(read_before) > 15
        decision = self.take()

        assert self.read(self.as_()) == set()
        assert self.read(self.as_(self.eve)) == set()
        for part in self.addresses:
            gone = self.as_().get(f"/releases/invented-lab/lamp/{part}")
            assert gone.status_code == 410, part
            text = gone.content.decode()
            assert "Taken from view by two moderators under R2, keep private what is private." in text
            assert decision.get_absolute_url() in text
        assert self.as_().get("/api/v1/releases/invented-lab/lamp").status_code == 404
        assert "an entry that was taken from view" in self.as_().get("/moderation/log/").content.decode().lower()

    def test_is_restored_exactly(self):
        log = {"/moderation/log/", "/api/v1/moderation-log"}  # these name what stands again
        before = self.read(self.as_()), Entry.objects.get(pk=self.entry.pk).published_at
        actions.restore(Decision.objects.get(pk=self.take().pk), reason="A mistake.", by=self.mo)

        assert (self.read(self.as_()) - log, Entry.objects.get(pk=self.entry.pk).published_at) == before

    def test_is_seen_by_its_lab_which_is_told_and_can_appeal_but_not_publish_round_it(self):
        decision = self.take()

        page = self.as_(self.ada).get("/releases/invented-lab/lamp/").content.decode()
        assert "This entry was taken from view." in page and "Zqbecauseqz" in page
        letter = OutboundMail.objects.filter(recipients=[self.ada.email]).latest("pk")
        assert "Zqbecauseqz" in letter.body and "illness" in letter.body
        entry = Entry.objects.get(pk=self.entry.pk)
        save_draft(entry, entry.draft | {"rationale": "The same again."}, by=self.ada)
        with self.assertRaisesMessage(Conflict, "Moderators took this entry from view."):
            publish(Entry.objects.get(pk=self.entry.pk), by=self.ada, justification="Again.")
        appeal = actions.appeal(decision, text="It is our own illness.", by=self.ada)
        third = self.tia
        third.affiliations.all().delete()
        actions.judge(appeal, outcome="overturned", answer="So it is.", by=third)
        assert self.as_().get("/releases/invented-lab/lamp/").status_code == 200

    def test_keeps_a_hidden_discussion_hidden_when_it_comes_back(self):
        self.hide(self.thread)
        actions.restore(Decision.objects.get(pk=self.take().pk), reason="A mistake.", by=self.mo)

        assert self.as_().get(f"/t/{self.thread.pk}/").status_code == 410

    def test_a_norm_is_answered_and_never_taken_from_view(self):
        actions.report(self.norm.subject, rule="R7", by=self.eve)
        with self.assertRaises(Invalid):
            actions.decide("hide", self.norm.subject, by=self.ned, **SAID)
        actions.decline(self.norm.subject, answer="Version 2 says it better.", by=self.ned)
        assert Report.objects.get().state == "declined"

    def test_over_the_api(self):
        body = {"kind": "hide", "subject": "release:invented-lab/lamp"} | SAID
        made = self.api(self.mo).post("/api/v1/decisions", body, format="json").json()
        assert made["state"] == "proposed"
        done = self.api(self.ned).post(f"/api/v1/decisions/{made['id']}/confirmation", {}, format="json")
        name = "an entry that was taken from view"
        assert done.json()["target"] == {"kind": "subject", "id": body["subject"], "name": name, "url": ""}
