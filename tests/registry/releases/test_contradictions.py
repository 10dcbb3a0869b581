"""Dates that cannot both be true are refused with a sentence that names both; what is merely coarse is not."""

import pytest

from registry.releases.checking import validate
from registry.releases.content import normalise
from tests.registry.releases import cases, contents
from tests.registry.releases.cases import CLOSED, HOSTED, OPEN, part
from tests.registry.releases.test_promises import KEEPER, TODAY, content, plan

CASES = [
    (
        content({"date": "2019-05-01", "announced": "2019-06-01", "components": [part("paper", OPEN)]}),
        "/stages/1/announced", ["1 May 2019", "1 June 2019"],
    ),
    (content(plan(announced="2019-08")), "/stages/1/due", ["June 2019", "August 2019"]),
    (content(plan(date="2019-08")), "/stages/1/date", ["August 2019", "June 2019"]),
    (
        content(plan(announced="2019-12", due="2020"), KEEPER), "/stages/2/keeps/0",
        ["5 November 2019", "December 2019"],
    ),
    (
        content({"date": "2019-03-01", "status": "paused", "reason": "x", "components": [part("demo", HOSTED)]},
                {"date": "2019-04-01", "components": [part("demo", HOSTED)]}),
        "/stages/1/components/0/component", ["1 March 2019", "1 April 2019"],
    ),
    (
        content(corrections=[{"date": "2018", "field": "Size", "old": "1", "new": "2"}]), "/corrections/0/date",
        ["2018", "1 February 2019"],
    ),
    (
        content(licence_changes=[{"date": "2019-01-31", "old": "MIT", "new": "custom"}]), "/licence_changes/0/date",
        ["31 January 2019", "1 February 2019"],
    ),
    (
        content(events=[{"date": "2019-01", "kind": "replication", "text": "Others did."}]), "/events/0/date",
        ["January 2019", "1 February 2019"],
    ),
    (content(samples=[{"prompts_tried": 10, "prompts_shown": 12}]), "/samples/0/prompts_shown", ["12", "10"]),
    (
        content(samples=[{"prompts_tried": 10, "samples_per_prompt": 25, "samples_shown": 1000}]),
        "/samples/0/samples_shown", ["1,000", "250"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "pointer", "both"), CASES, ids=[pointer for _, pointer, _ in CASES])
def test_a_contradiction_is_refused_with_a_sentence_that_names_both(said, pointer, both):
    found = validate(said, TODAY)

    assert [(p.pointer, p.code) for p in found] == [(pointer, "contradiction")]
    for one in both:
        assert one in found[0].detail


@pytest.mark.parametrize("make", [*contents.ALL, *cases.ALL], ids=lambda make: make.__name__)
def test_nothing_that_happened_contradicts_itself(make):
    assert validate(normalise(make())) == []


def test_what_may_be_true_is_not_refused():
    said = content(
        {"date": "2019-05", "announced": "2019-05-20", "components": [part("paper", OPEN)]},
        plan(announced="2019-06-20"),
        events=[
            {"date": "2019", "kind": "replication", "text": "Some day of that year."},
            {"date": "2018", "kind": "leak", "text": "A leak may come before everything."},
            {"date": "2017", "kind": "note", "text": "So may a note."},
        ],
        corrections=[{"date": "", "field": "Size", "old": "1", "new": "2"}],
    )

    assert validate(said, TODAY) == []


def test_an_undated_stage_may_have_come_before_a_correction():
    undated = content({"date": "", "components": [part("weights_final", CLOSED, "")]}, corrections=[
        {"date": "2018", "field": "Size", "old": "1", "new": "2"},
    ])  # fmt: skip

    assert validate(undated, TODAY) == []
