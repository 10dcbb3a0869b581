import hashlib
from datetime import timedelta

from django.utils import timezone

from discussions.moderation import actions
from discussions.moderation.models import Appeal, Decision, Report
from discussions.threads.actions import edit, post, start_thread
from discussions.threads.models import Comment, CommentDraft, Thread
from registry.accounts.models import User
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.mail import OutboundMail
from registry.core.rules import allows
from registry.core.subjects import Subject
from registry.history.models import Event

from .people import ModerationTestCase, in_days


def counts(case):
    """What is counted: comments of the thread, threads and comments of its subject."""
    subject = Subject.objects.get(pk=case.entry.subject_id)
    return Thread.objects.get(pk=case.thread.pk).comment_count, subject.thread_count, subject.comment_count


class HideTests(ModerationTestCase):
    def test_takes_a_comment_from_every_list_and_count_and_keeps_its_text(self):
        decision = self.hide()

        self.second.refresh_from_db()
        assert self.second.hidden and self.second.body == "You are a fool."
        assert not Comment.objects.visible_to(self.eve).filter(pk=self.second.pk).exists()
        assert Comment.objects.visible_to(self.eve).filter(pk=self.third.pk).exists()
        assert counts(self) == (2, 1, 2)
        words = (
            "Taken from view by a moderator under R1, argue about the decision, not the person. Reason: It insults."
        )
        path = f"/moderation/decisions/{decision.pk}/"
        assert self.second.marks == [{"kind": "moderation", "words": words, "path": path}]

    def test_tells_the_author_with_text_rule_and_the_way_to_appeal(self):
        decision = self.hide()

        letter = OutboundMail.objects.get(recipients=[self.eve.email])
        for part in ("You are a fool.", "R1, Argue about the decision", "It insults.", "appeal once"):
            assert part in letter.body, part
        assert f"/moderation/decisions/{decision.pk}/?key=" in letter.body
        assert letter.subject == "[Daylight] What you wrote in #2 in “Is it safe?” was taken from view"

    def test_leaves_an_event_that_says_nothing_of_the_text(self):
        decision = self.hide()

        event = Event.objects.get(verb="moderation.hid")
        assert (event.actor, event.public, event.lab) == (self.mo, True, self.lab.subject)
        assert event.data == {
            "decision": decision.pk, "rule": "R1", "what": "#2 in", "comment": self.second.pk,
            "thread": self.thread.pk,
        }  # fmt: skip

    def test_takes_a_whole_discussion_out_of_the_counts_of_its_subject(self):
        self.hide(self.third)
        decision = self.hide(self.thread)
        assert counts(self) == (2, 0, 0)
        assert not Thread.objects.visible_to(self.ida).filter(pk=self.thread.pk).exists()
        assert not Event.objects.visible_to(self.bo).filter(subject=self.thread.subject).exists()

        actions.restore(decision, reason="A mistake.", by=self.ned)
        assert counts(self) == (2, 1, 2)

    def test_is_done_once(self):
        self.hide()
        with self.assertRaisesMessage(Conflict, "This is decided already: in force."):
            self.hide(by=self.ned)
        assert Decision.objects.count() == 1

    def test_cannot_be_edited_round(self):
        self.hide()
        self.second.refresh_from_db()
        with self.assertRaises(Refused):
            edit(self.second, "You are a genius.", self.eve)

    def test_asks_for_a_reason_a_rule_and_no_end(self):
        for said, field in (
            ({"reason": " "}, "reason"), ({"reason": "x" * 1001}, "reason"), ({"reason": "a\0b"}, "reason"),
            ({"rule": "R99"}, "rule"), ({"until": in_days(1)}, "until"), ({"minutes": 5}, "minutes"),
        ):  # fmt: skip
            with self.assertRaises(Invalid) as caught:
                self.hide(**said)
            assert list(caught.exception.error_dict) == [field]
        with self.assertRaises(Invalid):
            self.hide(self.eve)
        assert Decision.objects.count() == 0


