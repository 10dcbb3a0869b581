"""What new accounts may do, and how they show that a person writes."""

import hashlib
import itertools
import time
from datetime import timedelta
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from discussions.concerns.models import Concern
from discussions.moderation import actions
from discussions.summaries.actions import write_summary
from discussions.threads.actions import edit, post, start_thread
from discussions.threads.models import Comment, HeldPost, Thread
from discussions.threads.pace import is_new
from registry.accounts.models import User
from registry.core import work
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.limits import take, waiting
from registry.history.models import Event

from .people import ModerationTestCase


def solved(challenge):
    """The number that the browser's script looks for."""
    for number in itertools.count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest[:4]) >> (32 - work.BITS) == 0:
            return str(number)


def earlier(seconds):
    """As if it were so many seconds ago."""
    now = time.time() - seconds
    return mock.patch.object(time, "time", lambda: now)


def challenge_of(user, seconds_ago=10):
    with earlier(seconds_ago):
        return work.challenge_for(user)


class NewTestCase(ModerationTestCase):
    """Eve signed up by herself, an hour ago."""

    def setUp(self):
        super().setUp()
        Comment.objects.filter(author=self.eve).update(created_at=timezone.now() - timedelta(hours=2))
        self.age(hours=1)

    def age(self, **ago):
        joined = timezone.now() - timedelta(**ago)
        User.objects.filter(pk=self.eve.pk).update(date_joined=joined, trusted_since=None)
        self.eve.refresh_from_db()


class LimitTests(NewTestCase):
    def test_five_comments_an_hour_and_then_says_when_to_go_on(self):
        for number in range(5):
            post(self.thread, f"Text {number}.", self.eve)
        with self.assertRaises(TooMany) as caught:
            post(self.thread, "A sixth.", self.eve)
        assert 3500 < caught.exception.retry_after <= 3600
        assert str(caught.exception).startswith("A new account may post 5 comments an hour, until it is a day old")
        first = Comment.objects.filter(author=self.eve, body="Text 0.")
        first.update(created_at=timezone.now() - timedelta(minutes=61))
        post(self.thread, "A sixth.", self.eve)

    def test_two_discussions_a_day(self):
        for number in range(2):
            start_thread(self.entry.subject, f"Question {number}", "Text.", self.eve)
        with self.assertRaisesMessage(TooMany, "A new account may start 2 discussions a day"):
            start_thread(self.entry.subject, "A third", "Text.", self.eve)

    def test_two_links_a_comment(self):
        post(self.thread, "See <https://a.example/> and <https://b.example/>.", self.eve)
        with self.assertRaisesMessage(Invalid, "This one has 3; take some out."):
            post(self.thread, "<https://a.example/> <https://b.example/> <https://c.example/>", self.eve)

    def test_links_are_not_slipped_in_by_an_edit_or_a_summary(self):
        link, api = "[x](https://example.org/) ", self.api(self.eve)
        comment = post(self.thread, link * 2, self.eve)
        with self.assertRaisesMessage(Invalid, "This one has 3; take some out."):
            edit(comment, link * 3, self.eve)
        assert api.patch(f"/api/v1/comments/{comment.pk}", {"body": link * 3}, format="json").status_code == 400
        Thread.objects.filter(pk=self.thread.pk).update(comment_count=20, next_number=21)
        self.thread.refresh_from_db()
        with self.assertRaises(Invalid):
            write_summary(self.thread, link * 3, self.eve, first=1, last=9)
        vetted = post(self.thread, link * 4, self.eve, vetted=True)
        edit(vetted, f"A typo mended. {link * 4}", self.eve)

    def test_end_once_account_and_a_comment_are_a_day_old(self):
        self.age(days=3)
        assert is_new(self.eve)  # no comment that old
        Comment.objects.filter(pk=self.second.pk).update(created_at=timezone.now() - timedelta(hours=25))
        assert not is_new(self.eve)
        for number in range(7):
            post(self.thread, f"Text {number}.", self.eve)
        self.eve.refresh_from_db()
        assert self.eve.trusted_since is not None

    def test_are_not_for_those_whom_the_operator_made(self):
        assert not is_new(self.ida)
        for number in range(7):
            post(self.thread, f"Text {number} https://a.example/ https://b.example/ https://c.example/", self.ida)

    def test_hold_over_the_api_with_the_seconds_to_wait(self):
        script = self.api(self.eve)
        body = {"thread": self.thread.pk, "body": "By script."}
        answers = [script.post("/api/v1/comments", body) for _ in range(6)]
        assert [a.status_code for a in answers] == [201] * 5 + [429]
        assert 3500 < int(answers[-1]["Retry-After"]) <= 3600

    @override_settings(RATE_LIMIT_SCALE=10)
    def test_grow_with_the_scale_of_the_site(self):
        for number in range(8):
            post(self.thread, f"Text {number}.", self.eve)


