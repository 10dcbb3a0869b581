"""Moderation: reports, decisions, appeals, and the public log of all of them.

Whoever is tied to the lab that a discussion is about cannot moderate it; what is erased needs two; every decision
names its rule and its reason, tells whoever it concerns, can be appealed to somebody else, and stands in the log.
"""