class WhoMayDecideTests(ModerationTestCase):
    def refused(self, act, sentence):
        with self.assertRaisesMessage(Refused, sentence):
            act()
        assert Decision.objects.count() == 0

    def test_nobody_but_moderators(self):
        for person in (self.eve, self.ada, self.ida):
            self.refused(lambda person=person: self.hide(by=person), "Only moderators may do this.")

    def test_no_moderator_with_ties_to_the_lab(self):
        tied = "Not yours: you are tied to what it is about (Invented Lab)."
        self.refused(lambda: self.hide(by=self.tia), tied)
        self.refused(lambda: self.lock(by=self.tia), tied)
        # Whoever criticised the lab cannot be silenced by those who belong to it, wherever it is done.
        self.refused(lambda: self.suspend(by=self.tia), tied)
        self.lab.memberships.create(user=self.ned, role="member")
        self.refused(lambda: self.hide(by=self.ned), "(belongs to Invented Lab)")

    def test_not_the_author_and_not_who_reported_it(self):
        own = post(self.thread, "By a moderator.", self.mo)
        self.refused(lambda: self.hide(own), "Not yours: it is about you.")
        actions.report(self.second, rule="R1", by=self.mo)
        self.refused(self.hide, "Not yours: you reported it.")

    def test_nobody_who_is_suspended(self):
        User.objects.filter(pk=self.mo.pk).update(suspended_at=timezone.now())
        self.mo.refresh_from_db()
        self.refused(self.hide, "Only moderators may do this.")

    def test_ties_count_at_both_ends_of_a_move(self):
        thread = start_thread(self.norm.subject, "About the norm", "Text.", self.ida)
        said = {"rule": "R4", "reason": "It is about the lamp.", "to": self.entry.subject}
        with self.assertRaises(Refused):
            actions.decide("move", thread, by=self.tia, **said)
        decision = actions.decide("move", thread, by=self.ned, **said)
        thread.refresh_from_db()
        with self.assertRaises(Refused):
            actions.restore(decision, reason="Back.", by=self.tia)


    def test_what_a_discussion_was_moved_away_from_counts_too(self):
        actions.decide("move", self.thread, to=self.norm.subject, rule="R4", reason="Off.", by=self.mo)
        self.thread.refresh_from_db()
        with self.assertRaisesMessage(Refused, "tied to what it is about (Invented Lab)"):
            self.lock(by=self.tia)


class LockTests(ModerationTestCase):
    def test_closes_a_discussion_until_its_end_and_no_longer(self):
        self.lock()
        thread = Thread.objects.select_related("about").get(pk=self.thread.pk)
        assert thread.is_closed and [notice["kind"] for notice in thread.current_notices] == ["lock"]
        with self.assertRaises(Refused):
            post(thread, "More.", self.ida)

        past = timezone.now() - timedelta(minutes=1)
        Thread.objects.update(locked_until=past)
        Decision.objects.update(until=past)
        thread.refresh_from_db()
        assert not thread.is_closed
        assert post(thread, "More.", self.ida).number == 4

    def test_holds_for_whoever_looked_before(self):
        before = Thread.objects.select_related("about").get(pk=self.thread.pk)
        self.lock()
        with self.assertRaises(Conflict):
            post(before, "More.", self.ida)

    def test_can_be_locked_again_after_its_end(self):
        self.lock()
        with self.assertRaises(Conflict):
            self.lock()
        Decision.objects.update(until=timezone.now() - timedelta(minutes=1))
        self.lock()
        assert [d.standing for d in Decision.objects.order_by("pk")] == ["ended", "in force"]

    def test_needs_an_end_in_the_year_to_come(self):
        for until in (timezone.now() - timedelta(hours=1), in_days(400)):
            with self.assertRaises(Invalid):
                self.lock(until=until)


class SlowTests(ModerationTestCase):
    def test_lets_one_person_post_so_often_and_says_how_long_to_wait(self):
        self.slow(minutes=10)
        with self.assertRaises(TooMany) as caught:
            post(self.thread, "Again.", self.ida)
        assert 500 < caught.exception.retry_after <= 600
        assert str(caught.exception) == (
            "This discussion is slowed down: one comment per person every 10 minutes. "
            "You can post again in 10 minutes; your text is kept."
        )
        assert post(self.thread, "My first.", self.bo).number == 4
        assert counts(self) == (4, 1, 4)

    def test_is_over_by_itself_and_after_the_wait(self):
        self.slow(minutes=10)
        Comment.objects.filter(author=self.ida).update(created_at=timezone.now() - timedelta(minutes=11))
        assert post(self.thread, "Again.", self.ida).number == 4
        Thread.objects.update(slow_until=timezone.now() - timedelta(seconds=1))
        assert post(self.thread, "And again.", self.ida).number == 5


