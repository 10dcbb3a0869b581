"""The ledger: component × audience × date, with what each may do, on what terms, and why."""

from datetime import date

from registry.releases.content import normalise
from registry.releases.ledger import ledger
from registry.releases.ledger_table import read_ledger
from registry.releases.summary import summarise
from tests.registry.releases import cases
from tests.registry.releases.cases import BY_FORM, CLOSED, OPEN, part
from tests.registry.releases.test_promises import plan

PARTNERS = {"mode": "downloadable", "gate": "partners_under_agreement", "audience": "named_partners"}
PUBLIC_BY_FORM = {"mode": "downloadable", "gate": "application_manual", "audience": "public"}


def of(*stages):
    return normalise({"title": "Lamp", "artefact": {"kind": "model", "variants": []}, "stages": [
        {"date": date, "title": date, "rationale": f"Why {date}.", **stage} for date, stage in stages
    ]})  # fmt: skip


def weights(*lines, **more):
    return {"components": [part("weights_final", line) for line in lines], **more}


def brief(content):
    return [(cell.audience, cell.gate, cell.since, cell.until) for cell in ledger(content)]


class TestLedger:
    def test_holds_several_audiences_of_one_component_at_the_same_time(self):
        content = of(("2022-01-01", weights(PARTNERS)), ("2022-06-01", weights(PUBLIC_BY_FORM)))

        assert brief(content) == [
            ("named_partners", "partners_under_agreement", "2022-01-01", ""),
            ("public", "application_manual", "2022-06-01", ""),
        ]

    def test_takes_several_lines_of_one_stage_and_runs_on_what_is_said_again(self):
        content = of(("2022-01-01", weights(PARTNERS)), ("2022-06-01", weights(PUBLIC_BY_FORM, PARTNERS)))

        assert brief(content) == [
            ("named_partners", "partners_under_agreement", "2022-01-01", ""),
            ("public", "application_manual", "2022-06-01", ""),
        ]

    def test_ends_what_is_covered_by_an_open_release_to_more(self):
        content = of(("2022-08-10", weights(BY_FORM)), ("2022-08-22", weights(OPEN)))

        assert brief(content) == [
            ("verified_researchers", "application_manual", "2022-08-10", "2022-08-22"),
            ("public", "none", "2022-08-22", ""),
        ]

    def test_ends_what_went_to_more_where_a_stage_names_fewer(self):
        content = of(("2022-01-01", weights(OPEN)), ("2022-06-01", weights(BY_FORM)))

        assert [(cell.audience, cell.ended_by) for cell in ledger(content)] == [
            ("public", 1), ("verified_researchers", None)
        ]

    def test_closing_ends_everything_and_opening_ends_the_closing(self):
        content = of(
            ("2022-01-01", weights(OPEN)), ("2022-02-01", weights(OPEN, status="withdrawn")),
            ("2022-03-01", weights(OPEN)),
        )  # fmt: skip

        assert [(c.audience, c.level, c.status, c.since, c.until) for c in ledger(content)] == [
            ("public", "open", "effective", "2022-01-01", "2022-02-01"),
            ("internal", "closed", "withdrawn", "2022-02-01", "2022-03-01"),
            ("public", "open", "effective", "2022-03-01", ""),
        ]

    def test_a_leak_stands_beside_what_was_decided_and_ends_nothing(self):
        cells = [cell for cell in ledger(normalise(cases.leak())) if cell.component == "weights_final"]

        assert [(cell.audience, cell.basis, cell.ended_by) for cell in cells] == [
            ("verified_researchers", "authorised", None), ("public", "unauthorised", None)
        ]

    def test_a_change_of_terms_alone_begins_another_cell_with_its_reason(self):
        content = of(
            ("2020-01-01", {"components": [part("inference_code", OPEN, licence="MIT")]}),
            ("2020-02-01", {"components": [part("inference_code", OPEN, licence="custom", reason="Use was abused.")]}),
        )

        assert [(c.licence, c.since, c.until, c.reason) for c in ledger(content)] == [
            ("MIT", "2020-01-01", "2020-02-01", "Why 2020-01-01."), ("custom", "2020-02-01", "", "Use was abused."),
        ]

    def test_knows_what_stood_on_a_day_and_never_what_is_only_planned(self):
        planned = plan(announced="", due="2031")
        content = of(("2022-08-10", weights(BY_FORM)), ("2022-08-22", weights(OPEN)), ("", planned))

        def on(day):
            return [cell.audience for cell in ledger(content) if cell.stands_on(day)]

        assert on(date(2022, 8, 9)) == []
        assert on(date(2022, 8, 21)) == ["verified_researchers"]
        assert on(date(2022, 8, 22)) == ["public"]

    def test_shows_what_nobody_asserted_as_an_empty_cell(self):
        content = of(("2022-01-01", {"components": [part("weights_final", PARTNERS), part("paper", OPEN)]}))
        table = read_ledger(content, curated=False)

        assert table["audiences"] == ["Named partners", "Public"]
        assert [[len(cells) for cells in line.cells] for line in table["lines"]] == [[1, 0], [0, 1]]


def test_the_summary_goes_by_the_audience_that_gets_the_most():
    both = of(("2022-01-01", weights(PARTNERS, PUBLIC_BY_FORM)))
    closed = of(("2022-01-01", weights(CLOSED)))

    assert summarise(both).because[0] == "Gated, because the weights need a manual application."
    assert summarise(closed).because[0] == "Withheld, because the weights have been fully closed since 1 January 2022."
