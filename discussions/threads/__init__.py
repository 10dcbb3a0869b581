"""Threads: open, nested discussion on any subject.

Comments are rendered once, when written, and keep their place in a sortable path,
so that a whole thread is one indexed query. What was said stays said.
"""
