"""What was disclosed about how samples were chosen, and what they are like.

Selection ratio, repetition, diversity, duplicates and length, and a list of what is not stated.
Nothing here says whether the samples are good: it says how much a reader may conclude from
them. Pure: no Django, no files, no network.
"""

from registry.analyses.samples.analysis import Samples

ANALYSIS = Samples()
