"""A comment is moved with its replies: nothing of it dies, nothing is counted twice, and undoing it restores all."""

import json
from functools import partial

from django.test import TransactionTestCase, override_settings

from discussions.concerns.actions import raise_concern
from discussions.concerns.models import Concern
from discussions.moderation import actions
from discussions.moderation.models import Decision
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, CommentDraft, Thread
from discussions.threads.reading import counts_for, mark_seen
from registry.core.errors import Conflict, Invalid, Refused
from registry.core.mail import OutboundMail
from registry.core.subjects import Subject
from registry.history.models import Event
from tests.people import PlatformTestCase, at_once

from .people import ModerationTestCase, add_quarrel

MOVE = {"rule": "R4", "reason": "It is about the norm"}


def shape(thread):
    """What stands in a discussion in reading order: number, depth, whether it is in view."""
    rows = Comment.objects.filter(thread=thread).order_by("path")
    return [(row.number, row.depth, not row.hidden) for row in rows]


def counts(*subjects):
    """Threads and comments that subjects count."""
    return [Subject.objects.values_list("thread_count", "comment_count").get(pk=subject.pk) for subject in subjects]


class MovingTestCase(ModerationTestCase):
    """Beside the quarrel about the entry, a discussion of the norm with one comment."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.other = start_thread(cls.norm.subject, "About the norm", "Begin here.", cls.ida)

    def move(self, comment=None, by=None, **more):
        more = {"to_thread": self.other} if not more else more
        return actions.decide("move", comment or self.second, by=by or self.mo, **MOVE, **more)


class MoveTests(MovingTestCase):
    def test_carries_the_replies_along_and_leaves_a_placeholder(self):
        decision = self.move()

        assert shape(self.other) == [(1, 1, True), (2, 1, True), (3, 2, True)]
        assert shape(self.thread) == [(1, 1, True), (2, 2, False)]
        word = Comment.objects.get(thread=self.thread, number=2)
        assert word.body == "" and word.marks == [{
            "kind": "moved", "path": f"/c/{self.second.pk}/",
            "words": "Moved with 1 reply to another discussion by a moderator under R4, keep to the matter. "
                     "Reason: It is about the norm.",
        }]  # fmt: skip
        self.second.refresh_from_db()
        assert self.second.marks == [{
            "kind": "moved", "path": decision.get_absolute_url(), "words": "moved here from another discussion",
        }]  # fmt: skip

    def test_is_counted_where_it_stands(self):
        self.move()

        assert counts(self.entry.subject, self.norm.subject) == [(1, 1), (1, 3)]
        assert [Thread.objects.get(pk=t.pk).comment_count for t in (self.thread, self.other)] == [1, 3]

    def test_lets_every_address_lead_to_it(self):
        self.move()

        for comment in (self.second, self.third):
            response = self.as_().get(f"/c/{comment.pk}/")
            assert response["Location"] == f"/t/{self.other.pk}/#c-{comment.pk}"
        old = self.as_().get(f"/t/{self.thread.pk}/").content.decode()
        assert f'<a href="/c/{self.second.pk}/">Read it where it stands now.</a>' in old
        assert "You are a fool." not in old
        new = self.as_().get(f"/t/{self.other.pk}/").content.decode()
        assert "You are a fool." in new and "moved here from another discussion" in new

    def test_is_in_no_export_of_the_old_place(self):
        self.move()

        for form in ("json", "mbox", "feed"):
            assert b"You are a fool." not in self.as_().get(f"/t/{self.thread.pk}/{form}/").content, form
            assert b"You are a fool." in self.as_().get(f"/t/{self.other.pk}/{form}/").content, form
        listed = self.as_().get(f"/api/v1/comments?author={self.eve.handle}").json()["results"]
        assert [row["thread"] for row in listed] == [self.other.pk]

    def test_is_new_where_it_came_to_and_nothing_is_where_it_was(self):
        for thread, highest in ((self.thread, 3), (self.other, 1)):
            mark_seen(thread, self.bo, f"1-{highest}", highest)
        self.move()
        post(Thread.objects.get(pk=self.thread.pk), "Later.", self.ida)

        assert counts_for(self.bo, [self.thread.pk, self.other.pk]) == {self.thread.pk: 1, self.other.pk: 2}
        assert shape(self.thread)[-1][0] == 4  # numbers are never given twice

    def test_can_begin_a_new_discussion(self):
        decision = self.move(title="The tone of all this")

        made = Thread.objects.get(title="The tone of all this")
        assert (made.about, made.started_by, made.comment_count) == (self.entry.subject, self.eve, 2)
        assert shape(made) == [(1, 1, True), (2, 2, True)]
        assert counts(self.entry.subject) == [(2, 3)]
        assert "Moved from “Is it safe?” to “The tone of all this”." in self.page(decision)

    def page(self, decision):
        return self.as_().get(decision.get_absolute_url()).content.decode()

    def test_tells_nothing_of_a_discussion_that_was_hidden_since(self):
        decision = self.move(title="Zqsecretqz")
        self.hide(Thread.objects.select_related("subject", "about").get(title="Zqsecretqz"), by=self.ned)

        for address in (decision.get_absolute_url(), f"/t/{self.thread.pk}/", "/moderation/log/",
                        f"/t/{self.thread.pk}/json/", "/moderation/log/feed/"):  # fmt: skip
            assert "Zqsecretqz" not in self.as_().get(address).content.decode(), address

    def test_stands_in_the_public_log_and_is_told_to_the_author(self):
        decision = self.move()

        assert decision.get_absolute_url() in self.as_().get("/moderation/log/").content.decode()
        event = Event.objects.get(verb="moderation.moved")
        assert (event.public, event.data["comment"]) == (True, self.second.pk)
        letter = OutboundMail.objects.get(recipients=[self.eve.email])
        assert "You are a fool." in letter.body and "It is about the norm" in letter.body

    def test_takes_concerns_along(self):
        concern = raise_concern(self.second, "A named one", self.eve)
        self.move()

        concern = Concern.objects.get(pk=concern.pk)
        assert (concern.thread, concern.about, concern.lab) == (self.other, self.norm.subject, None)

    def test_lets_an_answer_that_is_being_written_follow(self):
        CommentDraft.objects.create(user=self.bo, place=f"thread:{self.thread.pk}/{self.second.pk}", body="Half a")
        self.move()

        assert CommentDraft.objects.get(user=self.bo).place == f"thread:{self.other.pk}/{self.second.pk}"
        sent = {"body": "A whole answer.", "parent": self.second.pk}
        self.as_(self.bo).post(f"/t/{self.thread.pk}/reply/", sent)
        made = Comment.objects.get(author=self.bo)
        assert (made.thread, made.parent, made.depth) == (self.other, self.second, 2)

    def test_leads_the_reply_links_of_a_page_that_was_open_to_where_it_stands(self):
        third, before = self.third.pk, f"/t/{self.thread.pk}/"
        self.move()

        for query in (f"reply={third}", f"quote={third}"):
            answer = self.as_(self.bo).get(f"{before}?{query}")
            assert answer["Location"] == f"/t/{self.other.pk}/?{query}#c-{third}"
        assert self.as_(self.bo).get(f"/t/{self.other.pk}/reply/?parent={third}").status_code == 200
        assert self.as_(self.bo).get(f"{before}reply/?parent={third}").status_code == 200

        stayed = Comment.objects.get(thread=self.thread, number=1)
        assert self.as_(self.bo).get(f"/t/{self.other.pk}/?reply={stayed.pk}").status_code == 404

    def test_refuses_to_post_below_what_has_gone_from_a_page_that_was_open(self):
        self.move()
        with self.assertRaisesMessage(Conflict, "was moved to another discussion"):
            post(self.thread, "Late.", self.ida, parent=self.second)


class UndoTests(MovingTestCase):
    def test_puts_everything_back_in_its_place(self):
        before = shape(self.thread), shape(self.other), counts(self.entry.subject, self.norm.subject)
        decision = self.move()
        actions.restore(decision, reason="A mistake.", by=self.ned)

        assert (shape(self.thread), shape(self.other), counts(self.entry.subject, self.norm.subject)) == before
        self.second.refresh_from_db()
        assert (self.second.marks, self.second.parent.number, self.second.as_of) == ([], 1, "revision 1")

    def test_brings_what_was_answered_since_with_numbers_of_its_own(self):
        decision = self.move()
        third = Comment.objects.select_related("thread__about").get(pk=self.third.pk)
        late = post(third.thread, "And I.", self.bo, parent=third)
        actions.restore(decision, reason="A mistake.", by=self.ned)

        assert shape(self.thread) == [(1, 1, True), (2, 2, True), (3, 3, True), (4, 4, True)]
        assert Comment.objects.get(number=4).pk == late.pk

    def test_takes_an_emptied_new_discussion_from_view(self):
        decision = self.move(title="Short-lived")
        actions.restore(Decision.objects.get(pk=decision.pk), reason="A mistake.", by=self.ned)

        made = Thread.objects.get(title="Short-lived")
        assert self.as_().get(f"/t/{made.pk}/").status_code == 404
        assert counts(self.entry.subject) == [(1, 3)]

    def test_follows_from_an_appeal_too(self):
        decision = self.move()
        appeal = actions.appeal(decision, text="It belongs there.", by=self.eve)
        actions.judge(appeal, outcome="overturned", answer="Right.", by=self.ned)

        assert shape(self.thread) == [(1, 1, True), (2, 2, True), (3, 3, True)]

    def test_works_after_a_second_move(self):
        third = start_thread(self.norm.subject, "Yet another", "Begin.", self.ida)
        self.move()
        decision = self.move(Comment.objects.get(pk=self.second.pk), to_thread=third)
        assert [d.state for d in Decision.objects.order_by("pk")] == ["replaced", "in_force"]
        actions.restore(decision, reason="A mistake.", by=self.ned)

        assert shape(self.other) == [(1, 1, True), (2, 1, True), (3, 2, True)]
        assert shape(third) == [(1, 1, True)]


class RefusalTests(MovingTestCase):
    def test_what_makes_no_sense_is_refused(self):
        first = self.thread.comments.get(number=1)
        for problem, comment, how in (
            (Conflict, first, {"to_thread": self.other}),
            (Conflict, self.second, {"to_thread": self.thread}),
            (Invalid, self.second, {"to": self.norm.subject}),
            (Invalid, self.second, {"to_thread": self.other, "title": "Both"}),
            (Invalid, self.second, {"title": "New", "to": self.eve.subject}),
        ):
            with self.assertRaises(problem):
                self.move(comment, **how)
        assert not Decision.objects.exists() and Thread.objects.count() == 2

    def test_a_placeholder_cannot_be_decided_about(self):
        self.move()
        word = Comment.objects.select_related("thread__about").get(thread=self.thread, number=2)
        with self.assertRaisesMessage(Conflict, "Decide about it where it stands now."):
            self.hide(word, by=self.ned)

    def test_ties_count_at_both_ends_and_stay(self):
        with self.assertRaises(Refused):
            self.move(by=self.tia)
        self.move(by=self.mo)
        for comment in (self.second, self.third):
            comment = Comment.objects.select_related("thread__about", "author").get(pk=comment.pk)
            with self.assertRaisesMessage(Refused, "tied to what it is about (Invented Lab)"):
                self.hide(comment, by=self.tia)

    def test_nobody_but_moderators(self):
        with self.assertRaises(Refused):
            self.move(by=self.ada)


class DoorTests(MovingTestCase):
    def test_the_page_takes_an_address_or_a_title(self):
        page = f"/c/{self.second.pk}/moderate/"
        sent = {"act": "move", "move-rule": "R4", "move-reason": "There."}
        missing = self.as_(self.mo).post(page, sent)
        assert missing.status_code == 400 and "Name a discussion" in missing.content.decode()
        done = self.as_(self.mo).post(page, sent | {"move-to_thread": f"https://example.org/t/{self.other.pk}/#c-1"})
        assert done.status_code == 302
        assert shape(self.other) == [(1, 1, True), (2, 1, True), (3, 2, True)]
        again = self.as_(self.mo).post(page, sent | {"move-title": "Further"})
        assert again.status_code == 302 and Thread.objects.filter(title="Further").exists()

    def test_the_api_does_the_same(self):
        body = {"kind": "move", "comment": self.second.pk, "rule": "R4", "reason": "There."}
        wrong = self.api(self.mo).post("/api/v1/decisions", body | {"to_thread": 10**9}, format="json")
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/to_thread")
        done = self.api(self.mo).post("/api/v1/decisions", body | {"to_thread": self.other.pk}, format="json")
        assert (done.status_code, done.json()["state"]) == (201, "in_force")
        restored = self.api(self.ned).post(
            f"/api/v1/decisions/{done.json()['id']}/restoration", {"reason": "Back."}, format="json"
        )
        assert restored.status_code == 201
        assert shape(self.thread) == [(1, 1, True), (2, 2, True), (3, 3, True)]
        assert json.loads(self.as_().get(f"/t/{self.thread.pk}/json/").content)["comments"][1]["number"] == 2


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)
        add_quarrel(self)
        self.other = start_thread(self.norm.subject, "About the norm", "Begin here.", self.ida)

    def test_moves_and_answers_at_once_lose_nothing_and_leave_one_outcome(self):
        def move(by):
            comment = Comment.objects.select_related("thread__about", "author").get(pk=self.second.pk)
            return actions.decide("move", comment, to_thread=self.other, by=by, **MOVE)

        def answer(number):
            found = Comment.objects.select_related("thread__about").get(pk=self.third.pk)
            return post(found.thread, f"Answer {number}.", self.bo, parent=found)

        said = at_once(*[partial(answer, n) for n in range(8)], partial(move, self.mo), partial(move, self.ned))

        wrong = [one for one in said if isinstance(one, Exception) and not isinstance(one, Conflict)]
        assert not wrong, wrong
        answered = sum(isinstance(one, Comment) for one in said)
        assert Comment.objects.filter(author=self.bo, thread=self.other).count() == answered
        assert Decision.objects.filter(kind="move").count() == 1
        for thread in Thread.objects.all():
            assert thread.comment_count == thread.comments.filter(hidden=False).count()
            numbers = set(thread.comments.values_list("number", flat=True))
            assert len(numbers) == thread.comments.count() and max(numbers) < thread.next_number
