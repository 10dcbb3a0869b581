"""Summaries of long discussions: written by anybody, for a named range of comments, above the comments.

Each position that it names can be marked as fairly put by those who took part. Nothing is overwritten: a new summary
stands in place of the one before, which stays to be read.
"""
