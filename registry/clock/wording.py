"""What a curve says, in sentences."""

from registry.releases.vocabulary import ArtefactKind

from .models import Measure, Mode
from .survival import FEWEST

STILL = {Mode.CLOSED: "closed", Mode.RESTRICTED: "restricted", Mode.EITHER: "closed or restricted"}
ENDED = {
    (Measure.RELEASE, Mode.CLOSED): "released to somebody outside the lab",
    (Measure.RELEASE, Mode.RESTRICTED): "released to anyone",
    (Measure.RELEASE, Mode.EITHER): "released to anyone",
}  # fmt: skip


def finding(curve):
    """The result first: how many, and after how many days half of them were out."""
    if not curve.observations:
        return f"Nothing that was {STILL[curve.mode]} is on record here yet."
    ended = ended_by(curve)
    begin = f"Of {curve.observations:,} component{'' if curve.observations == 1 else 's'} that {_were(curve)} "
    begin += f"{STILL[curve.mode]}, {curve.events:,} {_have(curve.events)} been {ended} so far"
    if curve.events < FEWEST:
        return f"{begin}. Fewer than {FEWEST} events are too few for a curve with a band, or for a median."
    if curve.median is None:
        return f"{begin}; more than half had not when they were last looked at, so there is no median."
    return f"{begin}. Half were {ended} within {curve.median:,} days{_between(curve)}."


def ended_by(curve):
    return ENDED.get((Measure(curve.measure), Mode(curve.mode)), "replicated by others")


def _between(curve):
    low, high = curve.median_low, curve.median_high
    if low is None:
        return ""
    return f" (95% interval: {low:,} to {high:,})" if high is not None else f" (95% interval: {low:,} or more)"


def caveats(curve):
    """What a reader must know of these figures, as sentences."""
    found = []
    if curve.imprecise:
        said = f"{curve.imprecise:,} of the times {'is' if curve.imprecise == 1 else 'are'} known only roughly, since "
        said += "a date is given by its month or year. Each counts by the middle of what its dates allow"
        if curve.median_shortest != curve.median_longest and curve.median is not None:
            said += f"; if all were as short or as long as that, the median would be {_bounds(curve)}"
        found.append(f"{said}.")
    if curve.left_out:
        found.append(f"{curve.left_out:,} more could not be counted, because a date is not known at all.")
    if curve.measure == Measure.REPLICATION:
        found.append(
            "What was released before anybody replicated it counts up to its release: afterwards it need not be "
            "replicated. Reports count as the page of each says."
        )
    return found


def _bounds(curve):
    low, high = (f"{n:,}" if n is not None else "never reached" for n in (curve.median_shortest, curve.median_longest))
    return f"{low} or {high} days"


def of_stratum(stratum):
    """Which observations a curve is over: closed, of models, since 2019."""
    kind = f", of the kind {ArtefactKind(stratum['kind']).label.lower()}" if stratum["kind"] else ""
    year = f", since {stratum['year']}" if stratum["year"] else ""
    return f"{STILL[stratum['mode']]}{kind}{year}"


def _were(curve):
    return "was" if curve.observations == 1 else "were"


def _have(number):
    return "has" if number == 1 else "have"
