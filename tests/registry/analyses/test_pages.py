"""Pages of runs: progress by reload, results, failures, and who sees what."""

from django.core.files.uploadedfile import SimpleUploadedFile

from registry.analyses.actions import cancel_run, claim, fail, finish, keep, request_run
from registry.analyses.models import Run
from registry.releases.actions import attach_card, publish
from tests.registry.analyses.test_actions import REPORT, RunTestCase
from tests.registry.analyses.test_engine import EngineTestCase


def page_of(run):
    return f"/runs/{run.pk}/"


class RunPageTests(RunTestCase):
    def test_tells_how_far_a_run_is_at_each_reload(self):
        run, eve = self.ask_in_public(), self.as_(self.eve)
        self.assertContains(eve.get(page_of(run)), "Waiting for a worker")

        held = claim(run.pk)
        keep(held, progress=0.25, message="Reading the card.")
        page = eve.get(page_of(run))
        self.assertContains(page, 'value="0.250"')
        self.assertContains(page, "Reading the card.")
        self.assertContains(page, f'data-run-url="/api/v1/runs/{run.pk}"')
        self.assertIn("no-store", page["Cache-Control"])

        fail(held, "It took longer than the 600 seconds a run may take.")
        page = eve.get(page_of(run))
        self.assertContains(page, "It took longer than the 600 seconds a run may take.")
        self.assertNotContains(page, "<progress")

    def test_shows_digests_version_and_seed_of_what_was_computed(self):
        run = self.ask_in_public(seed=41)

        page = self.as_().get(page_of(run))

        self.assertContains(page, run.inputs.get().sha256)
        self.assertContains(page, f"version {run.analysis_version}")
        self.assertContains(page, ">41<")

    def test_links_the_files_for_those_who_may_have_them_and_says_how_to_repeat_it(self):
        shown = self.file("# Shown\n", name="our card.md")
        shown.public = True
        shown.save()
        run = request_run(self.entry, "model_card", {"card": shown}, by=self.ada, seed=41)
        page = self.as_().get(page_of(run))
        self.assertContains(page, f'<a href="{shown.get_absolute_url()}">our card.md</a>')
        self.assertContains(page, "manage.py analyse model_card &#x27;our card.md&#x27; --seed 41 --json")
        self.assertContains(page, '<a href="/people/ada/">Ada Example</a>')

        given = {role: self.file(f"{role}", kind, name=f"{role}.txt")
                 for role, kind in (("generated", "samples"), ("human", "reference"))}  # fmt: skip
        run = request_run(self.entry, "detection", given, by=self.ada, params={"bootstraps": 500})
        own, other = self.as_(self.ada).get(page_of(run)), self.as_(self.eve).get(page_of(run))
        self.assertContains(own, given["human"].get_absolute_url())
        self.assertNotContains(other, given["human"].get_absolute_url())
        self.assertContains(other, "detection --generated generated.txt --human human.txt --bootstraps 500 --json")
        Run.objects.filter(pk=run.pk).update(analysis_version="0.9")
        self.assertContains(self.as_().get(page_of(run)), "another version of the analysis by now")

    def test_offers_what_one_may_do(self):
        run = self.ask_in_public()
        self.assertContains(self.as_(self.ada).get(page_of(run)), "Cancel this run")
        for person in (None, self.bo, self.eve):
            self.assertNotContains(self.as_(person).get(page_of(run)), "Cancel this run")

        fail(claim(run.pk), "It broke.")
        self.assertContains(self.as_(self.ada).get(page_of(run)), "Try it again")
        self.assertNotContains(self.as_(self.eve).get(page_of(run)), "Try it again")

    def test_shows_what_a_hostile_file_name_and_reason_hold_as_text(self):
        file = self.file("# x\n", name="<img src=x onerror=alert(1)>.md")
        run = self.ask_in_public()
        run.inputs.update(name=file.name)
        fail(claim(run.pk), "<script>alert(1)</script>")

        page = self.as_().get(page_of(run))

        self.assertNotContains(page, "<script>alert")
        self.assertNotContains(page, "<img src=x")


class OutsideAnalysisPageTests(EngineTestCase):
    def test_a_result_without_a_page_of_its_own_is_shown_plainly(self):
        run = self.after("patient", "0 plain")

        page = self.as_().get(page_of(run))

        self.assertContains(page, "The whole result is in the")
        self.assertContains(self.as_().get(self.entry.get_absolute_url()), page_of(run))


