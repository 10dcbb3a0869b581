"""Norms, their immutable versions and lasting clauses, and what labs declare of them.

A clause keeps its number and address for ever; each version has its own wording.
A declaration is pinned to the version it speaks of.
"""
