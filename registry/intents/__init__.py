"""Intents to release: what a lab plans, announced before it is decided, with time for others to object.

An intent stays announced until every open concern about it has an answer. `docs/intents.md` says what labs and readers
can rely on.
"""