class EntryPageTests(RunTestCase):
    def section(self, person=None):
        page = self.as_(person).get(self.entry.get_absolute_url()).content.decode()
        return page.partition('id="analyses"')[2].partition("</section>")[0]

    def ended(self, text, sentence=None, error=""):
        run = self.ask_in_public(text)
        held = claim(run.pk)
        if sentence:
            finish(held, REPORT | {"result": {"sentence": sentence}})
        else:
            fail(held, error)
        return run

    def test_shows_the_newest_success_and_folds_what_came_before(self):
        self.ended("# One\n", "The first card.")
        self.ended("# Two\n", error="It broke.")
        newest = self.ended("# Three\n", "The third card.")

        said = self.section()

        shown, _, folded = said.partition("<details><summary>2 earlier runs, 1 failed</summary>")
        self.assertIn(page_of(newest), shown)
        self.assertIn("The third card.", shown)
        self.assertNotIn("The first card.", shown)
        self.assertNotIn("It broke.", shown)
        self.assertIn("The first card.", folded)
        self.assertIn("It broke.", folded)

    def test_what_is_on_its_way_stands_above_what_is_there(self):
        done, waiting = self.ended("# One\n", "The first card."), self.ask_in_public("# Two\n")

        said = self.section()

        self.assertLess(said.index(page_of(waiting)), said.index(page_of(done)))
        self.assertNotIn("<details>", said)

    def test_a_failure_is_shown_as_long_as_its_card_is_on_the_entry(self):
        attach_card(self.entry, self.file("# One\n"), by=self.ada)
        publish(self.entry, by=self.ada, justification="A card.")
        self.ended("# One\n", error="It broke.")
        self.assertIn("Failed: It broke.", self.section())

        attach_card(self.entry, self.file("# Two\n"), by=self.ada)
        publish(self.entry, by=self.ada, justification="Another card.")

        self.assertNotIn("Failed: It broke.", self.section())
        self.assertIn("1 earlier run, 1 failed", self.section())

    def test_a_failure_on_a_draft_is_told_where_the_card_is_put(self):
        attach_card(self.entry, self.file("# One\n"), by=self.ada)
        fail(claim(self.entry.runs.get().pk), "It broke.")
        draft = f"{self.entry.get_absolute_url()}edit/"
        page = self.as_(self.ada).get(draft)
        self.assertContains(page, f'<a href="{page_of(self.entry.runs.get())}">Its analysis</a> failed: It broke.')

        attach_card(self.entry, self.file("# Two\n"), by=self.ada)

        self.assertNotContains(self.as_(self.ada).get(draft), "failed: It broke.")


class WritingTests(RunTestCase):
    def test_cancelling_and_repeating_from_the_page(self):
        run, ada = self.ask_in_public(), self.as_(self.ada)

        cancelled = ada.post(f"{page_of(run)}cancel/")
        again = ada.post(f"{page_of(run)}repeat/")

        run.refresh_from_db()
        self.assertRedirects(cancelled, page_of(run))
        self.assertEqual(run.status, "cancelled")
        self.assertNotEqual(again["Location"], page_of(run))
        self.assertEqual(ada.post(f"{page_of(run)}repeat/")["Location"], again["Location"])
        self.assertEqual(Run.objects.count(), 2)

    def test_are_refused_to_others(self):
        run = self.ask_in_public()
        for act in ("cancel", "repeat"):
            self.assertEqual(self.as_(self.eve).post(f"{page_of(run)}{act}/").status_code, 403)
            self.assertEqual(self.as_(self.ada).get(f"{page_of(run)}{act}/").status_code, 405)
            self.assertIn("/accounts/login/", self.as_().post(f"{page_of(run)}{act}/")["Location"])

        run.refresh_from_db()
        self.assertEqual(run.status, "queued")

    def test_what_is_over_cannot_be_cancelled(self):
        run = self.ask_in_public()
        finish(claim(run.pk), REPORT)

        answer = self.as_(self.ada).post(f"{page_of(run)}cancel/")

        self.assertContains(answer, "finished already", status_code=409)


