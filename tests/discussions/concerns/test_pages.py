"""The pages of concerns, as visitors and people with an account see them."""

import re
from datetime import timedelta
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussions.concerns.actions import answer, open_concern, resolve
from discussions.concerns.models import OPEN_CALL_SIGNERS, Concern
from discussions.concerns.signing import sign
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, CommentDraft, Thread
from registry.accounts.actions import state_affiliation
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.history.recording import record
from tests.people import PlatformTestCase, make_person


class PageTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        state_affiliation(cls.eve, organisation="Example Daily", role="Reporter")
        cls.concern = open_concern(
            cls.entry.subject, "The <i>script</i> is missing", "Where is **it**?", cls.eve, clause=cls.clause
        )
        Concern.objects.update(opened_at=timezone.now() - timedelta(days=12))

    def now(self):
        return Concern.objects.with_comments().get(pk=self.concern.pk)

    def page(self, address, user=None):
        return unescape(self.as_(user).get(address).content.decode())

    def titles(self, query="", user=None):
        page = self.page(f"/concerns/{query}", user)
        return re.findall(r'<h3><a href="/concerns/\d+/">(.*?)</a></h3>', page)

    def open_call(self):
        for n in range(OPEN_CALL_SIGNERS):
            sign(self.now(), make_person(f"signer-{n}"))


class BoardTests(PageTestCase):
    def test_shows_what_waits_the_longest_wait_first_with_its_age_in_words(self):
        open_concern(self.norm.subject, "Too strict", "B", self.eve)
        answered = open_concern(self.entry.subject, "Answered", "B", self.eve)
        answer(answered, "So.", self.ada)
        page = self.page("/concerns/")

        self.assertEqual(self.titles(), ["The <i>script</i> is missing", "Too strict"])
        self.assertIn("Has waited for an answer from Invented Lab for 12 days.", page)
        self.assertIn("Has waited for an answer from those who keep the norms for less than a day.", page)
        self.assertIn("<title>Concerns · Daylight</title>", page)

    def test_narrows_by_state_kind_lab_subject_and_open_call(self):
        self.open_call()
        open_concern(self.norm.subject, "Too strict", "B", self.eve)
        answer(open_concern(self.entry.subject, "Answered", "B", self.eve), "So.", self.ada)
        script = "The <i>script</i> is missing"

        for query, found in {
            "?state=all": [script, "Too strict", "Answered"],
            "?state=all&order=newest": ["Answered", "Too strict", script],
            "?state=answered": ["Answered"],
            "?kind=norm": ["Too strict"],
            "?lab=invented-lab": [script],
            "?lab=nobody": [],
            "?subject=norm:N-1": ["Too strict"],
            "?subject=release:invented-lab/lamp&state=all": [script, "Answered"],
            "?open_call=true": [script],
            "?state=nonsense": [],
            "?kind=nonsense": [],
        }.items():
            with self.subTest(query=query):
                self.assertEqual(self.titles(query), found)

    def test_costs_the_same_queries_for_one_concern_and_for_thirty(self):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                self.as_().get("/concerns/?state=all")
            return len(queries)

        self.as_().get("/concerns/")  # warms what is read once a process
        one = cost()
        thread = start_thread(self.norm.subject, "Talk", "First.", self.eve)
        for n in range(29):
            said = post(thread, "text", self.mo)
            subject = Subject.objects.create(ref=f"concern:x{n}", kind="concern", title="x", path="/", public=True)
            Concern.objects.create(
                subject=subject, about=self.norm.subject, title=f"c{n}", thread=thread, opening=said, opened_by=self.mo
            )  # fmt: skip

        self.assertEqual(len(self.titles("?state=all")), 30)
        self.assertEqual((one, cost()), (3, 3))

    def test_leads_on_page_by_page(self):
        for n in range(2):
            open_concern(self.norm.subject, f"c{n}", "B", self.eve)
        first = Concern.objects.order_by("pk").first()

        self.assertEqual(self.titles(f"?after={first.pk}"), ["c0", "c1"])
        self.assertEqual(self.titles(f"?before={first.pk + 1}"), ["The <i>script</i> is missing"])
        self.assertEqual(self.as_().get("/concerns/?after=x").status_code, 404)

    def test_says_what_would_stand_there(self):
        Concern.objects.update(state="accepted")

        self.assertIn("No concern waits for an answer.", self.page("/concerns/"))
        self.assertIn("No concern fits these filters.", self.page("/concerns/?kind=run"))

    def test_has_a_feed_that_the_filters_narrow(self):
        open_concern(self.norm.subject, "Too strict", "B", self.mo)
        feed = self.as_().get("/concerns/feed/").content.decode()

        self.assertEqual(re.findall("<title>(.*?)</title>", feed)[1:], [
            "Too strict (N-1 Invented norm)", "The &lt;i&gt;script&lt;/i&gt; is missing (Lamp)",
        ])  # fmt: skip
        self.assertIn("Has waited for an answer from Invented Lab for 12 days.", feed)
        self.assertNotIn("Too strict", self.as_().get("/concerns/feed/?lab=invented-lab").content.decode())

    def test_is_in_the_navigation(self):
        self.assertIn('<a href="/concerns/" aria-current="true">Concerns</a>', self.page("/concerns/"))


