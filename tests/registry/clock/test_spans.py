"""What counts as one observation, when it begins and when it ends."""

from datetime import date

from registry.clock.spans import first_replication, spans
from registry.releases.content import normalise
from registry.replications.models import Replication

from .contents import content

W = "weights_final"
TODAY = date(2024, 1, 1)
SIZES = ("small", "middle", "large")


def found(*stages, mode="closed", today=TODAY, **more):
    """(component, variants, days, released) of each observation of a mode."""
    made = spans(normalise(content(*stages, **more)), today)
    return [(s.component, s.variants, s.days(today), s.released) for s in made if s.mode == mode]


class TestOneObservation:
    def test_runs_from_the_day_of_withholding_to_the_day_of_release(self):
        assert found(("2023-01-01", {W: "closed"}), ("2023-01-31", {W: "open"})) == [(W, [], (30, 30), True)]

    def test_lasts_up_to_today_where_nothing_ended_it(self):
        assert found(("2023-01-01", {W: "closed"})) == [(W, [], (365, 365), False)]

    def test_is_made_of_all_variants_withheld_at_once_and_ends_with_the_last(self):
        said = (
            ("2023-01-01", {(W, "small"): "open", (W, "middle"): "closed", (W, "large"): "closed"}),
            ("2023-03-01", {(W, "middle"): "open"}),
            ("2023-06-01", {(W, "large"): "restricted"}),
        )  # fmt: skip

        assert found(*said, variants=SIZES) == [(W, ["middle", "large"], (151, 151), True)]

    def test_lasts_while_one_of_the_variants_is_withheld(self):
        both = {(W, "middle"): "closed", (W, "large"): "closed"}
        said = (("2023-01-01", both), ("2023-03-01", {(W, "middle"): "open"}))

        assert found(*said, variants=SIZES) == [(W, ["middle", "large"], (365, 365), False)]

    def test_is_another_one_where_a_variant_is_withheld_after_the_others_were_out(self):
        said = (
            ("2023-01-01", {(W, "small"): "closed"}), ("2023-02-01", {(W, "small"): "open"}),
            ("2023-05-01", {(W, "large"): "closed"}), ("2023-05-11", {(W, "large"): "open"}),
        )  # fmt: skip

        assert found(*said, variants=SIZES) == [(W, ["small"], (31, 31), True), (W, ["large"], (10, 10), True)]

    def test_is_counted_for_each_component_of_its_own(self):
        said = (("2023-01-01", {W: "closed", "paper": "open", "training_data": "closed"}), ("2023-01-11", {W: "open"}))

        assert found(*said) == [(W, [], (10, 10), True), ("training_data", [], (365, 365), False)]

    def test_of_what_is_closed_is_over_once_some_may_have_it_and_then_is_one_of_what_is_restricted(self):
        said = (("2023-01-01", {W: "closed"}), ("2023-01-11", {W: "restricted"}), ("2023-02-10", {W: "open"}))

        assert found(*said) == [(W, [], (10, 10), True)]
        assert found(*said, mode="restricted") == [(W, [], (30, 30), True)]
        assert found(*said, mode="either") == [(W, [], (40, 40), True)]

    def test_is_not_made_of_what_is_closed_again(self):
        said = (("2023-01-01", {W: "open"}), ("2023-02-01", {W: "closed"}))
        assert [found(*said, mode=mode) for mode in ("closed", "restricted", "either")] == [[], [], []]

        said = (("2023-01-01", {W: "restricted"}), ("2023-02-01", {W: "closed"}))
        assert found(*said) == []
        assert found(*said, mode="restricted") == [(W, [], (31, 31), False)], "it ended, but not by a release"
        assert found(*said, mode="either") == [(W, [], (365, 365), False)]

    def test_is_not_made_of_what_is_not_stated_or_only_planned(self):
        assert found(("2023-01-01", {W: "unstated"})) == []
        planned = content(("2023-01-01", {W: "closed"}))
        planned["stages"].append(content(("2023-02-01", {W: "open"}))["stages"][0] | {"status": "planned"})
        [span] = [s for s in spans(normalise(planned), TODAY) if s.mode == "closed"]
        assert (span.end, span.days(TODAY)) == (None, (365, 365))

    def test_does_not_end_by_a_leak(self):
        leak = content(("2023-02-01", {W: "open"}))["stages"][0] | {"basis": "unauthorised"}
        leaked = content(("2023-01-01", {W: "closed"}))
        leaked["stages"].append(leak)
        [span] = [s for s in spans(normalise(leaked), TODAY) if s.mode == "closed"]

        assert (span.released, span.days(TODAY)) == (False, (365, 365))


class TestDates:
    def test_known_by_their_month_give_the_fewest_and_most_days(self):
        assert found(("2023-01", {W: "closed"}), ("2023-03", {W: "open"})) == [(W, [], (29, 89), True)]

    def test_that_are_unknown_leave_it_undated(self):
        for since, until in (("", "2023-03"), ("2023-01-01", "")):
            said = (since, {W: "closed"}), (until, {W: "open"})
            [span] = [s for s in spans(normalise(content(*said)), TODAY) if s.mode == "closed"]
            assert not span.dated and span.days(TODAY) == (0, 0)


class TestFirstReplication:
    SAID = (("2023-01-01", {(W, "small"): "closed", (W, "large"): "closed"}), ("2023-06-01", {W: "open"}))

    def first(self, *reports, events=()):
        said = normalise(content(*self.SAID, variants=SIZES, events=list(events)))
        [span] = [s for s in spans(said, TODAY) if s.mode == "closed"]
        return first_replication(said, span, reports)[0]

    def report(self, day, **more):
        made = {"kind": "independent_retraining", "component": W, "date": day, "pk": 7} | more
        return Replication(**made)

    def test_is_the_earliest_of_what_the_entry_records_and_what_was_reported(self):
        event = {"date": "2023-03-01", "kind": "replication", "text": "Done again."}

        assert self.first(self.report("2023-04-01"), events=[event]) == "2023-03-01"
        assert self.first(self.report("2023-02-01"), self.report("2023-04-01"), events=[event]) == "2023-02-01"

    def test_is_of_the_same_component_and_one_of_its_variants_and_within_the_time(self):
        assert self.first(self.report("2023-02-01", component="training_data")) == ""
        assert self.first(self.report("2023-02-01", variant="middle")) == ""
        assert self.first(self.report("2023-02-01", variant="large")) == "2023-02-01"
        assert self.first(self.report("2023-07-01")) == ""
        assert self.first(self.report("2022-12")) == ""

    def test_is_neither_a_leak_nor_a_check_of_results(self):
        for kind in ("leak", "extraction", "result_check"):
            assert self.first(self.report("2023-02-01", kind=kind)) == ""