class WorkTests(NewTestCase):
    def test_is_done_by_whoever_names_the_number_once(self):
        challenge = challenge_of(self.eve)
        given = {"work": challenge, "work_answer": solved(challenge)}
        assert work.is_done(self.eve, given)
        assert not work.is_done(self.eve, given)

    def test_counts_for_the_person_it_was_made_for_in_its_time_and_untouched(self):
        good = challenge_of(self.eve)
        answer = solved(good)
        wrong = next(str(n) for n in itertools.count() if not work._is_solved(good, str(n)))
        quick, old, forged = work.challenge_for(self.eve), challenge_of(self.eve, 5 * 3600), "1.a:b:c"
        for given in (
            {}, {"work": good}, {"work": good, "work_answer": wrong}, {"work": good, "work_answer": "x"},
            {"work": good, "work_answer": "9" * 5000}, {"work": good, "work_answer": answer, "website": "buy"},
            {"work": quick, "work_answer": solved(quick)}, {"work": old, "work_answer": solved(old)},
            {"work": forged, "work_answer": solved(forged)},
        ):  # fmt: skip
            assert not work.is_done(self.eve, given), given
        assert not work.is_done(self.ida, {"work": good, "work_answer": answer})


class HeldTests(NewTestCase):
    def post_by_form(self, **given):
        return self.as_(self.eve).post(f"/t/{self.thread.pk}/reply/", {"body": "Buy *lamps*.", "once": "o"} | given)

    def held(self, **given):
        self.post_by_form(**given)
        return HeldPost.objects.select_related("author", "about", "thread").get()

    def test_nothing_is_held_of_a_form_whose_browser_did_its_work(self):
        page = self.as_(self.eve).get(f"/t/{self.thread.pk}/").text
        assert 'name="work_answer"' in page
        assert 'name="work_answer"' not in self.as_(self.ida).get(f"/t/{self.thread.pk}/").text
        challenge = challenge_of(self.eve)
        answer = self.post_by_form(work=challenge, work_answer=solved(challenge))
        assert answer.url == f"/t/{self.thread.pk}/#c-{Comment.objects.get(body='Buy *lamps*.').pk}"

    def test_what_is_held_is_no_comment_and_seen_by_its_author_and_moderators_only(self):
        held = self.held()
        assert not Comment.objects.filter(body__contains="lamps").exists()
        assert Thread.objects.get(pk=self.thread.pk).comment_count == 3
        assert not Event.objects.visible_to(self.ida).filter(verb="comment.held").exists()
        path = f"/t/held/{held.pk}/"
        statuses = [self.as_(user).get(path).status_code for user in (None, self.ida, self.ada, self.eve, self.mo)]
        assert statuses == [302, 404, 404, 200, 200]
        assert "Buy <em>lamps</em>." in self.as_(self.eve).get(path).text
        assert "a comment in Is it safe?" in self.as_(self.mo).get("/moderation/").text

    def test_a_second_click_holds_it_once(self):
        assert self.post_by_form().url == self.post_by_form().url
        assert HeldPost.objects.count() == 1

    def test_a_moderator_posts_it_in_its_authors_name(self):
        held = self.held(parent=str(self.third.pk))
        answer = self.as_(self.mo).post(f"/moderation/held/{held.pk}/release/", {"once": "r"})
        comment = Comment.objects.get(body="Buy *lamps*.")
        assert answer.url == f"/c/{comment.pk}/"
        assert (comment.author, comment.parent) == (self.eve, self.third)
        with self.assertRaises(Conflict):
            actions.release(held, by=self.ned)

    def test_a_moderator_declines_it_and_says_why(self):
        held = self.held()
        assert self.as_(self.mo).post(f"/moderation/held/{held.pk}/decline/", {"answer": ""}).status_code == 400
        assert self.as_(self.mo).post(f"/moderation/held/{held.pk}/decline/", {"answer": "Advert."}).status_code == 302
        assert "Advert." in self.as_(self.eve).get(f"/t/held/{held.pk}/").text
        assert not Comment.objects.filter(body__contains="lamps").exists()

    def test_whoever_is_tied_leaves_it_to_others(self):
        with self.assertRaises(Refused):
            actions.release(self.held(), by=self.tia)
        assert HeldPost.objects.get().state == "waiting"

    def test_a_concern_needs_the_work_too_and_its_text_is_kept(self):
        sent = {"subject": self.entry.subject.ref, "title": "Buy", "body": "Cheap lamps."}
        answer = self.as_(self.eve).post("/concerns/new/", sent)
        assert answer.status_code == 400 and "Cheap lamps." in answer.text
        assert "A new account without JavaScript" in answer.text
        assert not Concern.objects.exists()
        challenge = challenge_of(self.eve)
        done = {"work": challenge, "work_answer": solved(challenge)}
        assert self.as_(self.eve).post("/concerns/new/", sent | done).status_code == 302

    def test_a_new_discussion_is_held_too(self):
        said = {"subject": self.entry.subject.ref, "title": "Lamps", "body": "Cheap.", "once": "n"}
        self.as_(self.eve).post("/t/new/", said)
        held = HeldPost.objects.select_related("author", "about").get()
        assert (held.thread, held.title) == (None, "Lamps")
        actions.release(held, by=self.mo)
        assert Thread.objects.get(title="Lamps").started_by == self.eve

    def test_waiting_posts_count_against_the_limits(self):
        for number in range(5):
            self.post_by_form(once=f"o{number}", body=f"Text {number}.")
        answer = self.post_by_form(once="last")
        assert answer.status_code == 400 and "5 comments an hour" in answer.text
        assert HeldPost.objects.count() == 5


