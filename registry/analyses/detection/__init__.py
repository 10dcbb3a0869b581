"""How well the texts of a model are told from human writing, by length and in batches.

A number about the samples of an entry, never a verdict on one person's text: detectors
are trained on the lab's own samples and reference texts and scored on texts, and
groups of texts, they have not seen. Pure: no Django, no files, no network.
"""

from registry.analyses.detection.analysis import Detection

ANALYSIS = Detection()
