"""Votes are tested with the people and the entry of the threads' tests."""

import pytest

from tests.discussions.threads.conftest import ada, api, bo, draft, entry, eve, lab, opening, person, say, thread

__all__ = ["ada", "api", "bo", "draft", "entry", "eve", "lab", "opening", "say", "thread"]


@pytest.fixture
def kim(db):
    """Has no part in anything yet."""
    return person("kim", "Kim <Reader>")


@pytest.fixture
def people(db):
    """Make people of an organisation and sector: `people(3, "University", "academia")`."""
    from registry.accounts.actions import state_affiliation

    made = []

    def make(number, organisation="", sector=""):
        new = [person(f"voter-{len(made) + n}-x", f"Voter {len(made) + n}") for n in range(number)]
        made.extend(new)
        for one in new:
            if organisation:
                state_affiliation(one, organisation=organisation, sector=sector)
        return new

    return make
