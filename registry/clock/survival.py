"""The survival curve of withholding: the estimate of Kaplan and Meier, as `scipy.stats.ecdf` computes it.

E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
Statistical Association 53 (1958), 457-481. The band is that of Greenwood's variance on the scale log(-log S), which
never leaves 0 to 1: J. D. Kalbfleisch and R. L. Prentice, "The Statistical Analysis of Failure Time Data", 2nd ed.,
Wiley 2002, section 1.4.
"""

import warnings
from collections import Counter
from typing import NamedTuple

FEWEST = 3  # events below which no band is given: it would span nearly everything


class Point(NamedTuple):
    """After so many days: how many were observed until then, what happened, and the share that is left.

    The bounds are None where the variance says nothing: before the first event, and once nothing is left.
    """

    days: int
    at_risk: int
    events: int
    censored: int
    share: float
    low: float | None
    high: float | None


def survival(times):
    """Points of the curve from pairs (days, whether it ended by the event), by days."""
    ended, censored = (Counter(days for days, event in times if event is flag) for flag in (True, False))
    left, shares = len(times), _shares(times)
    points = []
    for days in sorted({*ended, *censored}):
        share, low, high = shares.get(days, (1.0, None, None))
        points.append(Point(days, left, ended[days], censored[days], share, low, high))
        left -= ended[days] + censored[days]
    return points


def _shares(times):
    """Days → share and its bounds, by scipy; nothing where nothing has happened."""
    # Loaded here, so that a process that never draws a curve does not carry it.
    from scipy import stats

    uncensored, right = ([days for days, event in times if event is flag] for flag in (True, False))
    if not uncensored:
        return {}
    curve = stats.ecdf(stats.CensoredData(uncensored=uncensored, right=right)).sf
    with warnings.catch_warnings():
        # It says that the bounds are undefined at some points, which are None here.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(confidence_level=0.95, method="log-log")
    enough = len(uncensored) >= FEWEST
    rows = zip(curve.quantiles, curve.probabilities, band.low.probabilities, band.high.probabilities, strict=True)
    return {int(days): (_figure(share), *(_bound(b, enough) for b in bounds)) for days, share, *bounds in rows}


def _figure(value):
    return round(float(value), 6)


def _bound(value, enough):
    return _figure(value) if enough and value == value else None  # noqa: PLR0124 - NaN is not itself


def median(points, of="share"):
    """The first day on which half or less is left, or None where more than half is; `of` names the share or a bound."""
    return next((p.days for p in points if (value := getattr(p, of)) is not None and value <= 0.5), None)