class MoveTests(ModerationTestCase):
    def test_takes_comments_and_counts_along_and_back(self):
        said = {"rule": "R4", "reason": "It is about the norm.", "by": self.mo}
        decision = actions.decide("move", self.thread, to=self.norm.subject, **said)
        self.thread.refresh_from_db()
        assert self.thread.about == self.norm.subject
        assert counts(self) == (3, 0, 0)
        assert Subject.objects.get(pk=self.norm.subject_id).comment_count == 3
        assert self.as_().get(f"/c/{self.third.pk}/").url == f"/t/{self.thread.pk}/#c-{self.third.pk}"
        assert "Moved here from Lamp by a moderator under R4" in self.as_().get(f"/t/{self.thread.pk}/").text

        actions.restore(decision, reason="No.", by=self.mo)
        assert counts(self) == (3, 1, 3)
        assert Thread.objects.get(pk=self.thread.pk).notices == []

    def test_only_the_latest_can_be_taken_back(self):
        said = {"rule": "R4", "reason": "Elsewhere.", "by": self.mo}
        first = actions.decide("move", self.thread, to=self.norm.subject, **said)
        actions.decide("move", self.thread, to=self.clause.subject, **said)
        first.refresh_from_db()
        assert first.standing == "replaced by a later one"
        with self.assertRaises(Conflict):
            actions.restore(first, reason="No.", by=self.mo)

    def test_can_lead_back(self):
        said = {"rule": "R4", "reason": "Elsewhere.", "by": self.mo}
        actions.decide("move", self.thread, to=self.norm.subject, **said)
        actions.decide("move", self.thread, to=self.entry.subject, **said)
        assert counts(self) == (3, 1, 3)

    def test_leads_only_to_what_can_be_discussed_in_public(self):
        draft = self.draft().subject
        for to in (None, draft, self.eve.subject):
            with self.assertRaises(Invalid):
                actions.decide("move", self.thread, to=to, rule="R4", reason="x", by=self.mo)


class SuspendTests(ModerationTestCase):
    def test_ends_everything_at_once_and_ends_by_itself(self):
        token = self.api(self.eve)
        browser = self.as_(self.eve)
        assert browser.get("/me/").status_code == 200
        self.suspend()

        self.eve.refresh_from_db()
        assert self.eve.is_suspended and not allows(self.eve, "threads.post", self.thread)
        assert browser.get("/me/").status_code == 302
        assert token.get("/api/v1/labs").status_code == 401

        User.objects.filter(pk=self.eve.pk).update(suspended_until=timezone.now() - timedelta(seconds=1))
        self.eve.refresh_from_db()
        assert allows(self.eve, "threads.post", self.thread)
        assert token.get("/api/v1/labs").status_code == 200

    def test_can_be_appealed_with_the_key_of_the_letter(self):
        decision = self.suspend()
        link = next(line for line in OutboundMail.objects.get().body.splitlines() if "?key=" in line)
        path = link.removeprefix("http://testserver").removeprefix(link.split("/moderation")[0])
        visitor = self.as_()
        assert "Send the appeal" not in visitor.get(decision.get_absolute_url()).text
        assert "Send the appeal" in visitor.get(path).text

        key = path.partition("?key=")[2]
        answer = visitor.post(f"{decision.get_absolute_url()}appeal/", {"text": "It was not I.", "key": key})
        assert answer.status_code == 302
        assert Appeal.objects.get().by == self.eve

        forged = visitor.post(f"{decision.get_absolute_url()}appeal/", {"text": "x", "key": f"{decision.pk}:forged"})
        assert forged.status_code == 404


