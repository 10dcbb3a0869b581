"""Where the shared data lie that are not part of this repository, and how tests say that they need them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _find():
    named = os.environ.get("DAYLIGHT_SHARED")
    return Path(named).resolve() if named else ROOT.parent / "shared"


SHARED = _find()
DATA = SHARED / "data"
needs_shared = pytest.mark.needs_shared


def shared_is_there():
    return DATA.is_dir()
