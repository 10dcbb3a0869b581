"""The concern ledger: named objections that ask for an answer, and how long the answer takes.

A concern is opened in a comment and discussed in that comment's thread. Whoever it is addressed to answers there;
whether the answer settles it is for its opener to say. Others co-sign; enough independent ones make it an open call.
"""
