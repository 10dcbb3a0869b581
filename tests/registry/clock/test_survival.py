"""The estimator, against arithmetic done by hand and against published data."""

from math import exp, log, prod, sqrt

import pytest

from registry.clock.survival import median, survival

Z = 1.959964  # the 97.5th percentile of the normal distribution


def rounded(points, digits=4):
    return {p.days: round(p.share, digits) for p in points if p.events}


class TestAgainstArithmeticByHand:
    """Seven observations: events at 3, 5, 5 and 12 days; 5, 8 and 20 days observed without one.

    at 3:  7 at risk, 1 ends:  6/7              = 0.857143
    at 5:  6 at risk, 2 end:   6/7 × 4/6 = 4/7  = 0.571429   (who is censored on a day is at risk on that day)
    at 8:  3 at risk, 0 end:   4/7
    at 12: 2 at risk, 1 ends:  4/7 × 1/2 = 2/7  = 0.285714
    at 20: 1 at risk, 0 end:   2/7

    Greenwood's sum at 5: 1/(7 × 6) + 2/(6 × 4) = 1/42 + 1/12 = 0.107143. On the scale log(-log S) the standard error
    is sqrt(0.107143) / |log(4/7)| = 0.327327 / 0.559616 = 0.584913; exp(1.959964 × 0.584913) = 3.14670; the bounds are
    (4/7)^3.14670 = 0.1719 and (4/7)^(1/3.14670) = 0.8371.
    """

    TIMES = [(3, True), (5, True), (5, True), (5, False), (8, False), (12, True), (20, False)]

    def test_gives_the_product_of_what_is_left_at_each_event(self):
        points = survival(self.TIMES)

        assert [(p.days, p.at_risk, p.events, p.censored) for p in points] == [
            (3, 7, 1, 0), (5, 6, 2, 1), (8, 3, 0, 1), (12, 2, 1, 0), (20, 1, 0, 1),
        ]  # fmt: skip
        assert [p.share for p in points] == pytest.approx([6 / 7, 4 / 7, 4 / 7, 2 / 7, 2 / 7], abs=1e-6)

    def test_gives_the_band_of_greenwood_on_the_log_log_scale(self):
        at_five = survival(self.TIMES)[1]

        assert (round(at_five.low, 4), round(at_five.high, 4)) == (0.1719, 0.8371)

    def test_gives_the_first_day_on_which_half_or_less_is_left_as_median(self):
        points = survival(self.TIMES)

        assert median(points) == 12
        # The lower bound is (6/7)^exp(1.959964 × sqrt(1/42) / |log(6/7)|) = (6/7)^7.113 = 0.334 after 3 days already.
        assert median(points, "low") == 3 and median(points, "high") is None

    def test_gives_neither_band_nor_median_where_it_cannot(self):
        few = survival([(4, True), (9, True), (9, False)])
        assert [(round(p.share, 4), p.low, p.high) for p in few] == [(0.6667, None, None), (0.3333, None, None)]

        none = survival([(4, False), (9, False)])
        assert [(p.at_risk, p.share, p.low) for p in none] == [(2, 1.0, None), (1, 1.0, None)]
        assert median(none) is None
        assert survival([]) == []

    def test_has_no_bounds_once_nothing_is_left(self):
        last = survival([(1, True), (2, True), (3, True)])[-1]

        assert (last.share, last.low, last.high) == (0.0, None, None)


class TestAgainstPublishedData:
    """Weeks of remission of 21 children with leukaemia on 6-mercaptopurine.

    E. J. Freireich et al., "The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute
    leukemia", Blood 21 (1963), 699-716; taken up by E. A. Gehan, Biometrika 52 (1965), 203-223, and as the example of
    the estimate in textbooks, such as J. P. Klein and M. L. Moeschberger, "Survival Analysis", Springer, section 4.2.
    """

    ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    TIMES = [(week, True) for week in ENDED] + [(week, False) for week in CENSORED]
    # Week → how many were in remission just before, and how many relapsed.
    TABLE = {6: (21, 3), 7: (17, 1), 10: (15, 1), 13: (12, 1), 16: (11, 1), 22: (7, 1), 23: (6, 1)}

    def test_gives_the_published_shares(self):
        points = survival(self.TIMES)

        assert {p.days: (p.at_risk, p.events) for p in points if p.events} == self.TABLE
        assert rounded(points, 3) == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
        assert median(points) == 23

    def test_gives_the_band_as_its_formula_says(self):
        found = {p.days: (p.low, p.high) for p in survival(self.TIMES) if p.events}

        for week in self.TABLE:
            until = [(n, d) for w, (n, d) in self.TABLE.items() if w <= week]
            share = prod((n - d) / n for n, d in until)
            error = sqrt(sum(d / (n * (n - d)) for n, d in until)) / abs(log(share))
            bounds = share ** exp(Z * error), share ** exp(-Z * error)
            assert found[week] == pytest.approx(bounds, abs=1e-5)