class RequestPageTests(RunTestCase):
    url = "/releases/invented-lab/lamp/analyses/detection/"

    def texts(self):
        return {role: SimpleUploadedFile(f"{role}.jsonl", b'{"id": "1", "text": "Some words."}\n')
                for role in ("generated", "human")}

    def test_uploads_and_asks_once_however_often_it_is_clicked(self):
        ada = self.as_(self.ada)
        self.assertContains(ada.get(self.url), "Upload and analyse")

        first = ada.post(self.url, self.texts() | {"once": "click"})
        second = ada.post(self.url, self.texts() | {"once": "click"})

        run = Run.objects.get()
        self.assertRedirects(first, page_of(run))
        self.assertEqual(second["Location"], first["Location"])
        self.assertEqual([(i.role, i.file.kind) for i in run.inputs.all()],
                         [("generated", "samples"), ("human", "reference")])

    def test_says_where_the_files_go_how_large_they_may_be_and_what_a_line_is(self):
        page = self.as_(self.ada).get(self.url)

        self.assertContains(page, "kept by this site. Only you can have them from here")
        self.assertContains(page, "At most 67.2 MB.")
        self.assertContains(page, '<code>{"id": "1", "text": "What the model wrote."')

    def test_says_what_is_missing_and_asks_for_nothing(self):
        answer = self.as_(self.ada).post(self.url, {"generated": self.texts()["generated"]})

        self.assertContains(answer, "Fill this in.")
        self.assertEqual(Run.objects.count(), 0)

    def test_too_many_waiting_is_said_on_the_form(self):
        for number in range(10):
            self.ask_in_public(f"# {number}\n")

        self.assertContains(self.as_(self.ada).post(self.url, self.texts()), "many runs waiting")

    def test_is_not_there_for_others(self):
        for person in (self.bo, self.eve):
            self.assertEqual(self.as_(person).get(self.url).status_code, 404)
            self.assertEqual(self.as_(person).post(self.url, self.texts()).status_code, 404)
        self.assertEqual(self.as_().get(self.url).status_code, 302)
        self.assertEqual(self.as_(self.ada).get(self.url.replace("detection", "nothing")).status_code, 404)


class DraftRunTests(RunTestCase):
    def setUp(self):
        super().setUp()
        self.hidden = self.draft("hidden", title="Codename Heron")
        attach_card(self.hidden, self.file("# Heron card\n", name="heron-card.md"), by=self.ada)
        self.run_of_draft = self.hidden.runs.get()
        finish(claim(self.run_of_draft.pk), REPORT | {"result": {"sentence": "Heron is thin."}})

    def test_is_nowhere_to_be_seen_for_outsiders(self):
        run = self.run_of_draft
        for person in (None, self.eve, self.mo):
            browser = self.as_(person)
            self.assertEqual(browser.get(page_of(run)).status_code, 404)
            self.assertEqual(browser.post(f"{page_of(run)}cancel/").status_code, 302 if person is None else 404)
            for address in ("/runs/", "/runs/feed/", "/activity/", "/activity/feed/", "/search/?q=heron",
                            "/labs/invented-lab/", "/api/v1/runs", "/api/v1/findings", "/api/v1/events",
                            "/api/v1/search?q=heron"):
                page = browser.get(address)
                self.assertEqual(page.status_code, 200, address)
                self.assertNotIn("Heron", page.content.decode().replace("q=heron", ""), address)
                self.assertNotIn(page_of(run), page.content.decode(), address)

    def test_is_seen_by_the_lab(self):
        for person in (self.ada, self.bo):
            self.assertContains(self.as_(person).get(page_of(self.run_of_draft)), "heron-card.md")
            self.assertContains(self.as_(person).get("/runs/"), "Heron is thin.")


class ListPageTests(RunTestCase):
    def test_costs_the_same_for_one_run_and_for_many(self):
        self.ask_in_public()
        with self.assertNumQueries(2):
            self.as_().get("/runs/")
        for number in range(8):
            self.ask_in_public(f"# {number}\n")

        with self.assertNumQueries(2):
            page = self.as_().get("/runs/")

        self.assertEqual(page.content.decode().count('<h2><a href="/runs/'), 9)

    def test_feed_tells_of_those_that_ended(self):
        done, cancelled = self.ask_in_public(), self.ask_in_public("# Other\n")
        finish(claim(done.pk), REPORT)
        cancel_run(cancelled, by=self.ada)

        feed = self.as_().get("/runs/feed/")

        self.assertContains(feed, page_of(done))
        self.assertNotContains(feed, page_of(cancelled))
