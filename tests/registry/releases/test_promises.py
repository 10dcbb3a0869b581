"""Promises of a content: which there are, whether and when they were kept, and what they do to the word."""

from datetime import date

from registry.releases.checking import problems_for_publication, validate
from registry.releases.content import normalise
from registry.releases.levels import tracks
from registry.releases.promises import promises
from registry.releases.summary import summarise
from tests.registry.releases.cases import CLOSED, OPEN, part

TODAY = date(2026, 1, 1)


def content(*stages, **more):
    return normalise({
        "title": "Lamp", "summary": "A lamp.", "rationale": "For light.", "artefact": {"kind": "model", "variants": []},
        "stages": [{"date": "2019-02-01", "title": "First", "components": [part("weights_final", CLOSED)]}, *stages],
        **more,
    })  # fmt: skip


def plan(**more):
    return {"status": "planned", "key": "full", "title": "All of it", "announced": "2019-02-01", "due": "2019-06",
            "components": [part("weights_final", OPEN)], **more}  # fmt: skip


KEEPER = {"date": "2019-11-05", "title": "Largest", "keeps": ["full"], "components": [part("weights_final", OPEN)]}


class TestPromises:
    def test_are_open_and_overdue_once_the_last_day_of_their_due_month_has_passed(self):
        found = promises(content(plan()))

        assert [(one.state, one.due, one.kept_by) for one in found] == [("open", "2019-06", None)]
        assert not found[0].is_overdue(date(2019, 6, 30))
        assert found[0].is_overdue(date(2019, 7, 1))

    def test_are_kept_late_by_the_stage_that_names_them(self):
        found = promises(content(plan(), KEEPER))

        assert [(one.state, one.kept_by, one.days_late) for one in found] == [("kept_late", 2, 128)]

    def test_are_kept_in_time_on_the_last_day_of_the_month(self):
        found = promises(content(plan(), KEEPER | {"date": "2019-06-30"}))

        assert [(one.state, one.days_late) for one in found] == [("kept", 0)]

    def test_keep_themselves_where_the_planned_stage_itself_took_effect(self):
        found = promises(content(plan(status="effective", date="2019-08-20")))

        assert [(one.state, one.kept_by, one.days_late) for one in found] == [("kept_late", 1, 51)]

    def test_that_were_called_off_or_replaced_are_not_overdue(self):
        found = promises(content(
            plan(status="cancelled", reason="No money."),
            plan(status="superseded", key="half", title="Half", reason="All of it came instead."),
        ))  # fmt: skip

        assert [(one.state, one.is_overdue(TODAY)) for one in found] == [("cancelled", False), ("superseded", False)]

    def test_of_old_contents_fall_due_on_the_date_for_which_they_are_planned(self):
        found = promises(content({"status": "planned", "date": "2020-01", "components": []}))

        assert [(one.due, one.state) for one in found] == [("2020-01", "open")]

    def test_that_were_kept_are_no_longer_planned(self):
        kept = content(plan(), KEEPER)

        assert [len(track.planned) for track in tracks(kept)] == [0]
        assert "planned" not in summarise(kept, TODAY).sentence

    def test_that_were_replaced_change_no_level(self):
        replaced = content(plan(status="superseded", reason="Another came."))

        assert [step.level for track in tracks(replaced) for step in track.steps] == ["closed"]


class TestValidate:
    def test_refuses_to_keep_what_was_never_promised_or_was_called_off(self):
        unknown = validate(content(plan(key="other"), KEEPER), TODAY)
        called_off = validate(content(plan(status="cancelled", reason="No."), KEEPER), TODAY)

        assert [(p.pointer, p.code) for p in unknown] == [("/stages/2/keeps/0", "unknown_promise")]
        assert [(p.pointer, p.code) for p in called_off] == [("/stages/2/keeps/0", "not_kept")]

    def test_refuses_two_promises_of_one_key_and_a_plan_that_keeps(self):
        twice = validate(content(plan(), plan(title="Again")), TODAY)
        planned = validate(content(plan(), plan(key="b", title="B", keeps=["full"])), TODAY)

        assert [(p.pointer, p.code) for p in twice] == [("/stages/2/key", "duplicate")]
        assert [(p.pointer, p.code) for p in planned] == [("/stages/2/keeps/0", "not_kept")]

    def test_wants_a_reason_for_what_was_stopped_called_off_or_replaced(self):
        for status, more in (
            ("paused", {"date": "2019-03-01", "due": ""}), ("withdrawn", {"date": "2019-03-01", "due": ""}),
            ("cancelled", {}), ("superseded", {}),
        ):  # fmt: skip
            silent = content(plan(status=status, **more))
            said = content(plan(status=status, reason="Because.", **more))

            assert [p.pointer for p in problems_for_publication(silent)] == ["/stages/1/reason"], status
            assert problems_for_publication(said) == [], status
