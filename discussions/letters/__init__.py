"""Letters to labs: feedback that is public at once, public on a date, or read by the lab and the chairs only.

A private letter is answered where it stands. It becomes a discussion, with its answers, when its date comes or when
both sides agree; until then nothing of it appears anywhere but category and date, and those only where a date was set.
What a letter says is kept in one place: once it is public, that is the discussion.
"""
