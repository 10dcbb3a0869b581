"""Shared ground, one topic a module: subjects, files, text, rules, mail, limits, API manners.

Knows nothing of labs, releases or people; every other slice stands on it.
Nothing here is about what Daylight exists for; all of it is how Daylight behaves.
"""
