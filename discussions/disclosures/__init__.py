"""What was disclosed about the author of a comment, and corrections of it.

A disclosure is frozen when a comment is written. A correction stands beside it; what was there first stays.
"""
