"""What a model card says: its front matter, the 18 items, licence, languages and results.

A pure package: bytes go in, a plain dictionary comes out. A profile of what is answered, touched
and missing, with the passages it rests on; never one total. How the items are judged and how well
that agrees with careful readers is written in docs/analyses/model_card.md.
"""

from .analysis import ANALYSIS

__all__ = ["ANALYSIS"]
