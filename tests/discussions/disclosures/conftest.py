"""Disclosures are tested with the people and the entry of the threads' tests."""

from tests.discussions.threads.conftest import ada, api, bo, entry, eve, lab, opening, say, thread

__all__ = ["ada", "api", "bo", "entry", "eve", "lab", "opening", "say", "thread"]
