"""Finding decisions by other decisions: side by side, and what came of those that were like one.

What lists are narrowed by is kept by the entries themselves (`registry.releases.facets`).
"""
