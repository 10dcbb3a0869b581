"""Replications and leaks: reports that somebody outside the lab reached what an entry is about, and when.

A report is anybody's; whether it holds is for others to say. A confirmation counts when it comes from somebody
independent, a dispute stands beside it, and neither removes the other. What is withdrawn stays readable.
"""
