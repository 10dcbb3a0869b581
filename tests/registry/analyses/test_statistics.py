"""Figures with uncertainty, against counting by hand and against scikit-learn and scipy."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from registry.analyses.statistics import (
    GroupBootstrap,
    Ranking,
    auroc,
    balanced_accuracy,
    clopper_pearson,
    figure,
    found_at,
    significant,
)


def scores_with_ties(seed=3, size=200):
    generator = np.random.default_rng(seed)
    positive = generator.random(size) < 0.4
    return positive, np.round(generator.normal(positive * 1.0), 1)


class RankingTests:
    def test_auroc_counts_ties_as_half_like_scikit_learn(self):
        positive, scores = scores_with_ties()

        assert auroc(positive, scores) == pytest.approx(roc_auc_score(positive, scores))

    def test_auroc_of_equal_scores_is_a_half(self):
        assert auroc(np.array([True, True, False]), np.zeros(3)) == 0.5

    def test_found_at_never_raises_more_false_alarms_than_allowed(self):
        positive, scores = scores_with_ties()

        cuts = [cut for cut in np.unique(scores) if (scores[~positive] >= cut).mean() <= 0.05]

        assert found_at(0.05, positive, scores) == pytest.approx((scores[positive] >= min(cuts)).mean())

    def test_found_at_is_nothing_where_the_highest_human_score_ties_with_all(self):
        assert found_at(0.01, np.array([True, True, False, False]), np.array([1.0, 1.0, 1.0, 0.0])) == 0.0

    def test_weights_stand_for_repeated_rows(self):
        positive, scores = scores_with_ties(size=40)
        weights = np.random.default_rng(1).integers(0, 4, 40)
        repeated = np.repeat(np.arange(40), weights)

        ranking = Ranking.of(positive, scores)

        assert ranking.auroc(weights[None].astype(float))[0] == pytest.approx(
            roc_auc_score(positive[repeated], scores[repeated])
        )
        assert ranking.found_at(0.1, weights[None].astype(float))[0] == pytest.approx(
            found_at(0.1, positive[repeated], scores[repeated])
        )

    def test_balanced_accuracy_is_that_of_scikit_learn(self):
        positive, scores = scores_with_ties()

        ours = balanced_accuracy(positive, scores > 0.5, np.ones((1, len(scores))))[0]

        assert ours == pytest.approx(balanced_accuracy_score(positive, scores > 0.5))


class ClopperPearsonTests:
    @pytest.mark.parametrize(("hits", "trials"), [(0, 10), (1, 10), (1, 100), (5, 7), (10, 10)])
    def test_gives_the_exact_interval(self, hits, trials):
        exact = binomtest(hits, trials).proportion_ci(method="exact")

        assert clopper_pearson(hits, trials) == figure(hits / trials, exact.low, exact.high)

    def test_one_of_ten_is_between_a_quarter_and_44_in_100(self):
        assert clopper_pearson(1, 10) == {"value": 0.1, "low": 0.00252858, "high": 0.445016}

    @pytest.mark.parametrize(("hits", "trials"), [(0, 0), (3, 2), (-1, 5)])
    def test_refuses_impossible_counts(self, hits, trials):
        with pytest.raises(ValueError, match="share needs"):
            clopper_pearson(hits, trials)


class GroupBootstrapTests:
    def test_the_same_seed_gives_the_same_figures(self):
        positive, scores = scores_with_ties()
        statistic = {"auroc": Ranking.of(positive, scores).auroc}
        groups = np.arange(200) // 2

        first = GroupBootstrap(groups, 500, 1).figures(statistic)

        assert first == GroupBootstrap(groups, 500, 1).figures(statistic)
        assert first != GroupBootstrap(groups, 500, 2).figures(statistic)
        assert first["auroc"]["low"] < first["auroc"]["value"] < first["auroc"]["high"]

    def test_whole_groups_are_drawn_so_copies_do_not_narrow_the_interval(self):
        positive, scores = scores_with_ties(size=60)
        many = [np.tile(values, 10) for values in (positive, scores)]
        ranking = Ranking.of(*many)

        def width(groups):
            found = GroupBootstrap(groups, 800, 0).figures({"auroc": ranking.auroc})["auroc"]
            return found["high"] - found["low"]

        assert width(np.tile(np.arange(60), 10)) > 2 * width(np.arange(600))

    def test_covers_the_truth_about_as_often_as_it_says(self):
        hits = 0
        for seed in range(100):
            values = np.random.default_rng(seed).normal(size=80)
            means = {"mean": lambda weights, values=values: weights @ values / weights.sum(axis=1)}
            found = GroupBootstrap(np.arange(80), 500, seed).figures(means)["mean"]
            hits += found["low"] <= 0 <= found["high"]

        assert 88 <= hits <= 100


class SignificantTests:
    def test_cuts_to_six_digits(self):
        assert [significant(value) for value in (1 / 3, 1234567.0, 1e-9 / 3)] == [0.333333, 1234570.0, 3.33333e-10]

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_refuses_what_json_cannot_carry(self, value):
        with pytest.raises(ValueError, match="finite"):
            significant(value)
