from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussions.moderation import actions
from discussions.moderation.models import Decision, Report
from discussions.threads.actions import post
from discussions.threads.marks import set_mark
from discussions.threads.models import CommentDraft, Thread
from tests.people import make_person

from .people import ModerationTestCase


class ThreadPageTests(ModerationTestCase):
    def page(self, user=None):
        return self.as_(user).get(f"/t/{self.thread.pk}/")

    def test_shows_a_placeholder_with_rule_role_and_reason_where_a_comment_was_hidden(self):
        decision = self.hide(reason="<b>It insults.</b>")
        html = self.page().text
        assert "You are a fool" not in html and "I am not." in html
        assert (
            f'<article class="comment tomb" id="c-{self.second.pk}"><div class="prose"><p>Taken from view by a '
            "moderator under R1, argue about the decision, not the person. Reason: &lt;b&gt;It insults.&lt;/b&gt;. "
            f'<a href="/moderation/decisions/{decision.pk}/">The decision.</a> Replies stay.</p></div>'
        ) in html

    def test_says_nothing_else_of_what_was_hidden(self):
        set_mark(self.second, "concern", "opens the concern “You are all fools”")
        self.hide()
        html = self.page().text
        assert "You are all fools" not in html and "Eve Example" not in html

    def test_of_a_visitor_changes_when_a_lock_ends(self):
        before = self.page()["ETag"]
        self.lock()
        during = self.page()
        assert "Locked until" in during.text and "This discussion is closed." in during.text
        # As many versions later, and the lock over.
        Thread.objects.update(locked_until="2020-01-01T00:00Z")
        thread = Thread.objects.get(pk=self.thread.pk)
        thread.notices[0]["until"] = "2020-01-01T00:00:00+00:00"
        thread.save(update_fields=["notices"])
        after = self.page()
        assert "Locked until" not in after.text and "This discussion is closed." not in after.text
        assert len({before, during["ETag"], after["ETag"]}) == 3

    def test_lists_call_it_closed_while_it_is_locked(self):
        self.lock()
        assert "· closed" in self.as_().get("/threads/").text
        Thread.objects.update(locked_until="2020-01-01T00:00Z")
        assert "· closed" not in self.as_().get("/threads/").text

    def test_a_refused_post_keeps_its_text_in_the_form_and_as_a_draft(self):
        self.slow()
        answer = self.as_(self.ida).post(f"/t/{self.thread.pk}/reply/", {"body": "A long thought.", "once": "a"})
        assert answer.status_code == 400
        assert "A long thought." in answer.text and "You can post again in 10 minutes" in answer.text
        assert CommentDraft.objects.get(user=self.ida).body == "A long thought."

    def test_offers_to_report_to_those_who_are_signed_in(self):
        report = f'<a href="/c/{self.second.pk}/report/">report</a>'
        assert report in self.page(self.ida).text and report not in self.page().text
        assert "moderate" not in self.page(self.ida).text
        for path in (f"/t/{self.thread.pk}/moderate/", f"/c/{self.second.pk}/moderate/"):
            assert f'href="{path}"' in self.page(self.mo).text


class ReportPageTests(ModerationTestCase):
    def test_reports_once_and_shows_what_became_of_it(self):
        browser = self.as_(self.ida)
        form = browser.get(f"/c/{self.second.pk}/report/").text
        assert "Report #2 in “Is it safe?” to moderators" in form
        said = {"rule": "R1", "text": "Look.", "once": "x"}
        for _ in range(2):
            assert browser.post(f"/c/{self.second.pk}/report/", said).url == "/moderation/reports/"
        assert Report.objects.count() == 1
        assert "It waits for a moderator." in browser.get("/moderation/reports/").text
        again = browser.post(f"/c/{self.second.pk}/report/", said | {"once": "y"})
        assert again.status_code == 400 and "You have reported this already" in again.text

        actions.decline(self.second, answer="Sharp, not insulting.", by=self.mo)
        assert "Sharp, not insulting." in browser.get("/moderation/reports/").text
        assert "Sharp" not in self.as_(self.bo).get("/moderation/reports/").text

    def test_of_a_discussion_can_name_a_comment(self):
        browser = self.as_(self.ida)
        path = f"/t/{self.thread.pk}/report/"
        assert browser.post(path, {"number": "2", "rule": "R1"}).status_code == 302
        assert Report.objects.get().comment == self.second
        missing = browser.post(path, {"number": "99", "rule": "R1"})
        assert missing.status_code == 400 and "There is no comment #99" in missing.text

    def test_of_what_is_hidden_is_not_there(self):
        self.hide()
        assert self.as_(self.ida).get(f"/c/{self.second.pk}/report/").status_code == 404