class RemoveTests(ModerationTestCase):
    def test_needs_two_and_erases_every_trace_of_the_text(self):
        edit(self.second, "You are a fool, I say.", self.eve)
        self.second.refresh_from_db()
        CommentDraft.objects.create(user=self.eve, place=f"edit:{self.second.pk}", body="fool draft")
        decision = self.propose()
        self.second.refresh_from_db()
        assert not self.second.hidden and decision.state == "proposed"
        with self.assertRaisesMessage(Refused, "somebody else has to confirm"):
            actions.confirm(decision, by=self.mo)

        actions.confirm(decision, by=self.ned)
        self.second.refresh_from_db()
        assert (self.second.hidden, self.second.body, self.second.html) == (True, "", "")
        assert list(self.second.earlier_texts.values_list("body", "html")) == [("", "")]
        assert not CommentDraft.objects.exists()
        digest = hashlib.sha256(b"You are a fool, I say.").hexdigest()
        assert Event.objects.get(verb="moderation.removed").data["digest"] == digest
        assert "fool" not in str(list(Event.objects.values_list("data", flat=True)))
        assert "fool" not in OutboundMail.objects.get().body
        assert counts(self) == (2, 1, 2)

    def test_erases_what_is_kept_for_scripts_that_ask_twice(self):
        script = self.api(self.eve)
        body = {"thread": self.thread.pk, "body": "An illegal text."}
        made = script.post("/api/v1/comments", body, headers={"idempotency-key": "k"}).json()
        comment = Comment.objects.get(pk=made["id"])
        decision = actions.decide("remove", comment, rule="R6", reason="The law.", by=self.mo)
        actions.confirm(decision, by=self.ned)

        again = script.post("/api/v1/comments", body, headers={"idempotency-key": "k"})
        assert again.status_code == 201 and "illegal" not in again.text

    def test_can_be_refused_and_then_leaves_everything_as_it_is(self):
        decision = self.propose()
        actions.refuse(decision, by=self.ned)
        with self.assertRaises(Conflict):
            actions.confirm(decision, by=self.ned)
        self.second.refresh_from_db()
        assert self.second.body == "You are a fool." and not self.second.hidden
        self.propose()

    def test_cannot_be_taken_back_and_says_so_when_it_was_wrong(self):
        decision = actions.confirm(self.propose(), by=self.ned)
        with self.assertRaises(Conflict):
            actions.restore(decision, reason="Oh.", by=self.mo)
        appeal = actions.appeal(decision, text="It was legal.", by=self.eve)
        max_ = self.another_moderator()
        actions.judge(appeal, outcome="overturned", answer="It was.", by=max_)
        self.second.refresh_from_db()
        assert self.second.hidden and "what was erased cannot be brought back" in self.second.marks[0]["words"]

    def another_moderator(self):
        from tests.people import make_person

        return make_person("max", "Max Example", is_moderator=True)


class RestoreTests(ModerationTestCase):
    def test_leaves_exactly_what_was_there_before(self):
        before = Comment.objects.filter(pk=self.second.pk).values().get()
        thread = Thread.objects.filter(pk=self.thread.pk).values().get()
        for decision in (self.hide(), self.lock(), self.slow(), self.suspend()):
            actions.restore(decision, reason="A mistake.", by=self.ned)

        assert Comment.objects.filter(pk=self.second.pk).values().get() == before
        after = Thread.objects.filter(pk=self.thread.pk).values().get()
        assert after | {name: thread[name] for name in ("version", "changed_at")} == thread
        self.eve.refresh_from_db()
        assert self.eve.suspended_at is None and self.eve.suspended_until is None
        assert counts(self) == (3, 1, 3)
        assert Decision.objects.filter(kind="restore", reason="A mistake.").count() == 4

    def test_is_possible_once_and_not_after_the_end(self):
        decision = self.hide()
        actions.restore(decision, reason="A mistake.", by=self.mo)
        with self.assertRaises(Conflict):
            actions.restore(decision, reason="A mistake.", by=self.mo)
        lock = self.lock()
        lock.until = timezone.now() - timedelta(minutes=1)
        lock.save()
        with self.assertRaisesMessage(Conflict, "ended by itself"):
            actions.restore(lock, reason="x", by=self.mo)


