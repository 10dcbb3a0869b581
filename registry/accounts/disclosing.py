"""What is frozen onto something written about a lab's affairs: what its author states, and their ties to the lab.

Ties are computed by a later slice (`discussions.threads.ties`), which registers itself here, so that there is one
place for them and earlier slices can ask.
"""

from .actions import disclosure_of

_with_ties = []


def tells_ties(function):
    """Register the function `(lab, user, *, about, official_for)` that returns a disclosure with its ties."""
    _with_ties[:] = [function]
    return function


def disclosure_on(lab, user, *, about=None, official_for=None):
    """The disclosure with `ties`, `tie` and `shown`, the latter two as pages show them; `about` is a subject."""
    for function in _with_ties:
        return function(lab, user, about=about, official_for=official_for)
    return disclosure_of(user) | {"ties": [], "tie": "", "shown": ""}
