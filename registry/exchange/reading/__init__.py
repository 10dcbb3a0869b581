"""Readers of other formats. Pure: text in, findings out; they run in a process of their own (`apart`)."""