class AppealTests(ModerationTestCase):
    def test_goes_to_somebody_else_who_may_overturn(self):
        decision = self.hide()
        appeal = actions.appeal(decision, text="It was a quotation.", by=self.eve)
        with self.assertRaisesMessage(Refused, "you had part in the decision"):
            actions.judge(appeal, outcome="overturned", answer="No.", by=self.mo)
        with self.assertRaises(Refused):
            actions.judge(appeal, outcome="overturned", answer="No.", by=self.tia)

        actions.judge(appeal, outcome="overturned", answer="It was.", by=self.ned)
        decision.refresh_from_db()
        self.second.refresh_from_db()
        assert (decision.standing, self.second.hidden) == ("overturned on appeal", False)
        assert counts(self) == (3, 1, 3)
        verbs = list(Event.objects.filter(verb__startswith="moderation").order_by("pk").values_list("verb", "public"))
        assert verbs == [("moderation.hid", True), ("moderation.appealed", False), ("moderation.overturned", True)]

    def test_may_leave_the_decision_as_it_is(self):
        appeal = actions.appeal(self.hide(), text="Why?", by=self.eve)
        actions.judge(appeal, outcome="upheld", answer="It insults.", by=self.ned)
        self.second.refresh_from_db()
        assert self.second.hidden
        with self.assertRaises(Conflict):
            actions.judge(appeal, outcome="overturned", answer="Now.", by=self.ned)
        letter = OutboundMail.objects.order_by("-pk").first()
        assert letter.recipients == [self.eve.email] and "The decision stands." in letter.body

    def test_is_for_whom_it_concerns_once(self):
        decision = self.hide()
        for person in (self.ida, self.mo):
            with self.assertRaises(Refused):
                actions.appeal(decision, text="Why?", by=person)
        actions.appeal(decision, text="Why?", by=self.eve)
        with self.assertRaises(Conflict):
            actions.appeal(decision, text="Why, again?", by=self.eve)

    def test_is_moot_when_the_decision_is_taken_back(self):
        decision = self.hide()
        appeal = actions.appeal(decision, text="Why?", by=self.eve)
        actions.restore(decision, reason="Sorry.", by=self.mo)
        appeal.refresh_from_db()
        assert appeal.state == "moot"
        with self.assertRaises(Conflict):
            actions.judge(appeal, outcome="overturned", answer="x", by=self.ned)


class ReportTests(ModerationTestCase):
    def test_waits_until_a_decision_upholds_it(self):
        made = actions.report(self.second, rule="R1", text="Look.", by=self.ida)
        decision = self.hide()
        made.refresh_from_db()
        assert (made.state, made.decision, made.settled_by) == ("upheld", decision, self.mo)
        assert decision.reported_at == made.at

    def test_can_be_answered_by_saying_why_nothing_is_done(self):
        made = [actions.report(self.second, rule="R1", by=person) for person in (self.ida, self.bo)]
        other = actions.report(self.third, rule="R4", by=self.bo)
        assert actions.decline(self.second, answer="Sharp, not insulting.", by=self.mo) == 2
        for row in (*made, other):
            row.refresh_from_db()
        assert [row.state for row in (*made, other)] == ["declined", "declined", "open"]
        with self.assertRaises(Conflict):
            actions.decline(self.second, answer="Again.", by=self.mo)
        with self.assertRaises(Refused):
            actions.decline(self.third, answer="No.", by=self.tia)

    def test_is_one_per_person_and_thing_while_it_is_open(self):
        actions.report(self.second, rule="R1", by=self.ida)
        with self.assertRaises(Conflict):
            actions.report(self.second, rule="R2", by=self.ida)
        actions.decline(self.second, answer="No.", by=self.mo)
        actions.report(self.second, rule="R2", by=self.ida)
        assert Report.objects.count() == 2

    def test_is_not_about_oneself(self):
        with self.assertRaises(Refused):
            actions.report(self.second, rule="R1", by=self.eve)

    def test_is_told_to_nobody(self):
        actions.report(self.second, rule="R1", text="A secret.", by=self.ida)
        assert not Event.objects.visible_to(self.eve).filter(verb="moderation.reported").exists()
