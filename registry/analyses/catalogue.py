"""The analyses there are, by name. Pure: importable without Django, so that they also run offline."""

from importlib import import_module

NAMES = ["model_card", "detection"]


def get(name):
    """The analysis of this name; raises KeyError where there is none."""
    if name not in NAMES:
        raise KeyError(name)
    return import_module(f"registry.analyses.{name}").ANALYSIS


def everything():
    return [get(name) for name in NAMES]
