"""What the worker makes of published entries: rows, curves, and when it makes them anew."""

from datetime import date, timedelta

import scipy.stats  # noqa: F401 - before any transaction is open: loading it can take longer than one may idle
from django.utils import timezone

from registry.clock import figures, tasks
from registry.clock.models import Curve, EntryClock, Withholding
from registry.core.subjects import Subject
from registry.releases.actions import begin_entry, publish, save_draft
from registry.replications.actions import assess, report_replication, withdraw
from registry.replications.models import Replication
from tests.people import PlatformTestCase

from .contents import content

W = "weights_final"
TODAY = date(2024, 1, 1)
# Closed for 10, 20, 20, 40 and 100 days, and two that still are: since 31 days and, of another kind, since 365.
WAITS = [
    ("2023-01-01", "2023-01-11"), ("2023-01-01", "2023-01-21"), ("2023-02-01", "2023-02-21"),
    ("2022-01-01", "2022-02-10"), ("2022-01-01", "2022-04-11"), ("2023-12-01", ""),
]  # fmt: skip


class ClockTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.entries = [cls.add(f"model-{n}", since, until) for n, (since, until) in enumerate(WAITS)]
        cls.dataset = cls.add("dataset", "2023-01-01", "", kind="dataset", component="training_data")

    @classmethod
    def add(cls, slug, since, until, kind="model", component=W, **more):
        stages = [(since, {component: "closed"})] + ([(until, {component: "open"})] if until else [])
        entry = begin_entry(cls.lab, slug, by=cls.ada, content=content(*stages, kind=kind, **more))
        publish(entry, by=cls.ada)
        return entry

    def curve(self, measure="release", mode="closed", kind="", year=0):
        return Curve.objects.filter(measure=measure, mode=mode, kind=kind, year=year).first()

    def shares(self, **which):
        return {p["days"]: round(p["share"], 6) for p in self.curve(**which).points if p["events"]}


class CurveTests(ClockTestCase):
    """By hand: 7 observations. 10 days: 6/7. 20 days: 2 of 6, so 6/7 × 4/6 = 4/7. At 31 days one is censored.
    40 days: 1 of 3, so 4/7 × 2/3 = 8/21. 100 days: 1 of 2, so 4/21. The last lasts at 365 days."""

    def test_is_that_of_the_hand_computed_example(self):
        figures.compute(TODAY)

        curve = self.curve()
        assert (curve.observations, curve.entries, curve.events, curve.censored) == (7, 7, 5, 2)
        assert self.shares() == {
            10: round(6 / 7, 6), 20: round(4 / 7, 6), 40: round(8 / 21, 6), 100: round(4 / 21, 6),
        }  # fmt: skip
        assert [(p["days"], p["at_risk"]) for p in curve.points] == [
            (10, 7), (20, 6), (31, 4), (40, 3), (100, 2), (365, 1),
        ]  # fmt: skip
        assert curve.median == 40
        assert (curve.imprecise, curve.left_out) == (0, 0)
        assert curve.day == TODAY

    def test_is_made_for_each_mode_kind_and_year(self):
        figures.compute(TODAY)

        assert self.shares(year=2022) == {40: 0.5, 100: 0.0}
        assert self.shares(kind="model", year=2023) == {10: 0.75, 20: 0.25}
        assert (self.curve(kind="dataset").observations, self.curve(kind="dataset").events) == (1, 0)
        assert self.curve(mode="restricted").observations == 0
        assert self.curve(mode="either").inputs != self.curve(mode="restricted").inputs
        assert self.curve(kind="paper") is None

    def test_counts_a_report_until_replication_and_a_release_as_the_end_of_observing(self):
        said = {"kind": "equivalent_model", "component": W, "date": "2022-03-02", "source_title": "A post"}
        report_replication(self.entries[4], said, by=self.eve)
        figures.compute(TODAY)

        curve = self.curve(measure="replication")
        assert (curve.observations, curve.events) == (7, 1)
        # 60 days: at risk are it and the dataset; the others were released, or are observed for 31 days alone.
        assert self.shares(measure="replication") == {60: 0.5}
        assert self.shares()[100] == round(4 / 21, 6), "and its release is what it was"

    def test_counts_what_is_known_by_its_month_by_the_middle_and_says_between_what_the_median_lies(self):
        for n, (since, until) in enumerate([("2021-01", "2021-03"), ("2021-01", "2021-03"), ("2021-01", "2021-12")]):
            self.add(f"rough-{n}", since, until)
        figures.compute(TODAY)

        curve = self.curve(year=2021)
        assert (curve.imprecise, curve.median) == (3, 59), "29 to 89 days"
        assert (curve.median_shortest, curve.median_longest) == (29, 89)

    def test_leaves_out_and_counts_what_has_no_date(self):
        self.add("undated", "", "2023-05-01")
        figures.compute(TODAY)

        assert (self.curve().observations, self.curve().left_out) == (7, 1)

    def test_knows_nothing_of_drafts_and_of_what_was_taken_from_view(self):
        begin_entry(self.lab, "secret", by=self.ada, content=content(("2023-01-01", {W: "closed"})))
        Subject.objects.filter(pk=self.dataset.subject_id).update(hidden=True)
        figures.compute(TODAY)

        assert self.curve().observations == 6
        assert Withholding.objects.filter(entry__slug="secret").count() == 0

    def test_grows_older_every_day_without_a_look_at_any_entry(self):
        figures.compute(TODAY)
        before = self.curve().inputs
        looked_at = set(EntryClock.objects.values_list("computed_at", flat=True))
        figures.compute(TODAY + timedelta(days=9))

        assert [p["days"] for p in self.curve().points] == [10, 20, 40, 100, 374], "the one of 31 days has 40 now"
        assert self.curve().inputs != before
        assert set(EntryClock.objects.values_list("computed_at", flat=True)) == looked_at

    def test_is_the_same_when_it_is_made_twice(self):
        figures.compute(TODAY)
        first = {str(c): (c.points, c.inputs, c.median) for c in Curve.objects.all()}
        rows = Withholding.objects.count()
        EntryClock.objects.update(due=True)
        figures.compute(TODAY)

        assert {str(c): (c.points, c.inputs, c.median) for c in Curve.objects.all()} == first
        assert Withholding.objects.count() == rows

    def test_leaves_out_an_entry_that_cannot_be_read_and_goes_on(self):
        broken = self.entries[0].current
        type(broken).objects.filter(pk=broken.pk).update(content={"artefact": {"kind": "model"}})
        with self.assertLogs("registry.clock.figures", "ERROR"):
            figures.compute(TODAY)

        assert self.curve().observations == 6
        assert not EntryClock.objects.filter(due=True).exists()

    def test_forgets_a_stratum_that_nothing_is_in_any_more(self):
        figures.compute(TODAY)
        open_from_the_start = content(("2023-01-01", {"training_data": "open"}), kind="dataset")
        save_draft(self.dataset, open_from_the_start, by=self.ada)
        publish(self.dataset, by=self.ada, justification="It was never closed.")
        figures.compute(TODAY)

        assert self.curve(kind="dataset") is None
        assert self.curve().observations == 6


