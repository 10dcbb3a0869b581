"""Puts the buttons to vote onto the thread's page, which belongs to an earlier slice."""

from . import buttons

__all__ = ["buttons"]
