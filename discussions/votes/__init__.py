"""Votes: whether a comment helps, and apart from that whether people agree with it.

A vote is public, with the name, affiliations and ties of whoever cast it as they were then, and says which text
it was for. Tallies by person and by organisation are kept on the comment; `docs/votes.md` says what they mean.
"""