class DetailTests(PageTestCase):
    def test_shows_the_concern_its_opener_answer_and_history(self):
        answer(self.now(), "Here *it* is.", self.ada)
        resolve(self.now(), "dissent_kept", self.eve, "That is another one.")
        page = self.page(f"/concerns/{self.concern.pk}/")

        self.assertIn("Answered after 12 days; the dissent stays.", page)
        self.assertIn('<div class="prose"><p>Where is <strong>it</strong>?</p></div>', page)
        self.assertIn('<b class="mark">official response of Invented Lab</b>', page)
        self.assertIn("Here <em>it</em> is.", page)
        self.assertIn("That is another one.", page)
        self.assertIn("Eve Example</a> <span>Reporter, Example Daily</span>", page)
        self.assertIn('<a href="/norms/N-1/c/1/">N-1/1</a>', page)
        history = page[page.index('id="history"') :]
        said = ["opened the concern", "answered it", "recorded that the dissent stays"]
        self.assertEqual(re.findall(r"</a> ([a-z ]+): <a", history), said)

    def test_shows_co_signers_with_their_ties_and_that_an_answer_is_due(self):
        sign(self.now(), self.bo)
        self.open_call()
        Concern.objects.update(open_call_at=timezone.now() - timedelta(days=3))
        page = self.page(f"/concerns/{self.concern.pk}/")

        self.assertIn("Co-signers (6, 5 independent)", page)
        self.assertEqual(page.count('<span class="tag">independent</span>'), 5)
        self.assertIn('Bo Example</a> <i class="tie">belongs to Invented Lab</i>', page)
        self.assertIn("It has been an open call for 3 days, and stays one until an answer from Invented Lab", page)

    def test_offers_each_reader_what_they_may_do_and_nothing_else(self):
        words = {
            "answer": "Answer for Invented Lab", "accepted": "Accept the answer", "open": "Say that it is not answered",
            "dissent_kept": "Record that the dissent stays", "withdrawn": "Withdraw the concern",
            "sign": "Co-sign with your name", "back": "Take your name back", "in": "Sign in to co-sign",
        }  # fmt: skip
        sign(self.now(), self.mo)

        def offered(user):
            page = self.page(f"/concerns/{self.concern.pk}/", user)
            return {name for name, said in words.items() if said in page}

        self.assertEqual(
            [offered(user) for user in (None, self.eve, self.ada, self.bo, self.mo)],
            [{"in"}, {"withdrawn"}, {"answer", "sign"}, {"sign"}, {"back"}],
        )
        answer(self.now(), "Here.", self.ada)
        self.assertEqual(
            [offered(user) for user in (self.eve, self.ada, self.bo)],
            [{"accepted", "dissent_kept", "open", "withdrawn"}, {"dissent_kept", "sign"}, {"sign"}],
        )
        resolve(self.now(), "accepted", self.eve)
        self.assertEqual([offered(user) for user in (None, self.eve, self.ada, self.mo)], [set()] * 4)

    def test_says_where_nobody_can_answer(self):
        self.lab.memberships.all().delete()

        self.assertIn("Nobody who speaks for Invented Lab has an account", self.page(f"/concerns/{self.concern.pk}/"))

    def test_names_the_one_that_it_takes_up_again_and_the_other_way_round(self):
        resolve(self.now(), "withdrawn", self.eve, "For now.")
        page = self.page(f"/concerns/{self.concern.pk}/", self.mo)
        self.assertIn(f"/concerns/new/?follows={self.concern.pk}", page)
        form = {"subject": self.entry.subject.ref, "follows": self.concern.pk, "title": "Again", "body": "Still."}
        where = self.as_(self.mo).post("/concerns/new/", form)["Location"]

        self.assertIn("Takes up again: <a href=", self.page(where))
        self.assertIn(f'Taken up again by <a href="{where}">Again</a>', self.page(f"/concerns/{self.concern.pk}/"))