class DueTests(ClockTestCase):
    def setUp(self):
        super().setUp()
        tasks.compute_clock()
        self.assertFalse(self.due())

    def due(self):
        return sorted(EntryClock.objects.filter(due=True).values_list("entry__slug", flat=True))

    def test_is_an_entry_after_a_publication_and_not_after_a_draft(self):
        save_draft(self.entry, content(("2023-01-01", {W: "closed"})), by=self.ada)
        assert self.due() == []
        publish(self.entry, by=self.ada, justification="It was closed.")

        assert self.due() == ["lamp"]

    def test_is_an_entry_after_whatever_happens_to_a_report_about_it(self):
        given = {"kind": "leak", "component": W, "date": "2023-12-24", "source_title": "A post"}
        report = report_replication(self.entries[5], given, by=self.eve)
        assert self.due() == ["model-5"]
        for act in (lambda: assess(report, "disputes", {"reason": "No."}, by=self.mo),
                    lambda: withdraw(report, "A mistake.", by=self.eve)):  # fmt: skip
            tasks.compute_clock()
            assert self.due() == []
            act()
            assert self.due() == ["model-5"]

    def test_nothing_is_rung_for_while_all_is_fresh(self):
        Curve.objects.update(computed_at=timezone.now() - timedelta(minutes=5))
        assert tasks.ring_for_clock() == 0
        Curve.objects.update(day=TODAY)
        assert figures.is_due(TODAY + timedelta(days=1))

    def test_a_task_that_finds_all_fresh_changes_nothing(self):
        before = set(Curve.objects.values_list("computed_at", flat=True))
        tasks.compute_clock()

        assert set(Curve.objects.values_list("computed_at", flat=True)) == before

    def test_a_report_that_is_withdrawn_counts_no_more(self):
        given = {"kind": "reimplementation", "component": W, "date": "2023-12-11", "source_title": "A post"}
        report = report_replication(self.entries[5], given, by=self.eve)
        tasks.compute_clock()
        assert self.curve(measure="replication").events == 1
        withdraw(Replication.objects.with_all().get(pk=report.pk), "A mistake.", by=self.eve)
        tasks.compute_clock()

        assert self.curve(measure="replication").events == 0
