"""How much of the samples stands word for word in a training text, against real text that was held out.

Sequences of words are looked up in the training text itself, read once, or in a sketch of it that
a lab made where the text is. An absolute share means little; the comparison with real text
measured against the same training text does. Pure: no Django, no network.
"""

from registry.analyses.memorisation.analysis import Memorisation

ANALYSIS = Memorisation()
