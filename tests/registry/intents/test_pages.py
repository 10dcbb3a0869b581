"""The pages and feeds of intents, without script."""

from html import unescape

from discussions.concerns.actions import answer, open_concern
from discussions.moderation import actions as moderation
from registry.core.subjects import Subject
from registry.intents.actions import change, make_final, withdraw
from registry.intents.models import Intent
from registry.releases.actions import publish, save_draft
from registry.search.queries import find
from tests.people import CONTENT, PlatformTestCase, make_person

from .plans import AHEAD, close_window, day, intend, look_back_came, now, plan

NEW = "/releases/invented-lab/lamp/intents/new/"
OTHERWISE = {"outcome": "changed", "decision": "We wait for the audit."}


def typed(**changes):
    said = plan(time_zone="Europe/Berlin", **changes)
    return {name: "" if value is None else str(value) for name, value in said.items()}


class PageCase(PlatformTestCase):
    def text(self, address, user=None, status=200):
        response = self.as_(user).get(address)
        assert response.status_code == status, (address, response.status_code)
        return unescape(response.content.decode())


class AnnouncePageTests(PageCase):
    def test_form_announces_and_leads_to_the_page(self):
        response = self.as_(self.ada).post(NEW, typed())

        made = Intent.objects.get()
        self.assertRedirects(response, f"/intents/{made.pk}/")
        page = self.text(f"/intents/{made.pk}/")
        assert "Give the 7B weights to everybody" in page and "Open for comment until" in page
        assert "in Europe/Berlin (" in page and "UTC)" in page
        assert "Start a discussion" in page and "Open a concern" in page

    def test_form_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed(self):
        response = self.as_(self.ada).post(NEW, typed(closes_on=day(3)))

        page = unescape(response.content.decode())
        assert response.status_code == 400 and "14 days at least" in page
        assert "Nobody has found a misuse" in page and f'value="{day(3)}"' in page
        assert not Intent.objects.exists()

    def test_form_offers_the_stages_that_are_ahead(self):
        save_draft(self.entry, self.entry.draft | {"stages": [*self.entry.draft["stages"], AHEAD]}, by=self.ada)

        page = self.text(NEW, self.ada)
        assert "Stage 2: Weights of 1B: downloadable; application, decided by a person; verified researchers" in page
        assert "Stage 1" not in page and "Secret stage" not in page

    def test_form_sent_twice_announces_once(self):
        ada = self.as_(self.ada)
        first, second = (ada.post(NEW, typed() | {"once": "x" * 30}) for _ in range(2))

        assert first["Location"] == second["Location"]
        assert Intent.objects.count() == 1

    def test_form_keeps_what_was_typed_by_somebody_whose_session_ended(self):
        visitor = self.as_()
        visitor.post(NEW, typed())
        visitor.force_login(self.ada, backend="django.contrib.auth.backends.ModelBackend")

        self.assertContains(visitor.get(NEW), "Nobody has found a misuse")

    def test_form_is_there_for_those_alone_who_speak_for_the_lab(self):
        assert self.as_(self.bo).get(NEW).status_code == 403
        assert self.as_(self.eve).post(NEW, typed()).status_code == 403
        assert self.as_().get(NEW)["Location"].startswith("/accounts/login/")


