"""Counting by class: small classes are never shown, and never to be found by subtraction."""

from hypothesis import given, settings
from hypothesis import strategies as st

from discussions.threads.actions import edit
from discussions.threads.models import Comment
from discussions.votes.actions import vote
from discussions.votes.tallies import CLASSES, OTHER, by_class, summary
from registry.core.cells import FEWEST

SECTORS = [name for name in CLASSES if name != OTHER]
CELLS = st.dictionaries(
    st.sampled_from(SECTORS),
    st.fixed_dictionaries({"agree": st.integers(0, 12), "disagree": st.integers(0, 12)}).filter(
        lambda cell: any(cell.values())
    ),
)


def size(row):
    return row["agree"] + row["disagree"]


class TestByClass:
    @given(CELLS)
    @settings(max_examples=500, deadline=None)
    def test_what_is_not_shown_cannot_be_found_by_subtraction(self, cells):
        rows = by_class(cells)

        shown = {row["sector"] for row in rows}
        assert all(size(row) >= FEWEST for row in rows)
        for name in shown - {OTHER}:
            assert next(row for row in rows if row["sector"] == name) == {
                "sector": name, "name": CLASSES[name], **cells[name],
            }  # fmt: skip
        hidden = [cell for name, cell in cells.items() if name not in shown]
        # The totals are public: what they leave over is of several classes and of enough people.
        assert not rows or not hidden or (len(hidden) >= 2 and sum(map(size, hidden)) >= FEWEST)
        if rows:
            for side in ("agree", "disagree"):
                assert sum(row[side] for row in rows) == sum(cell[side] for cell in cells.values())

    def test_gives_up_a_large_class_to_hide_a_single_small_one(self):
        cells = {"academia": (9, 0), "industry": (0, 6), "press": (1, 0)}
        rows = by_class({name: {"agree": a, "disagree": d} for name, (a, d) in cells.items()})

        assert [(row["sector"], row["agree"], row["disagree"]) for row in rows] == [("academia", 9, 0), (OTHER, 1, 6)]

    def test_puts_small_ones_together_where_that_is_enough(self):
        cells = {"academia": (5, 0), "industry": (1, 2), "press": (1, 1)}
        rows = by_class({name: {"agree": a, "disagree": d} for name, (a, d) in cells.items()})

        assert [(row["sector"], row["agree"], row["disagree"]) for row in rows] == [("academia", 5, 0), (OTHER, 2, 3)]

    def test_shows_none_where_none_can_stand_alone(self):
        assert by_class({}) == []
        assert by_class({"press": {"agree": 4, "disagree": 0}}) == []
        assert by_class({"press": {"agree": 4, "disagree": 0}, "academia": {"agree": 5, "disagree": 0}}) == []


class TestSummary:
    def test_counts_in_three_ways(self, opening, people, eve):
        for person in people(6, "University", "academia") + people(2):
            vote(opening, "agreement", 1, person)
        edit(opening, "Said better.", eve, 0)
        comment = Comment.objects.get()
        for person in people(3, "Daily News", "press"):
            vote(comment, "agreement", -1, person)
        vote(comment, "helpful", 1, person)

        agreement = [
            {"sector": "academia", "name": "Academia", "agree": 6, "disagree": 0},
            {"sector": OTHER, "name": "Other classes together", "agree": 2, "disagree": 3},
        ]
        assert summary(comment) == {
            "helpful": 1, "agree": 8, "disagree": 3, "without_organisation": 2, "for_earlier_text": 8,
            "organisations": {"agree": 1, "disagree": 1, "divided": 0},
            "classes": {"agreement": agreement, "helpful": []},
        }  # fmt: skip