class QueueTests(ModerationTestCase):
    def test_groups_reports_by_thing_and_says_whose_they_are(self):
        for person in (self.ida, self.bo):
            actions.report(self.second, rule="R1", text="Look here.", by=person)
        html = self.as_(self.ned).get("/moderation/").text
        assert "2 reports under R1" in html and "Yours to decide." in html
        tied = self.as_(self.tia).get("/moderation/").text
        assert "Not yours: you are tied to what it is about (Invented Lab)." in tied
        assert self.as_(self.ida).get("/moderation/").status_code == 404

    def test_costs_the_same_queries_for_one_thing_and_twenty(self):
        browser, counted = self.as_(self.ned), []
        for number in (1, 20):
            for turn in range(number):
                comment = post(self.thread, "Another.", self.ida)
                actions.report(comment, rule="R4", by=(self.bo, self.eve)[turn % 2])
            browser.get("/moderation/")
            with CaptureQueriesContext(connection) as queries:
                assert browser.get("/moderation/").status_code == 200
            counted.append(len(queries))
        assert counted[0] == counted[1], counted

    def test_lists_appeals_and_proposals_and_who_may_answer_them(self):
        actions.appeal(self.hide(), text="Why?", by=self.eve)
        actions.decide("remove", self.third, rule="R6", reason="The law.", by=self.mo)
        own, other = (self.as_(person).get("/moderation/").text for person in (self.mo, self.ned))
        assert "Not yours: you had part in the decision." in own and "You proposed it" in own
        assert "Yours to answer." in other and "Yours to confirm or refuse." in other


class CaseTests(ModerationTestCase):
    def test_decides_by_a_form_whose_button_says_what_will_happen_to_whom(self):
        browser = self.as_(self.mo)
        path = f"/c/{self.second.pk}/moderate/"
        assert "Take #2 from everyone’s view and write to Eve Example" in browser.get(path).text
        said = {"act": "hide", "hide-rule": "R1", "hide-reason": "It insults.", "once": "z"}
        answers = [browser.post(path, said).url for _ in range(2)]
        assert answers == [f"/moderation/decisions/{Decision.objects.get().pk}/"] * 2
        self.second.refresh_from_db()
        assert self.second.hidden
        assert "You are a fool." in browser.get(path).text

    def test_shows_what_is_wrong_beside_its_field(self):
        said = {"act": "hide", "hide-rule": "R1", "hide-reason": ""}
        answer = self.as_(self.mo).post(f"/c/{self.second.pk}/moderate/", said)
        assert answer.status_code == 400 and not Decision.objects.exists()

    def test_says_so_when_somebody_was_faster(self):
        self.hide(by=self.ned)
        said = {"act": "hide", "hide-rule": "R1", "hide-reason": "It insults.", "once": "z"}
        answer = self.as_(self.mo).post(f"/c/{self.second.pk}/moderate/", said)
        assert answer.status_code == 400 and "This is decided already: in force." in answer.text

    def test_of_an_act_that_is_not_there_is_404(self):
        assert self.as_(self.mo).post(f"/c/{self.second.pk}/moderate/", {"act": "lock"}).status_code == 404

    def test_offers_nothing_to_whoever_is_tied_and_takes_nothing_from_them(self):
        browser = self.as_(self.tia)
        for path, act in (
            (f"/c/{self.second.pk}/moderate/", "hide"), (f"/t/{self.thread.pk}/moderate/", "lock"),
            ("/people/eve/moderate/", "suspend"),
        ):  # fmt: skip
            page = browser.get(path).text
            assert "Not yours: you are tied" in page and 'name="act"' not in page
            said = {"act": act, f"{act}-rule": "R1", f"{act}-reason": "x", f"{act}-days": "7"}
            assert browser.post(path, said).status_code == 403
        assert not Decision.objects.exists()

    def test_locks_slows_moves_and_suspends(self):
        browser = self.as_(self.mo)
        for path, act, more in (
            (f"/t/{self.thread.pk}/moderate/", "lock", {"days": "3"}),
            (f"/t/{self.thread.pk}/moderate/", "slow", {"days": "3", "minutes": "10"}),
            (f"/t/{self.thread.pk}/moderate/", "move", {"to": "norm:N-1"}),
            ("/people/eve/moderate/", "suspend", {"days": "7"}),
        ):  # fmt: skip
            said = {"rule": "R4", "reason": "Because."} | more
            answer = browser.post(path, {"act": act} | {f"{act}-{name}": value for name, value in said.items()})
            assert answer.status_code == 302, (act, answer.text)
        assert list(Decision.objects.order_by("pk").values_list("kind", flat=True)) == [
            "lock", "slow", "move", "suspend",
        ]  # fmt: skip
        self.eve.refresh_from_db()
        assert self.eve.is_suspended


