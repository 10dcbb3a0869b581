"""Workshops: a programme of sessions, each with its thread and the norms and entries it discusses."""
