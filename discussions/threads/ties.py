"""Ties, for discussions; they are computed in `registry.releases.ties`, since replications ask for them too."""

from registry.releases.ties import LAB_IN_REF, disclosure_on, has_ties, holds, lab_of, ties_of

__all__ = ["LAB_IN_REF", "disclosure_on", "has_ties", "holds", "lab_of", "ties_of"]
