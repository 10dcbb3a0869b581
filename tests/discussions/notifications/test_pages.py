"""The inbox, what one follows, catching up, the link that ends mail; over pages and API, by hand and by script."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussions.notifications.actions import catch_up, follow
from discussions.notifications.models import Cadence, Notice, Preferences, Subscription
from discussions.notifications.unsubscribing import read_token, token_for
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, Thread
from registry.accounts.actions import take_pseudonym
from registry.core.subjects import Subject
from registry.norms.actions import publish_version
from registry.releases.actions import publish, save_draft
from tests.people import CLAUSES

from .case import NotifiedTestCase, later, tell_all


class InboxTests(NotifiedTestCase):
    def inbox(self, user=None, **query):
        return self.as_(user or self.eve).get("/inbox/", query).content.decode()

    def test_is_empty_and_says_how_something_gets_there(self):
        self.assertIn("Nothing here yet. Follow an entry", self.inbox())

    def test_bundles_by_discussion_and_says_why(self):
        self.say("One.")
        self.say("Two.", by=self.ada)
        other = start_thread(self.entry.subject, "Another discussion", "Hello @eve.", self.zed)
        tell_all()

        page = self.inbox()

        lines = re.findall(r'<h2><a href="(.+?)">(.+)</a></h2>\n<p>(.+)</p>\n<p class="quiet">(.+)</p>', page)
        last = self.thread.comments.latest("pk").pk
        self.assertEqual(lines, [
            (f"/c/{other.comments.get().pk}/", "Another discussion", "Zed Example wrote #1.",
             "Because you were mentioned."),
            (f"/c/{last}/", "Why so small?", "2 comments, from #2 to #3; the last by Ada Example.",
             "Because you follow “Why so small?”."),
        ])  # fmt: skip

    def test_shows_what_is_read_below_what_is_not(self):
        self.say()
        notice = Notice.objects.get(user=self.eve)
        self.as_(self.eve).post("/inbox/read/", {"up_to": notice.pk})

        page = self.inbox()

        self.assertIn("Nothing is unread", page)
        self.assertIn("Read before", page)
        self.assertIn("Why so small?", page)

    def test_is_filtered_by_reason(self):
        self.say()
        self.assertIn("Why so small?", self.inbox(reason="thread"))
        self.assertNotIn("Why so small?", self.inbox(reason="mention"))

    def test_costs_the_same_queries_for_one_bundle_and_twenty(self):
        counts = []
        for _ in range(2):
            for n in range(1 if not counts else 20):
                thread = start_thread(self.entry.subject, f"Title {n}", "Hello @eve.", self.zed)
                post(thread, "More, @eve.", self.ada)
            tell_all()
            client = self.as_(self.eve)
            with CaptureQueriesContext(connection) as queries:
                client.get("/inbox/")
            counts.append(len(queries))
        self.assertEqual(*counts)

    def test_is_paged(self):
        for n in range(35):
            start_thread(self.entry.subject, f"Title {n}.", "Hello @eve.", self.zed)
        tell_all()
        first = self.inbox()
        older = re.search(r'rel="next" href="\?after=(\d+)"', first)[1]
        second = self.inbox(after=older)

        titles = re.findall(r"Title \d+\.(?=</a></h2>)", first + second)
        self.assertEqual(titles, [f"Title {n}." for n in reversed(range(35))])

    def test_shows_nothing_that_went_out_of_view_and_does_not_count_it(self):
        for gone in (
            lambda c: Comment.objects.filter(pk=c.pk).update(hidden=True),
            lambda c: type(self.zed).objects.filter(pk=self.zed.pk).update(suspended_at=timezone.now()),
            lambda c: Thread.objects.filter(pk=self.thread.pk).update(hidden=True),
        ):
            Notice.objects.all().delete()
            comment = self.say("Gone.")
            self.assertIn("unread</span>", self.inbox())
            gone(comment)
            page = self.inbox()
            self.assertNotIn("Why so small?", page)
            self.assertNotIn("unread</span>", page)
            self.assertEqual(self.api(self.eve).get("/api/v1/notices").json()["results"], [])
            type(self.zed).objects.filter(pk=self.zed.pk).update(suspended_at=None)

    def test_what_bad_addresses_hold_is_not_found(self):
        client = self.as_(self.eve)
        for query in ({"after": "x"}, {"after": "9" * 30}, {"before": "1~2"}):
            self.assertEqual(client.get("/inbox/", query).status_code, 404)
        self.assertEqual(client.get("/inbox/", {"reason": "x" * 5000, "show": "y"}).status_code, 200)


class ReadTests(NotifiedTestCase):
    def test_marks_a_bundle_and_leaves_what_came_later(self):
        self.say()
        first = Notice.objects.get(user=self.eve)
        self.say()

        response = self.as_(self.eve).post(
            "/inbox/read/", {"about": self.thread.subject_id, "up_to": first.pk, "back": "/t/1/"}
        )

        self.assertRedirects(response, "/t/1/", fetch_redirect_response=False)
        read = Notice.objects.filter(user=self.eve, seen_at__isnull=False)
        self.assertEqual(list(read), [first])

    def test_marks_nobody_elses(self):
        self.say()
        theirs = Notice.objects.get(user=self.ada)

        self.as_(self.zed).post("/inbox/read/", {"up_to": theirs.pk})
        answer = self.api(self.zed).post("/api/v1/notices/reading", {"notices": [theirs.pk]})

        self.assertEqual(answer.json(), {"marked": 0})
        self.assertFalse(Notice.objects.filter(seen_at__isnull=False).exists())

    def test_refuses_what_names_nothing(self):
        client = self.as_(self.eve)
        for body in ({}, {"up_to": "x"}, {"up_to": "9" * 40}, {"about": "1"}):
            self.assertEqual(client.post("/inbox/read/", body).status_code, 404)

    def test_leads_to_no_other_site(self):
        for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil"):
            response = self.as_(self.eve).post("/inbox/read/", {"up_to": "1", "back": back})
            self.assertRedirects(response, "/inbox/", fetch_redirect_response=False)

    def test_a_discussion_offers_it_to_whoever_was_told_of_it_and_its_reading_writes_nothing(self):
        self.say()
        address = self.thread.get_absolute_url()

        page = self.as_(self.eve).get(address).content.decode()

        self.assertIn("Mark 1 notice of this as read", page)
        self.assertTrue(Notice.objects.get(user=self.eve).seen_at is None)
        self.assertNotIn("Mark 1 notice", self.as_(self.mo).get(address).content.decode())


class FollowTests(NotifiedTestCase):
    def pages(self):
        return [
            self.entry.get_absolute_url(), self.lab.get_absolute_url(), self.norm.get_absolute_url(),
            self.clause.get_absolute_url(), self.thread.get_absolute_url(), self.zed.get_absolute_url(),
            "/search/?q=small",
        ]  # fmt: skip

    def test_every_page_of_what_can_be_followed_has_a_form_that_follows_it(self):
        client = self.as_(self.mo)
        for address in self.pages():
            with self.subTest(address=address):
                form = client.get(address).content.decode().partition('action="/inbox/follow/"')[2]
                body = dict(re.findall(r'name="(subject|words|back)" value="([^"]*)"', form.partition("</form>")[0]))
                response = client.post("/inbox/follow/", body)
                self.assertRedirects(response, address, fetch_redirect_response=False)
                self.assertIn("<summary>Following</summary>", client.get(address).content.decode())
        rows = Subscription.objects.filter(user=self.mo).order_by("pk")
        followed = [s.subject.ref if s.subject else s.words for s in rows]
        self.assertEqual(followed, [
            "release:invented-lab/lamp", "lab:invented-lab", "norm:N-1", "clause:N-1/1",
            f"thread:{self.thread.pk}", "person:zed", "small",
        ])  # fmt: skip

    def test_a_visitors_page_has_none_of_it(self):
        for address in self.pages():
            self.assertNotIn("/inbox/", self.as_().get(address).content.decode())

    def test_nobody_follows_themselves(self):
        self.assertNotIn("/inbox/follow/", self.as_(self.mo).get(self.mo.get_absolute_url()).content.decode())

    def test_twice_is_once(self):
        client = self.as_(self.mo)
        for cadence in ("", "daily"):
            client.post("/inbox/follow/", {"subject": self.lab.subject_id, "cadence": cadence})
        self.assertEqual([s.cadence for s in Subscription.objects.filter(user=self.mo)], ["daily"])

    def test_stops(self):
        client = self.as_(self.ada)
        for _ in range(2):
            client.post("/inbox/follow/", {"subject": self.lab.subject_id, "cadence": "stop"})
        self.assertFalse(Subscription.objects.filter(user=self.ada).exists())

    def test_what_is_private_is_not_found_and_not_followed(self):
        draft = self.draft("secret", title="SECRET")
        Subject.objects.filter(pk=self.zed.subject_id).update(hidden=True)
        for subject in (draft.subject_id, self.zed.subject_id, 10**9):
            response = self.as_(self.eve).post("/inbox/follow/", {"subject": subject})
            self.assertEqual(response.status_code, 404)
        self.assertEqual(self.as_(self.eve).post("/inbox/follow/", {"words": " "}).status_code, 404)
        for ref in (draft.subject.ref, "person:zed", "release:none/none"):
            answer = self.api(self.eve).post("/api/v1/subscriptions", {"subject": ref})
            self.assertEqual(answer.status_code, 404)

    def test_refuses_what_cannot_be_looked_for(self):
        for words in ("x" * 201, "a\0b"):
            self.as_(self.eve).post("/inbox/follow/", {"words": words})
            answer = self.api(self.eve).post("/api/v1/subscriptions", {"words": words})
            self.assertEqual(answer.status_code, 400)
        self.assertFalse(Subscription.objects.filter(subject=None).exists())

    def test_a_search_in_discussions_is_followed_with_its_operators_and_leads_back_there(self):
        words = "small author:eve"
        page = self.as_(self.eve).get("/threads/search/", {"q": words}).content.decode()
        self.assertIn("Follow this search", page)
        self.as_(self.eve).post("/inbox/follow/", {"words": words})
        settings = self.as_(self.eve).get("/inbox/settings/").content.decode()
        self.assertIn('href="/threads/search/?q=small%20author%3Aeve"', settings)

    def test_a_search_whose_operators_make_no_sense_is_not_followed(self):
        page = self.as_(self.eve).post("/inbox/follow/", {"words": "role:king"}, follow=True).content.decode()
        self.assertIn("there is no &#x27;king&#x27;", page)
        answer = self.api(self.eve).post("/api/v1/subscriptions", {"words": "role:king"})
        self.assertEqual((answer.status_code, "words" in str(answer.content)), (400, True))
        self.assertNotIn("Follow this search", self.as_(self.eve).get("/threads/search/?q=role:king").content.decode())

    def test_so_many_searches_and_no_more(self):
        Subscription.objects.bulk_create(Subscription(user=self.mo, words=f"w{n}") for n in range(50))
        answer = self.api(self.mo).post("/api/v1/subscriptions", {"words": "one more"})
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(Subscription.objects.filter(user=self.mo).count(), 50)
        answer = self.api(self.mo).post("/api/v1/subscriptions", {"words": "w1", "cadence": "daily"})
        self.assertEqual(answer.status_code, 201)


class SettingsTests(NotifiedTestCase):
    def test_lists_what_one_follows_and_changes_each(self):
        follow(by=self.eve, words="peculiar things")
        page = self.as_(self.eve).get("/inbox/settings/").content.decode()

        for text in ("Why so small?", "since you wrote there", "“peculiar things”", "chosen by you"):
            self.assertIn(text, page)
        self.assertNotIn("Invented Lab", page)

    def test_sets_what_is_usual(self):
        self.as_(self.eve).post("/inbox/settings/", {"cadence": "daily"})
        chosen = Preferences.objects.get(user=self.eve)
        self.assertEqual((chosen.cadence, chosen.mail), ("daily", False))
        self.assertIn("Mail is off", self.as_(self.eve).get("/inbox/settings/").content.decode())

    def test_refuses_what_is_no_choice(self):
        for cadence in ("none", "usual", "hourly", ""):
            response = self.as_(self.eve).post("/inbox/settings/", {"cadence": cadence})
            self.assertEqual(response.status_code, 400)
        self.assertFalse(Preferences.objects.exists())


class UnsubscribeTests(NotifiedTestCase):
    def link(self, user, subject=None):
        return f"/unsubscribe/{token_for(user, subject)}/"

    def test_one_click_mutes_without_session_or_cookie_and_twice_is_once(self):
        client, link = self.as_(), self.link(self.eve, self.thread.subject)
        for _ in range(2):
            response = client.post(
                link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
            )
            self.assertEqual(response.status_code, 200)
        self.assertEqual(Subscription.objects.get(user=self.eve).cadence, "none")
        self.assertEqual(response.cookies, {})

    def test_is_allowed_to_programs_that_know_no_form(self):
        from django.test import Client

        response = Client(enforce_csrf_checks=True).post(self.link(self.eve, self.thread.subject))
        self.assertEqual(response.status_code, 200)

    def test_looking_at_it_changes_nothing_and_offers_a_button(self):
        page = self.as_().get(self.link(self.eve, self.thread.subject)).content.decode()
        self.assertIn("Mute it for me", page)
        self.assertEqual(Subscription.objects.get(user=self.eve).cadence, "usual")

    def test_of_a_digest_ends_all_mail_and_nothing_else(self):
        self.as_().post(self.link(self.eve))
        self.assertFalse(Preferences.objects.get(user=self.eve).mail)
        self.say()
        with later(days=8):
            self.assertEqual(self.mailed(self.eve), [])
        self.assertEqual(Notice.objects.filter(user=self.eve).count(), 1)

    def test_a_link_that_was_changed_does_nothing(self):
        token = token_for(self.eve, self.thread.subject)
        person, subject, signature = token.split(".")
        for wrong in (f"{person}1.{subject}.{signature}", f"{person}.0.{signature}", f"{person}.{subject}.{'a' * 16}",
                      "x", "a.b.c", token + "a"):  # fmt: skip
            self.assertIsNone(read_token(wrong))
            self.assertEqual(self.as_().post(f"/unsubscribe/{wrong}/").status_code, 404)
        self.assertEqual(read_token(token.upper()), (self.eve.pk, self.thread.subject_id))

    def test_names_nothing_that_went_out_of_view(self):
        Subject.objects.filter(pk=self.thread.subject_id).update(hidden=True)
        page = self.as_().get(self.link(self.eve, self.thread.subject)).content.decode()
        self.assertNotIn("Why so small?", page)


class SinceTests(NotifiedTestCase):
    def page(self, user, **query):
        return self.as_(user).get("/inbox/since/", query).content.decode()

    def test_tells_of_answers_new_comments_revisions_with_their_differences_and_norms(self):
        follow(by=self.eve, subject=self.norm.subject)
        follow(by=self.eve, subject=self.entry.subject)
        catch_up(self.eve, timezone.now())
        self.say("It fits.", parent=self.opening)
        save_draft(self.entry, self.entry.draft | {"summary": "Larger."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="It grew.")
        changed = [c | {"number": n, "text": "Other words."} for n, c in enumerate(CLAUSES, 1)]
        publish_version(self.norm, purpose="Other.", clauses=changed, by=self.mo)

        page = self.page(self.eve)

        for text in ("Zed Example answered you in", "1 new comment", "published revision 2 of", "“It grew.”",
                     "/releases/invented-lab/lamp/diff/1..2/", "published version 2 of", "/norms/N-1/diff/1..2/"):
            self.assertIn(text, page)  # fmt: skip
        for address in ("/releases/invented-lab/lamp/diff/1..2/", "/norms/N-1/diff/1..2/"):
            self.assertEqual(self.as_(self.eve).get(address).status_code, 200)

    def test_answers_in_one_discussion_stand_together_and_those_to_ones_pseudonym_are_among_them(self):
        with self.settings(PSEUDONYMS=True):
            heron = take_pseudonym(self.mo, "grey-heron")
            asked = self.say("May I ask?", by=self.mo, pseudonym=heron)
            catch_up(self.mo, timezone.now())
            for words in ("You may.", "You may not."):
                self.say(words, parent=asked)
            self.say("Then I shall not.", by=self.mo, parent=asked, pseudonym=heron)

            page = self.page(self.mo)

        self.assertIn("2 answers to you in", page)
        self.assertEqual(page.count("Why so small?"), 2)  # once for the answers, once among the discussions
        self.assertIn("2 new comments", page)

    def test_of_what_one_does_not_follow_it_tells_when_asked_for_everything(self):
        catch_up(self.mo, timezone.now())
        self.say()
        self.assertIn("Nothing happened in this time", self.page(self.mo))
        self.assertIn("1 new comment", self.page(self.mo, of="everything"))

    def test_followers_of_a_lab_hear_of_its_entries(self):
        follow(by=self.mo, subject=self.lab.subject)
        catch_up(self.mo, timezone.now())
        self.say()
        self.assertIn("Why so small?", self.page(self.mo))

    def test_begins_where_one_said_and_never_goes_back(self):
        client = self.as_(self.eve)
        self.assertIn("published revision 1", self.page(self.eve, of="everything"))
        now = timezone.now()
        for until in (now.isoformat(), "2001-01-01T00:00:00+00:00"):
            client.post("/inbox/since/", {"until": until})
        self.assertEqual(Preferences.objects.get(user=self.eve).caught_up_at, now)
        self.assertNotIn("published revision 1", self.page(self.eve, of="everything"))
        self.assertIn("published revision 1", self.page(self.eve, of="everything", since="2020-01-01"))

    def test_reading_it_moves_nothing(self):
        self.page(self.eve)
        self.assertFalse(Preferences.objects.filter(user=self.eve).exists())

    def test_shows_no_draft_and_nothing_hidden(self):
        catch_up(self.eve, timezone.now())
        follow(by=self.eve, subject=self.lab.subject)
        self.draft("secret", title="SECRET")
        comment = self.say("SECRET")
        Comment.objects.filter(pk=comment.pk).update(hidden=True)
        for of in ("", "everything"):
            page = self.page(self.eve, of=of)
            self.assertNotIn("SECRET", page)
            self.assertNotIn("new comment", page)

    def test_takes_any_date(self):
        for since in ("x", "0001-01-01", "9999-12-31", "2026-02-30", "2026-01-01\0"):
            status = self.as_(self.eve).get("/inbox/since/", {"since": since}).status_code
            self.assertIn(status, (200, 400))
        for until in ("x", "", "9999-12-31T23:59:59+00:00", "2026-01-01"):
            self.assertEqual(self.as_(self.eve).post("/inbox/since/", {"until": until}).status_code, 302)
        self.assertLessEqual(Preferences.objects.get(user=self.eve).caught_up_at, timezone.now())


class ApiTests(NotifiedTestCase):
    def test_follows_changes_and_stops(self):
        api = self.api(self.mo)
        made = api.post("/api/v1/subscriptions", {"subject": self.entry.subject.ref})
        self.assertEqual(made.status_code, 201)
        address = made["Location"]
        self.assertEqual(made.json() | {"id": 0, "created_at": ""}, {
            "id": 0, "subject": "release:invented-lab/lamp", "words": "", "cadence": "usual", "made_by": "self",
            "created_at": "",
        })  # fmt: skip
        self.assertEqual(api.patch(address, {"cadence": "none"}).json()["cadence"], "none")
        self.assertEqual(len(api.get("/api/v1/subscriptions?cadence=none").json()["results"]), 1)
        self.assertEqual(api.delete(address).status_code, 204)
        self.assertEqual(api.get(address).status_code, 404)

    def test_refuses_what_is_not_understood(self):
        api = self.api(self.mo)
        for body in ({}, {"subject": "lab:invented-lab", "words": "x"}, {"subject": 1, "more": 2}, {"words": ""},
                     {"subject": "lab:invented-lab", "cadence": "hourly"}, {"subject": "x" * 201}):  # fmt: skip
            self.assertEqual(api.post("/api/v1/subscriptions", body).status_code, 400, body)
        for body in ({}, {"notices": [1], "up_to": 1}, {"notices": ["x"]}, {"up_to": 2**70}, {"notices": [1] * 201}):
            self.assertEqual(api.post("/api/v1/notices/reading", body).status_code, 400, body)
        self.assertEqual(api.get("/api/v1/notices?unread=maybe").status_code, 400)

    def test_shows_each_their_own(self):
        comment = self.say()
        rows = self.api(self.eve).get("/api/v1/notices?unread=true").json()["results"]
        self.assertEqual([row | {"id": 0, "created_at": ""} for row in rows], [{
            "id": 0, "verb": "comment.posted", "about": f"thread:{self.thread.pk}", "title": "Why so small?",
            "comment": comment.pk, "reason": "thread", "because": "you follow “Why so small?”", "created_at": "",
            "seen_at": None, "url": f"/c/{comment.pk}/",
        }])  # fmt: skip
        self.assertEqual(self.api(self.eve).get(f"/api/v1/notices/{rows[0]['id']}").status_code, 200)
        theirs = Subscription.objects.get(user=self.eve)
        for address in (f"/api/v1/notices/{rows[0]['id']}", f"/api/v1/subscriptions/{theirs.pk}"):
            self.assertEqual(self.api(self.mo).get(address).status_code, 404)
            self.assertEqual(self.as_().get(address).status_code, 401)
        self.assertEqual(self.api(self.mo).delete(f"/api/v1/subscriptions/{theirs.pk}").status_code, 404)
        self.assertTrue(Subscription.objects.filter(pk=theirs.pk).exists())

    def test_marks_as_read_once(self):
        self.say()
        notice = Notice.objects.get(user=self.eve)
        api = self.api(self.eve)
        answers = [api.post("/api/v1/notices/reading", {"notices": [notice.pk]}).json() for _ in range(2)]
        self.assertEqual(answers, [{"marked": 1}, {"marked": 0}])
        self.assertEqual(api.get("/api/v1/notices?unread=true").json()["results"], [])


class WaitingMailTests(NotifiedTestCase):
    def test_stopping_holds_back_what_waits_for_that_reason(self):
        follow(by=self.mo, subject=self.entry.subject, cadence=Cadence.IMMEDIATE)
        self.say()
        self.api(self.mo).delete(f"/api/v1/subscriptions/{Subscription.objects.get(user=self.mo).pk}")
        self.assertEqual(self.mailed(self.mo), [])
