"""Organisations that register decisions, their members, and the proof of their domain.

A lab without members is one that third parties curate entries for;
nobody speaks for it until somebody proves to belong to it.
"""