class JoinTests(ModerationTestCase):
    said = {"username": "newcomer", "email": "n@example.org", "display_name": "Newcomer"} | dict.fromkeys(
        ("password1", "password2"), "long-and-odd-words"
    )

    def join(self, **more):
        self.as_().post("/accounts/signup/", self.said | more)
        return User.objects.filter(handle="newcomer").first()

    def test_refuses_what_filled_in_the_field_that_nobody_sees(self):
        assert self.join(website="https://spam.example/") is None

    def test_refuses_a_form_that_was_sent_at_once(self):
        assert self.join(stamp=work.stamp()) is None

    def test_makes_an_account_that_is_new(self):
        with earlier(20):
            stamp = work.stamp()
        person = self.join(stamp=stamp)
        assert person is not None and is_new(person)


class WaitTests(ModerationTestCase):
    def test_names_the_seconds_that_are_left(self):
        for _ in range(3):
            take("test", "w", size=3, per_seconds=3600)
        with self.assertRaises(TooMany) as caught:
            take("test", "w", size=3, per_seconds=3600)
        assert 1190 < caught.exception.retry_after <= 1200
        assert "Wait 20 minutes" in str(caught.exception)

    def test_is_said_in_words_that_are_never_too_short(self):
        assert [waiting(n) for n in (1, 45, 121, 3601, 7201)] == [
            "1 second", "45 seconds", "3 minutes", "61 minutes", "3 hours",
        ]  # fmt: skip