class WritingTests(PageTestCase):
    def test_opens_a_concern_once_however_often_the_button_is_pressed(self):
        client = self.as_(self.bo)
        ref = self.entry.subject.ref
        page = client.get(f"/concerns/new/?subject={ref}").content.decode()
        once = re.search(r'name="once" value="(\w+)"', page)[1]
        form = {"subject": ref, "title": "Late", "body": "Why?", "clause": "N-1/2", "once": once}
        answers = [client.post("/concerns/new/", form) for _ in range(2)]

        concern = Concern.objects.get(title="Late")
        self.assertEqual([a["Location"] for a in answers], [f"/concerns/{concern.pk}/"] * 2)
        self.assertEqual((concern.clause.key, concern.opened_by), ("N-1/2", self.bo))

    def test_keeps_what_was_typed_when_it_is_refused_or_only_looked_at(self):
        ref = self.entry.subject.ref
        good = {"subject": ref, "title": "Late", "body": "Why **now**?"}
        for change in ({"title": ""}, {"title": "x" * 201}, {"body": ""}, {"clause": "N-9/9"}, {"title": "a\0b"}):
            with self.subTest(change=change):
                response = self.as_(self.bo).post("/concerns/new/", good | change)
                self.assertEqual(response.status_code, 400)
                self.assertIn("Why **now**?" if "body" not in change else "Late", response.content.decode())
        preview = self.as_(self.bo).post("/concerns/new/", good | {"preview": "1"})
        self.assertContains(preview, "<p>Why <strong>now</strong>?</p>")
        self.assertEqual(Concern.objects.count(), 1)

    def test_keeps_a_draft_and_what_a_visitor_typed(self):
        ref = self.entry.subject.ref
        form = {"subject": ref, "title": "Late", "body": "Typed."}
        saved = self.as_(self.bo).post("/concerns/new/", form, headers={"X-Autosave": "1"})
        sent = self.as_().post("/concerns/new/", form)

        self.assertEqual(saved.status_code, 200)
        self.assertEqual(CommentDraft.objects.get(user=self.bo).body, "Typed.")
        self.assertIn("/accounts/login/?next=/concerns/new/%3Fsubject%3D", sent["Location"])
        self.assertIn("Typed.", self.page(f"/concerns/new/?subject={ref}", self.bo))
        self.as_(self.bo).post("/concerns/new/", form)
        self.assertFalse(CommentDraft.objects.exists())

    def test_is_opened_from_ones_own_comment_by_a_link_in_the_thread(self):
        thread = start_thread(self.entry.subject, "Talk", "First.", self.ada)
        said = post(thread, "I object.", self.bo)
        address = f"/concerns/new/?comment={said.pk}"
        self.assertIn(address, self.page(f"/t/{thread.pk}/", self.bo))
        self.assertNotIn(address, self.page(f"/t/{thread.pk}/", self.ada))
        self.assertEqual(self.as_(self.ada).get(address).status_code, 403)
        self.assertIn("I object.", self.page(address, self.bo))

        where = self.as_(self.bo).post("/concerns/new/", {"comment": said.pk, "title": "An objection"})["Location"]
        shown = self.page(f"/t/{thread.pk}/", self.bo)
        self.assertNotIn(address, shown)
        self.assertIn(f'<b class="mark concern"><a href="{where}">opens a concern: An objection (open)</a></b>', shown)

    def test_answers_and_resolves_through_the_forms(self):
        base = f"/concerns/{self.concern.pk}/"
        self.as_(self.ada).post(f"{base}answer/", {"body": "Here."})
        self.assertEqual(self.now().state, "answered")
        refused = self.as_(self.eve).post(f"{base}resolution/open/", {"body": " "})
        self.assertEqual(refused.status_code, 400)
        self.as_(self.eve).post(f"{base}resolution/accepted/", {"body": ""})
        self.assertEqual(self.now().state, "accepted")

    def test_an_act_that_is_not_possible_now_is_told_before_anything_is_typed(self):
        base = f"/concerns/{self.concern.pk}/"
        self.assertEqual(self.as_(self.eve).get(f"{base}resolution/accepted/").status_code, 409)
        self.assertEqual(self.as_(self.eve).get(f"{base}resolution/nonsense/").status_code, 404)
        late = self.as_(self.eve).post(f"{base}resolution/accepted/", {"body": "Typed text."})
        self.assertEqual(late.status_code, 400)
        self.assertContains(late, "Typed text.", status_code=400)
        self.assertEqual(self.as_(self.bo).get(f"{base}answer/").status_code, 403)

    def test_signs_and_takes_back_by_buttons(self):
        base = f"/concerns/{self.concern.pk}/"
        client = self.as_(self.mo)
        self.assertEqual(client.get(f"{base}signature/").status_code, 405)
        for _ in range(2):
            self.assertEqual(client.post(f"{base}signature/")["Location"], base)
        self.assertEqual(self.now().signers, 1)
        client.post(f"{base}signature/withdrawal/")
        self.assertEqual(self.now().signers, 0)
        self.assertEqual(self.as_(self.eve).post(f"{base}signature/").status_code, 403)


