from datetime import date

import pytest

from registry.releases.clock import clock
from registry.releases.levels import level_of, spells, tracks
from registry.releases.vocabulary import Level
from tests.registry.releases import contents
from tests.registry.releases.contents import BY_FORM, CLOSED, OPEN, entry, part, stage

TODAY = date(2026, 6, 30)


def track(content, component, variant=""):
    return next(t for t in tracks(content) if (t.component, t.variant) == (component, variant))


def levels(content, component, variant=""):
    return [(str(step.first), step.level, step.stage) for step in track(content, component, variant).steps]


def waits(content, today=TODAY):
    return {(w.component, w.variant, w.level): w for w in clock(content, today)}


class TestLevelOf:
    @pytest.mark.parametrize(("mode", "gate", "audience", "component", "level"), [
        ("downloadable", "none", "public", "paper", Level.OPEN),
        ("fully_open", "clickthrough", "public", "weights_final", Level.OPEN),
        ("downloadable", "registration", "public", "weights_final", Level.RESTRICTED),
        ("downloadable", "none", "non_commercial", "weights_final", Level.RESTRICTED),
        ("api", "none", "public", "weights_final", Level.RESTRICTED),
        ("api", "none", "public", "api", Level.OPEN),
        ("hosted", "invitation", "named_partners", "demo", Level.RESTRICTED),
        ("downloadable", "none", "internal", "paper", Level.CLOSED),
        ("fully_closed", "", "", "paper", Level.CLOSED),
        ("downloadable", "", "public", "paper", Level.UNSTATED),
        ("", "none", "public", "paper", Level.UNSTATED),
    ])
    def test_reduces_mode_gate_and_audience(self, mode, gate, audience, component, level):
        assert level_of(mode, gate, audience, component) == level


class TestTracks:
    def test_tell_how_each_size_of_gpt2_came_out(self):
        content = contents.gpt2()

        assert levels(content, "weights_final", "1.5B") == [
            ("2019-02-14", Level.CLOSED, 0), ("2019-11-05", Level.OPEN, 3),
        ]
        assert levels(content, "weights_final", "124M") == [("2019-02-14", Level.OPEN, 0)]
        assert levels(content, "training_data") == [("2019-02-14", Level.CLOSED, 0)]

    def test_let_a_statement_on_the_whole_hold_for_each_variant_told_apart(self):
        content = entry("X", [
            stage("2020-01-01", part("weights_final", CLOSED)),
            stage("2020-02-01", part("weights_final", OPEN, "small")),
            stage("2020-03-01", part("weights_final", BY_FORM)),
        ], ["small", "large"])

        assert [(t.variant, [s.level for s in t.steps]) for t in tracks(content)] == [
            ("small", [Level.CLOSED, Level.OPEN, Level.RESTRICTED]), ("large", [Level.CLOSED, Level.RESTRICTED]),
        ]

    def test_close_what_a_paused_stage_lists_whatever_mode_it_repeats(self):
        assert levels(contents.galactica(), "demo") == [
            ("2022-11-15", Level.OPEN, 0), ("2022-11-17", Level.CLOSED, 1),
        ]

    def test_leave_a_leak_out_of_what_was_decided(self):
        assert levels(contents.llama(), "weights_final") == [("2023-02-24", Level.RESTRICTED, 0)]

    def test_keep_plans_apart_and_forget_what_was_cancelled(self):
        content = entry("X", [
            stage("2020", part("paper", CLOSED)),
            stage("2030", part("paper", OPEN), status="planned"),
            stage("2031", part("paper", OPEN), status="cancelled"),
        ])

        paper = track(content, "paper")
        assert [step.stage for step in paper.steps] == [0]
        assert [step.stage for step in paper.planned] == [1]

    def test_follow_dates_rather_than_the_order_of_writing(self):
        content = entry("X", [stage("2021", part("paper", OPEN)), stage("2020", part("paper", CLOSED))])

        assert [step.level for step in track(content, "paper").steps] == [Level.CLOSED, Level.OPEN]

    def test_leave_an_undated_stage_where_the_list_places_it(self):
        content = entry("X", [
            stage("2019", part("paper", CLOSED)), stage("", part("paper", BY_FORM)),
            stage("2021", part("paper", OPEN)),
        ])

        paper = track(content, "paper")
        assert [step.level for step in paper.steps] == [Level.CLOSED, Level.RESTRICTED, Level.OPEN]
        assert paper.on(date(2018, 1, 1)) is None


class TestTheLevelOfADay:
    def test_is_that_of_the_last_step_before_it(self):
        weights = next(t for t in tracks(contents.gpt2()) if (t.component, t.variant) == ("weights_final", "1.5B"))

        assert [weights.on(day).level for day in (date(2019, 11, 4), date(2019, 11, 5))] == [Level.CLOSED, Level.OPEN]

    def test_is_not_known_before_the_first_statement_and_never_closed(self):
        assert {track.on(date(2022, 1, 1)) for track in tracks(contents.opt())} == {None}


class TestSpells:
    def test_join_neighbours_of_one_level(self):
        content = entry("X", [
            stage("2020-01-01", part("paper", BY_FORM)), stage("2020-02-01", part("paper", BY_FORM, licence="MIT")),
            stage("2020-03-01", part("paper", OPEN)),
        ])

        found = spells(track(content, "paper"), TODAY)
        assert [(s.level, s.days(TODAY)) for s in found] == [
            (Level.RESTRICTED, (60, 60)), (Level.OPEN, (2312, 2312)),
        ]


class TestClock:
    def test_counts_the_days_of_withholding(self):
        found = waits(contents.gpt2())

        assert found["weights_final", "1.5B", Level.CLOSED].days == (264, 264)
        assert found["weights_final", "774M", Level.CLOSED].days == (187, 187)
        assert found["weights_final", "355M", Level.CLOSED].days == (78, 78)

    def test_counts_the_days_until_others_reached_it(self):
        found = waits(contents.gpt2())

        largest = found["weights_final", "1.5B", Level.CLOSED]
        assert (largest.replicated, largest.days_to_replication) == ("2019-08-22", (189, 189))
        assert found["weights_final", "774M", Level.CLOSED].replicated == ""

    def test_goes_on_while_something_is_closed(self):
        data = waits(contents.gpt2(), date(2019, 2, 24))["training_data", "", Level.CLOSED]

        assert (data.until, data.ended_by, data.days) == ("", None, (10, 10))

    def test_gives_bounds_where_dates_are_coarse(self):
        content = entry("X", [stage("2020-01", part("paper", CLOSED)), stage("2020-03", part("paper", OPEN))])

        assert waits(content)["paper", "", Level.CLOSED].days == (30, 90)

    def test_gives_no_days_where_a_date_is_unknown(self):
        content = entry("X", [stage("", part("paper", CLOSED)), stage("2020-03", part("paper", OPEN))])

        assert waits(content)["paper", "", Level.CLOSED].days is None

    def test_tells_a_withdrawal_from_a_first_withholding(self):
        content = entry("Images", [
            stage("2008", part("training_data", OPEN)),
            stage("2020-06-29", part("training_data", OPEN), status="withdrawn"),
        ], kind="dataset")

        assert waits(content)["training_data", "", Level.CLOSED].again

    def test_counts_the_days_until_a_leak(self):
        weights = waits(contents.llama())["weights_final", "", Level.RESTRICTED]

        assert (weights.leaked, weights.days_to_leak) == ("2023-03-03", (7, 7))