class IntentPageTests(PageCase):
    def setUp(self):
        super().setUp()
        self.intent = intend(self.entry, self.ada)
        self.address = self.intent.get_absolute_url()

    def test_final_is_refused_with_links_to_the_concerns_and_taken_once_they_have_answers(self):
        concern = open_concern(self.intent.subject, "Who <checks> it?", "Say who.", self.eve)
        close_window(self.intent)
        ada = self.as_(self.ada)

        response = ada.post(f"{self.address}decision/", OTHERWISE)
        said = f'One open concern has no answer yet: <a href="/concerns/{concern.pk}/">Who &lt;checks&gt; it?</a>.'
        self.assertContains(response, said, status_code=400)
        self.assertContains(response, "We wait for the audit.", status_code=400)
        assert "It cannot be made final yet" in self.text(self.address)

        answer(concern, "No, for it costs too much.", self.ada)
        self.assertRedirects(ada.post(f"{self.address}decision/", OTHERWISE), self.address)
        assert "Decided otherwise than announced" in self.text(self.address)

    def test_final_links_to_the_revision(self):
        close_window(self.intent)
        earlier = self.as_(self.ada).get(f"{self.address}decision/")
        self.assertNotContains(earlier, 'value="1"')
        save_draft(self.entry, self.entry.draft | {"summary": "Another."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="As announced.")
        ada = self.as_(self.ada)
        self.assertContains(ada.get(f"{self.address}decision/"), 'value="2"')

        ada.post(f"{self.address}decision/", {"outcome": "carried_out", "revision": "2"})
        self.assertContains(self.as_().get(self.address), 'href="/releases/invented-lab/lamp/r/2/"')

    def test_change_shows_old_and_new_with_reason(self):
        ada = self.as_(self.ada)
        form = typed(planned_on=day(60), why="Another reason.") | {"reason": "We were asked.", "version": "1"}
        self.assertRedirects(ada.post(f"{self.address}change/", form), self.address)

        page = self.text(self.address)
        assert "<del>Nobody has found a misuse of the small ones.</del>" in page
        assert "<ins>Another reason.</ins>" in page and "We were asked." in page and "version 2" in page
        again = ada.post(f"{self.address}change/", form | {"why": "A third."})
        self.assertContains(again, "Somebody changed this intent", status_code=400)
        self.assertContains(again, "A third.", status_code=400)

    def test_withdrawn_one_stays_readable_with_the_reason(self):
        self.as_(self.ada).post(f"{self.address}withdrawal/", {"reason": "The audit failed."})

        page = self.text(self.address)
        assert "This intent was withdrawn." in page and "The audit failed." in page
        assert "Make it final" not in self.text(self.address, self.ada)

    def test_absent_look_back_shows_on_intent_entry_and_lab_and_in_the_list(self):
        make_final(close_window(self.intent), OTHERWISE, by=self.ada)
        filtered = "/intents/?state=look_back_overdue"
        pages = (self.address, "/releases/invented-lab/lamp/", "/labs/invented-lab/", filtered)
        for page in pages[1:]:
            assert self.intent.title not in self.text(page).split("<h2>History")[0], page
        look_back_came(self.intent, 40)
        for page in pages:
            assert "look-back is overdue" in self.text(page), page

        form = {"verdict": "no_longer", "look_back": "Three misuses were found."}
        self.assertRedirects(self.as_(self.ada).post(f"{self.address}look-back/", form), self.address)
        assert "Three misuses were found." in self.text(self.address)
        for page in pages:
            assert "look-back is overdue" not in self.text(page), page

    def test_announced_one_is_told_on_the_pages_of_entry_and_lab(self):
        for page in ("/releases/invented-lab/lamp/", "/labs/invented-lab/"):
            assert self.address in self.text(page) and "Open for comment until" in self.text(page)

    def test_others_see_no_buttons_and_cannot_open_the_forms(self):
        assert "Make it final" in self.text(self.address, self.ada)
        for person in (None, self.eve, self.bo, self.mo):
            assert "Make it final" not in self.text(self.address, person)
        for act in ("change", "decision", "withdrawal", "look-back"):
            assert self.as_(self.eve).get(f"{self.address}{act}/").status_code == 403

    def test_is_found_by_search(self):
        assert self.intent.subject in find("misuse small", self.eve)

    def test_what_moderators_take_from_view_is_gone_from_everywhere(self):
        subject = Subject.objects.get(pk=self.intent.subject_id)
        ned = make_person("ned", is_moderator=True)
        moderation.decide("hide", subject, rule="R1", reason="It insults.", by=ned)

        assert self.as_().get(self.address).status_code == 410
        for page in ("/intents/", "/intents/feed/", self.entry.get_absolute_url(), "/labs/invented-lab/", "/activity/"):
            assert self.intent.title not in self.text(page), page

    def test_entry_that_is_taken_from_view_takes_its_intents_along(self):
        subject = Subject.objects.get(pk=self.entry.subject_id)
        proposal = moderation.decide("hide", subject, rule="R1", reason="It insults.", by=self.mo)
        moderation.confirm(proposal, by=make_person("ned", is_moderator=True))

        assert self.as_().get(self.address).status_code in (404, 410)
        assert self.intent.title not in self.text("/intents/") + self.text("/labs/invented-lab/")


class ListTests(PageCase):
    def test_filters_show_each_phase(self):
        names = ("open", "waiting", "ready", "final", "withdrawn", "look_back_due", "look_back_overdue")
        made = {name: intend(self.entry, self.ada, title=f"Plan {name}") for name in names}
        open_concern(made["waiting"].subject, "Why?", "Say.", self.eve)
        for name in names[2:]:
            close_window(made[name])
        for name in ("final", "look_back_due", "look_back_overdue"):
            make_final(made[name], OTHERWISE, by=self.ada)
        withdraw(made["withdrawn"], "No.", by=self.ada)
        look_back_came(made["look_back_due"], 2)
        look_back_came(made["look_back_overdue"], 50)

        expected = {
            "": set(names), "open": {"open", "waiting"}, "waiting": {"waiting"}, "ready": {"ready"},
            "final": {"final", "look_back_due", "look_back_overdue"}, "withdrawn": {"withdrawn"},
            "look_back_due": {"look_back_due", "look_back_overdue"}, "look_back_overdue": {"look_back_overdue"},
        }  # fmt: skip
        for state, found in expected.items():
            for address in (f"/intents/?state={state}", f"/intents/feed/?state={state}"):
                page = self.text(address)
                shown = {name for name in names if f"/intents/{made[name].pk}/" in page}
                assert shown == found, (address, shown)
        assert "No intent fits" in self.text("/intents/?lab=nobody")
        assert "No intent fits" in self.text("/intents/?state=odd")

    def test_empty_list_says_how_one_gets_there(self):
        assert "No lab has announced an intent so far" in self.text("/intents/")

    def test_costs_the_same_however_many_there_are(self):
        def queries():
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as asked:
                self.text("/intents/")
            return len(asked)

        intend(self.entry, self.ada)
        first = queries()
        for number in range(4):
            intend(self.entry, self.ada, title=f"Plan {number}")
        assert queries() == first


class DraftTests(PageCase):
    """Of a draft readers see what its lab announced and nothing else."""

    def test_nothing_of_the_draft_but_the_announcement_is_shown_anywhere(self):
        entry = self.draft(
            "zqcanaryslug", title="Zqcanarytitle", summary="Zqcanarysummary", rationale="Zqcanaryrationale",
            stages=[CONTENT["stages"][0] | {"title": "Zqcanarystage"}, AHEAD | {"title": "Zqcanaryahead"}],
        )  # fmt: skip
        intent = intend(entry, self.ada, artefact="A small model", stage=2)
        concern = open_concern(intent.subject, "Why?", "Say.", self.eve)
        answer(concern, "No.", self.ada)
        change(intent, {"why": "Another.", "reason": "So."}, by=self.ada)
        at = intent.get_absolute_url()
        pages = [
            at, f"{at}feed/", "/intents/", "/intents/feed/", "/labs/invented-lab/", "/labs/invented-lab/feed/",
            "/activity/", f"/concerns/{concern.pk}/", "/api/v1/intents", f"/api/v1/intents/{intent.pk}",
            f"/api/v1/intents/{intent.pk}/changes", "/api/v1/events", "/search/?q=announced", "/",
        ]  # fmt: skip
        for person in (None, self.eve):
            for page in pages:
                shown = self.text(page, person).lower()
                assert "zqcanary" not in shown and "secret" not in shown, page
        assert "Weights of 1B" in self.text(at)
        assert at in self.text("/releases/invented-lab/zqcanaryslug/", self.bo)
        for address in ("/intents/", "/api/v1/intents"):
            asked = self.text(f"{address}?release=invented-lab/zqcanaryslug")
            assert "A small model" not in asked, "who asks for a draft learns that there is one"

        make_final(close_window(intent), OTHERWISE, by=self.ada)
        assert "zqcanary" not in self.text(at).lower()
        assert now(intent).state == "final"

    def test_once_it_is_published_it_is_linked(self):
        entry = self.draft("lantern")
        intent = intend(entry, self.ada)
        assert "/releases/invented-lab/lantern/" not in self.text(intent.get_absolute_url())
        publish(entry, by=self.ada)

        assert "/releases/invented-lab/lantern/" in self.text(intent.get_absolute_url())
