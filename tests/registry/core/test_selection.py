"""How much was chosen: the same interval as scipy's, without scipy."""

from itertools import product

from registry.analyses.statistics import clopper_pearson
from registry.core.selection import ratio, tries_of


def test_the_interval_is_that_of_the_analyses():
    for tries, part in product((1, 2, 7, 25, 999, 100_000, 10_000_000), (0, 0.003, 0.5, 0.97, 1)):
        shown = max(1, round(tries * part))

        assert ratio(shown, tries) == clopper_pearson(shown, tries), (shown, tries)


def test_nothing_is_said_where_nothing_was_stated_or_it_cannot_be():
    assert ratio(None, 10) is ratio(3, None) is ratio(0, 10) is ratio(11, 10) is None


def test_tries_are_those_of_every_prompt_tried_or_else_shown():
    assert tries_of(20, 5, 25) == 500
    assert tries_of(None, 5, 25) == 125
    assert tries_of(20, 5, None) is tries_of(None, None, 25) is None
