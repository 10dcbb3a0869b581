"""The page of the clock, its CSV files and its API, and the clock of an entry."""

import csv
import io

from registry.clock import figures
from registry.clock.models import Curve
from registry.core.subjects import Subject
from registry.releases.actions import begin_entry, publish
from registry.replications.actions import assess, report_replication
from tests.people import PlatformTestCase

from .contents import content
from .test_figures import TODAY, ClockTestCase, W


class BoardTests(ClockTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        figures.compute(TODAY)

    def page(self, query=""):
        return self.as_().get(f"/clock/{query}")

    def test_says_the_result_first_and_draws_it_with_its_band(self):
        page = self.page()

        self.assertContains(
            page,
            "Of 7 components that were closed, 5 have been released to somebody outside the lab so far. "
            "Half were released to somebody outside the lab within 40 days (95% interval: 10 or more).",
        )
        self.assertContains(page, '<svg class="chart"')
        self.assertContains(page, "chart-band")
        self.assertContains(page, self.curve().inputs)

    def test_leads_from_every_mark_and_every_row_to_an_entry(self):
        page = self.page().content.decode()
        picture = page[page.index('<svg class="chart"') : page.index("<figcaption>")]
        table = page[page.index('id="observations"') :]

        for entry in (*self.entries, self.dataset):
            assert f"{entry.get_absolute_url()}#replications" in table
        marks = picture.count("<a href=")
        assert marks == 6, "two that ended after 20 days are one mark"
        assert "?measure=release&amp;mode=closed&amp;days=20#observations" in picture
        assert picture.count("<circle class=") == 4 and picture.count("M0 -5V5") == 2

    def test_lists_those_at_one_number_of_days(self):
        page = self.page("?days=20").content.decode()
        table = page[page.index('id="observations"') : page.index('id="others"')]

        assert [e.slug for e in self.entries if f"{e.get_absolute_url()}#" in table] == ["model-1", "model-2"]

    def test_has_an_address_for_every_mode_kind_and_year(self):
        self.assertContains(self.page("?kind=dataset"), "Of 1 component that was closed, 0 have been released")
        self.assertContains(self.page("?year=2022"), "Of 2 components that were closed, 2 have been released")
        self.assertContains(self.page("?measure=replication"), "0 have been replicated by others so far")
        self.assertContains(self.page(), '<a href="?measure=release&amp;mode=closed&amp;kind=dataset">Dataset</a>', 0)
        self.assertContains(self.page(), '<a href="?mode=closed&amp;year=2022&amp;measure=release">2022</a>')
        self.assertContains(self.page("?mode=restricted"), "No entry holds such a component that was withheld.")
        for query in ("?mode=ajar", "?kind=song", "?year=1066", "?year=x", "?measure=1"):
            assert self.page(query).status_code == 404, query

    def test_says_that_few_events_are_too_few_and_draws_no_band(self):
        page = self.page("?year=2022")

        self.assertContains(page, "Fewer than 3 events are too few for a curve with a band, or for a median.")
        self.assertNotContains(page, "chart-band")

    def test_shows_nothing_of_what_was_taken_from_view_since(self):
        Subject.objects.filter(pk=self.entries[4].subject_id).update(hidden=True)

        self.assertNotContains(self.page(), self.entries[4].get_absolute_url())
        self.assertNotContains(self.as_().get("/clock/observations.csv"), "model-4")
        self.assertNotContains(self.as_().get("/api/v1/clock/observations"), "model-4")

    def test_asks_the_database_no_more_for_many_observations_than_for_few(self):
        reader = self.as_()
        reader.get("/clock/")
        with self.assertNumQueries(5):
            reader.get("/clock/")

    def test_before_the_worker_has_been_round_says_so(self):
        Curve.objects.all().delete()

        self.assertContains(self.page(), "Method")
        assert self.as_().get("/api/v1/clock/").status_code == 404

    def test_gives_the_curve_and_its_observations_as_csv(self):
        def rows(address):
            return list(csv.DictReader(io.StringIO(self.as_().get(address).getvalue().decode())))

        curve = rows("/clock/curve.csv")
        assert [(int(row["days"]), round(float(row["share"]), 4)) for row in curve] == [
            (10, 0.8571), (20, 0.5714), (31, 0.5714), (40, 0.381), (100, 0.1905), (365, 0.1905),
        ]  # fmt: skip
        found = {row["release"]: (row["days"], row["ended"]) for row in rows("/clock/observations.csv")}
        assert found["invented-lab/model-3"] == ("40", "1")
        assert found["invented-lab/dataset"] == ("365", "0")
        assert len(found) == 7

    def test_writes_no_cell_that_a_spreadsheet_would_compute(self):
        self.add("formula", "2023-01-01", "", component=(W, "=1+1"), variants=["=1+1"])
        figures.compute(TODAY)

        assert b",'=1+1," in self.as_().get("/clock/observations.csv").getvalue()


class ApiTests(ClockTestCase):
    def test_gives_the_curve_with_figures_and_their_bounds(self):
        figures.compute(TODAY)
        curve = self.api().get("/api/v1/clock/").json()

        assert (curve["observations"], curve["events"], curve["censored"]) == (7, 5, 2)
        assert curve["median"] == {"value": 40.0, "low": 10.0, "high": None}
        assert curve["points"][0]["share"]["value"] == 0.857143
        assert set(curve["points"][0]) == {"days", "at_risk", "events", "censored", "share"}
        assert self.api().get("/api/v1/clock/?kind=dataset&measure=replication").json()["observations"] == 1

    def test_refuses_what_it_does_not_know_by_name(self):
        figures.compute(TODAY)
        for query, pointer in (("mode=ajar", "/mode"), ("colour=red", "/colour"), ("year=x", "/year")):
            response = self.api().get(f"/api/v1/clock/?{query}")
            assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)

    def test_lists_observations_by_filters(self):
        figures.compute(TODAY)
        rows = self.api().get("/api/v1/clock/observations?mode=closed&release=invented-lab/model-3").json()["results"]

        [row] = rows
        assert (row["component"], row["days"], row["released"], row["year"]) == (W, 40, True, 2022)
        assert row["url"] == "/releases/invented-lab/model-3/#replications"


