"""Words of a training text, streamed, and the sketch that tells which sequences of them occur in it.

Two readers share this: the analysis `memorisation`, and the command `manage.py sketch` by which a
lab makes a sketch of a text it will not hand over. The format is written in
docs/analyses/memorisation.md. Pure: no Django, no network.
"""