class DecisionPageTests(ModerationTestCase):
    def test_shows_the_text_to_its_author_and_moderators_only(self):
        path = self.hide().get_absolute_url()
        people = (None, self.ida, self.ada, self.eve, self.ned)
        shown = ["You are a fool." in self.as_(user).get(path).text for user in people]
        assert shown == [False, False, False, True, True]

    def test_of_a_proposal_is_for_moderators(self):
        path = self.propose().get_absolute_url()
        statuses = [self.as_(user).get(path).status_code for user in (None, self.eve, self.ned)]
        assert statuses == [404, 404, 200]

    def test_leads_through_appeal_and_answer(self):
        path = self.hide().get_absolute_url()
        assert "id_text" in self.as_(self.eve).get(path).text
        assert self.as_(self.eve).post(f"{path}appeal/", {"text": "A quotation.", "once": "1"}).status_code == 302
        said = {"outcome": "overturned", "answer": "It was.", "once": "2"}
        assert "Not yours: you had part" in self.as_(self.mo).get(path).text
        assert self.as_(self.mo).post(f"{path}judge/", said).status_code == 400
        assert self.as_(self.ned).post(f"{path}judge/", said).status_code == 302
        public = self.as_().get(path).text
        assert "Overturned on appeal." in public and "It was." in public and "A quotation." not in public

    def test_confirms_by_a_second_moderator(self):
        path = self.propose().get_absolute_url()
        assert self.as_(self.mo).post(f"{path}confirm/").status_code == 403
        assert self.as_(self.tia).post(f"{path}confirm/").status_code == 403
        assert self.as_(self.ned).post(f"{path}confirm/", {"once": "3"}).status_code == 302
        self.second.refresh_from_db()
        assert self.second.body == ""

    def test_takes_back(self):
        path = self.hide().get_absolute_url()
        assert self.as_(self.ned).post(f"{path}restore/", {"reason": ""}).status_code == 400
        assert self.as_(self.ned).post(f"{path}restore/", {"reason": "A mistake."}).status_code == 302
        self.second.refresh_from_db()
        assert not self.second.hidden


class LogTests(ModerationTestCase):
    def test_lists_every_decision_with_rule_name_reason_and_outcome_and_no_hidden_word(self):
        appeal = actions.appeal(self.hide(), text="Why?", by=self.eve)
        actions.judge(appeal, outcome="upheld", answer="As said.", by=self.ned)
        self.propose()
        self.lock()
        html = self.as_().get("/moderation/log/").text
        for said in ("#2 in “Is it safe?”: taken from view", "Mo Example", "It insults.", "the decision stands, says",
                     "“Is it safe?”: locked"):  # fmt: skip
            assert said in html, said
        assert "You are a fool" not in html and "The law." not in html and "erased" not in html.split("<ol")[1]

    def test_never_names_a_discussion_that_was_taken_from_view(self):
        self.hide(self.thread)
        for path in ("/moderation/log/", "/moderation/log/feed/", "/api/v1/moderation-log"):
            text = self.as_().get(path).content.decode()
            assert "Is it safe?" not in text and "a discussion that was taken from view" in text.lower(), path

    def test_is_narrowed_by_kind_and_rule_and_says_when_nothing_fits(self):
        self.hide()
        self.lock()
        browser = self.as_()
        assert "locked</a>" not in browser.get("/moderation/log/?kind=hide").text
        assert "No decision fits these filters." in browser.get("/moderation/log/?kind=move&rule=R4").text
        assert browser.get("/moderation/log/?kind=zzz&rule=R99").status_code == 200

    def test_costs_the_same_queries_for_one_and_twenty(self):
        counted = []
        for number in (1, 20):
            for _ in range(number):
                self.hide(post(self.thread, "Another.", self.ida))
            with CaptureQueriesContext(connection) as queries:
                self.as_().get("/moderation/log/")
            counted.append(len(queries))
        assert counted[0] == counted[1]

    def test_has_a_feed(self):
        decision = self.hide()
        feed = self.as_().get("/moderation/log/feed/")
        assert feed["Content-Type"].startswith("application/atom+xml")
        assert f"/moderation/decisions/{decision.pk}/" in feed.text and "You are a fool" not in feed.text

    def test_empty_says_what_would_stand_there(self):
        assert "Nothing has been moderated so far." in self.as_().get("/moderation/log/").text
        assert "Nothing has been reported or decided so far." in self.as_().get("/moderation/figures/").text


class FiguresTests(ModerationTestCase):
    def test_are_counted_from_the_log(self):
        actions.report(self.second, rule="R1", by=self.ida)
        appeal = actions.appeal(self.hide(), text="Why?", by=self.eve)
        actions.judge(appeal, outcome="overturned", answer="So.", by=self.ned)
        actions.report(self.third, rule="R4", by=self.bo)
        actions.decline(self.third, answer="No.", by=self.mo)
        self.lock()
        Decision.objects.exclude(reported_at=None).update(reported_at="2020-01-01T00:00Z", at="2020-01-01T06:00Z")
        html = self.as_().get("/moderation/figures/").text
        assert "2 received: 1 led to a decision, 1 did not, 0 wait" in html
        assert "1 received: 1 overturned the decision, 0 did not, 0 wait, 0 settled before" in html
        assert "was decided within 6 hours" in html and "2020, quarter 1" in html


class PersonPageTests(ModerationTestCase):
    def test_leads_to_a_report_but_not_of_oneself(self):
        assert "/people/eve/report/" in self.as_(self.ida).get("/people/eve/").text
        assert "/people/eve/report/" not in self.as_(self.eve).get("/people/eve/").text
        assert self.as_(self.eve).get("/people/eve/report/").status_code == 403
        other = make_person("zoe", "Zoe Example")
        assert self.as_(other).post("/people/eve/report/", {"rule": "R3"}).status_code == 302
        assert Report.objects.get().person == self.eve