class EntryClockTests(PlatformTestCase):
    SIZES = ("small", "large")

    def setUp(self):
        super().setUp()
        said = content(
            ("2023-01-01", {(W, "small"): "closed", (W, "large"): "closed"}), ("2023-02-01", {(W, "small"): "open"}),
            ("2023-06", {(W, "large"): "open"}), variants=self.SIZES,
            events=[{"date": "2023-03-01", "kind": "leak", "variant": "large", "text": "It came out."}],
        )  # fmt: skip
        self.clocked = begin_entry(self.lab, "clocked", by=self.ada, content=said)
        publish(self.clocked, by=self.ada)
        given = {"kind": "independent_retraining", "component": W, "variant": "large", "date": "2023-04-01"}
        self.report = report_replication(self.clocked, given | {"source_title": "A post"}, by=self.eve)

    def times(self):
        return self.api().get("/api/v1/releases/invented-lab/clocked/clock").json()["times"]

    def test_gives_days_until_release_replication_and_leak_by_variant(self):
        small, large = self.times()

        assert (small["variants"], small["days"], small["happenings"]) == (["small"], {"low": 31, "high": 31}, [])
        assert (large["variants"], large["days"]) == (["large"], {"low": 151, "high": 180})
        assert [(one["what"], one["days"]["low"], one["state"], one["counts"]) for one in large["happenings"]] == [
            ("leak", 59, "", True), ("replication", 90, "reported", True),
        ]  # fmt: skip

    def test_shows_the_state_of_a_report_and_what_is_in_doubt_does_not_count(self):
        assess(self.report, "disputes", {"reason": "Another model."}, by=self.ada)

        shown = [(one["state"], one["counts"]) for one in self.times()[1]["happenings"]]
        assert shown == [("", True), ("disputed", False)]
        page = self.as_().get("/releases/invented-lab/clocked/")
        self.assertContains(page, "does not count")

    def test_stands_on_the_page_in_words(self):
        page = self.as_().get("/releases/invented-lab/clocked/")

        self.assertContains(page, "Decision clock")
        self.assertContains(page, "151 to 180 days, until June 2023")
        self.assertContains(page, "after 59 days")
        self.assertContains(page, f'<a href="/replications/{self.report.pk}/">independent retraining</a>')

    def test_is_not_there_for_a_draft(self):
        self.draft("soon")

        for person in (self.ada, None):
            assert self.api(person).get("/api/v1/releases/invented-lab/soon/clock").status_code == 404
