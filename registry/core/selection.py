"""How much was chosen: texts shown of texts tried. One definition for entries and for the analysis of samples.

A ratio is a share with its exact binomial interval (Clopper and Pearson 1934), here without numpy or scipy, which a
web process does without: the bounds are quantiles of beta distributions, found by bisection on the regularised
incomplete beta function, whose continued fraction is evaluated as in Numerical Recipes (3rd edition, 6.4).
"""

from functools import lru_cache
from math import exp, lgamma, log, log1p

CONFIDENCE = 0.95
STEPS = 60
TINY = 1e-300


def tries_of(prompts_tried, prompts_shown, samples_per_prompt):
    """Texts that were made, as far as is stated: for every prompt tried, or else for every prompt shown."""
    prompts = prompts_tried if prompts_tried is not None else prompts_shown
    return prompts * samples_per_prompt if prompts and samples_per_prompt else None


@lru_cache(maxsize=1024)
def ratio(shown, tries):
    """A share of texts or prompts as {"value", "low", "high"}; None where it is not stated or cannot be."""
    if not tries or shown is None or not 0 < shown <= tries:
        return None
    tail = (1 - CONFIDENCE) / 2
    low = beta_quantile(tail, shown, tries - shown + 1)
    high = beta_quantile(1 - tail, shown + 1, tries - shown) if shown < tries else 1.0
    return {name: float(f"{value:.6g}") for name, value in (("value", shown / tries), ("low", low), ("high", high))}


def beta_quantile(share, a, b):
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if incomplete_beta(middle, a, b) < share:
            low = middle
        else:
            high = middle
        if high - low <= 1e-9 * high:
            break
    return (low + high) / 2


def incomplete_beta(x, a, b):
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * fraction(x, a, b) / a
    return 1 - front * fraction(1 - x, b, a) / b


def fraction(x, a, b):
    """The continued fraction by Lentz's method; it takes about the root of the greater of a and b steps."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > TINY else TINY)
    value = d
    for m in range(1, 100_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            c = 1 + numerator / c
            d = 1 / (d if abs(d) > TINY else TINY)
            c = c if abs(c) > TINY else TINY
            value *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return value