class OtherPagesTests(PageTestCase):
    def test_of_what_it_is_about_count_it_and_lead_to_the_board(self):
        page = self.page("/releases/invented-lab/lamp/")

        self.assertIn(
            '<a class="concerns" href="/concerns/?subject=release:invented-lab/lamp">1 open concern</a>', page
        )
        self.assertIn('href="/concerns/new/?subject=release:invented-lab/lamp"', page)
        self.assertIn("The <i>script</i> is missing", page)

    def test_of_the_lab_show_open_calls_that_wait(self):
        self.assertNotIn("The <i>script</i> is missing", self.page("/labs/invented-lab/").partition("History")[0])
        self.open_call()

        self.assertIn("The <i>script</i> is missing", self.page("/labs/invented-lab/").partition("History")[0])


class TakenFromViewTests(PageTestCase):
    """Every way in which a concern can go out of view, and every place where it could still be read."""

    SECRET = "The <i>script</i> is missing"

    def everywhere(self, user=None):
        client, api = self.as_(user), self.api(user)
        pk, ref = self.concern.pk, self.entry.subject.ref
        for address in (
            "/concerns/?state=all", f"/concerns/{pk}/", f"/concerns/{pk}/feed/", "/concerns/feed/", "/activity/",
            "/activity/feed/", "/labs/invented-lab/", "/releases/invented-lab/lamp/", "/search/?q=missing",
            f"/concerns/?subject={ref}", f"/concerns/new/?follows={pk}", f"/concerns/{pk}/answer/",
            f"/concerns/{pk}/resolution/withdrawn/", "/people/eve/", "/people/eve/feed/",
        ):  # fmt: skip
            yield address, unescape(unescape(client.get(address).content.decode()))
        for address in (
            "/api/v1/concerns", f"/api/v1/concerns/{pk}", f"/api/v1/concerns/{pk}/signatures", "/api/v1/events",
            "/api/v1/search?q=missing",
        ):  # fmt: skip
            yield address, api.get(address).content.decode()

    def seen(self, *words):
        return [
            (address, word) for user in (None, self.mo) for address, page in self.everywhere(user)
            for word in words if word in page
        ]  # fmt: skip

    def moderated(self, subject):
        """What a decision of moderation does last."""
        record("moderation.hid", subject, by=None, public=False)

    def test_with_its_discussion(self):
        self.assertIn(("/concerns/?state=all", self.SECRET), self.seen(self.SECRET))
        thread = self.concern.thread
        Thread.objects.filter(pk=thread.pk).update(hidden=True)
        Subject.objects.filter(pk=thread.subject_id).update(hidden=True)
        self.moderated(thread.subject)

        self.assertEqual(self.seen(self.SECRET, "open concern<"), [])
        self.assertEqual(Subject.objects.get(pk=self.entry.subject_id).open_concerns, 0)
        for address in ("", "feed/", "answer/"):
            self.assertEqual(self.as_(self.ada).get(f"/concerns/{self.concern.pk}/{address}").status_code, 404)
        Thread.objects.filter(pk=thread.pk).update(hidden=False)
        Subject.objects.filter(pk=thread.subject_id).update(hidden=False)
        self.moderated(thread.subject)
        self.assertEqual(Subject.objects.get(pk=self.entry.subject_id).open_concerns, 1)
        self.assertIn(("/search/?q=missing", self.SECRET), self.seen(self.SECRET))

    def test_by_itself(self):
        subject = self.concern.subject
        Subject.objects.filter(pk=subject.pk).update(hidden=True)
        self.moderated(subject)

        # Its discussion, which bears the same title, is still to be read.
        discussed = {
            "/releases/invented-lab/lamp/", "/search/?q=missing", "/api/v1/search?q=missing", "/activity/",
            "/activity/feed/", "/labs/invented-lab/", "/api/v1/events", "/people/eve/", "/people/eve/feed/",
        }  # fmt: skip
        self.assertEqual({address for address, _ in self.seen(self.SECRET)} - discussed, set())
        self.assertEqual(Subject.objects.get(pk=self.entry.subject_id).open_concerns, 0)
        self.assertEqual(self.api().get(f"/api/v1/concerns/{self.concern.pk}").status_code, 404)

    def test_by_its_opening_comment_keeps_its_place_under_another_title(self):
        # Raised in a discussion with another title, so that every trace of this one is the concern's.
        said = post(start_thread(self.norm.subject, "Talk", "First.", self.ada), "zqbodyqz", self.eve)
        where = self.as_(self.eve).post("/concerns/new/", {"comment": said.pk, "title": "zqtitleqz"})["Location"]
        self.concern = Concern.objects.get(opening=said)
        answer(self.now(), "So it is.", self.mo)
        self.assertTrue(self.seen("zqtitleqz"))
        Comment.objects.filter(pk=said.pk).update(hidden=True)
        self.moderated(said.thread.subject)

        self.assertEqual(self.seen("zqtitleqz", "zqbodyqz"), [])
        self.assertNotIn("zqtitleqz", self.page(f"/t/{said.thread_id}/"))
        self.assertIn("A concern taken from view", self.page(where))
        self.assertIn("A concern taken from view", self.titles("?state=all"))
        self.assertFalse([e for e in Event.objects.all() if "zqtitleqz" in str(e.data)])

    def test_with_what_it_is_about(self):
        for change in ({"hidden": True}, {"public": False}):
            with self.subTest(change=change):
                Subject.objects.filter(pk=self.entry.subject_id).update(**change)
                ours = [a for a, _ in self.seen(self.SECRET) if a.startswith(("/concerns", "/api/v1/concerns"))]
                self.assertEqual(ours, [])
                Subject.objects.filter(pk=self.entry.subject_id).update(hidden=False, public=True)

    def test_goes_where_its_comment_goes(self):
        other = start_thread(self.norm.subject, "Elsewhere", "First.", self.mo)
        Comment.objects.filter(pk=self.concern.opening_id).update(thread=other, number=9, path="0009")
        self.moderated(other.subject)

        concern = self.now()
        self.assertEqual((concern.thread, concern.about, concern.lab), (other, self.norm.subject, None))
        counts = Subject.objects.filter(pk__in=[self.entry.subject_id, self.norm.subject_id]).order_by("pk")
        self.assertEqual([subject.open_concerns for subject in counts], [0, 1])
