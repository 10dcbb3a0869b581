"""The analyses there are, by name. Pure: importable without Django, so that they also run offline.

A package from outside adds one by an entry point in the group `daylight.analyses`: its name is the analysis's
name, its value an object like the `ANALYSIS` of the folders here. Such a package is code that the operator trusts.
"""

import logging
from importlib import import_module
from importlib.metadata import entry_points

log = logging.getLogger(__name__)
GROUP = "daylight.analyses"
BUILT_IN = ["model_card", "detection", "memorisation", "samples"]
_outside = {
    point.name: point
    for point in entry_points(group=GROUP)
    if point.name.isidentifier() and len(point.name) <= 40 and point.name not in BUILT_IN
}
NAMES = [*BUILT_IN, *sorted(_outside)]


def get(name):
    """The analysis of this name; raises KeyError where there is none that can be loaded."""
    if name in BUILT_IN:
        return import_module(f"registry.analyses.{name}").ANALYSIS
    point = _outside[name]
    try:
        return point.load()
    except Exception:  # a stranger's package must not take the site's pages with it
        log.exception("The analysis %s of an outside package cannot be loaded.", name)
        raise KeyError(name) from None


def everything():
    """All analyses that can be loaded, those of the site first."""
    found = []
    for name in NAMES:
        try:
            found.append(get(name))
        except KeyError:
            continue
    return found
