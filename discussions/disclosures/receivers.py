"""Ties are computed here, and asked for by earlier slices too."""

from discussions.threads.ties import disclosure_on
from registry.accounts.disclosing import tells_ties

tells_ties(disclosure_on)
