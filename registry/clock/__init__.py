"""The decision clock: how long what was withheld stayed so, on each entry and over all of them.

`of_entry` tells one entry's times; the worker turns them into rows and the rows into survival curves, which pages
only show. What counts as one observation, and as its end, is told in `docs/clock.md`.
"""
