"""Claims: a lab takes over an entry that third parties curated about it.

Nothing that was there is rewritten: revisions stay with their authors, statements about facts stay side by side, and
the lab's own revisions come after. Whoever thinks a claim wrong disputes it; a moderator without ties decides.
"""
