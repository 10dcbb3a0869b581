"""The house: a slice imports only from the slices before it, even inside a function."""

import ast
from pathlib import Path

import pytest

from tests.shared import ROOT

ORDER = [
    "registry.core", "registry.history", "registry.accounts", "registry.labs", "registry.releases", "registry.facts",
    "registry.claims", "registry.replications", "registry.clock", "registry.promises", "registry.samples",
    "registry.intents", "registry.access", "registry.norms", "registry.checklists", "registry.analyses",
    "registry.exchange", "registry.finding", "registry.search", "discussions.threads", "discussions.votes",
    "discussions.disclosures", "discussions.concerns", "discussions.summaries", "discussions.polls",
    "discussions.workshops", "discussions.moderation", "discussions.letters", "discussions.notifications",
    "discussions.mail_in",
]  # fmt: skip
# The composition root names everything and is imported by nobody; tags are where pages of several slices meet.
ROOTS = {f"registry.{name}" for name in ("settings", "urls", "api", "celery", "asgi", "wsgi", "models")} | {
    "discussions.models"
}
MEETING = ("templatetags", "management", "migrations")
PURE = [
    "errors", "inputs", "catalogue", "report", "sandbox", "texts", "canonical_text", "statistics", "model_card",
    "detection", "memorisation", "samples", "sketch",
]  # fmt: skip
FRAMEWORKS = {"django", "celery", "rest_framework"}


def imports_of(path, package):
    """Full names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join(parts[: len(parts) - node.level + 1] + ([node.module] if node.module else []))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def slice_of(module):
    return next((name for name in ORDER if module == name or module.startswith(name + ".")), None)


def violations(root):
    """`file: what it imports` for every import that points to a later slice or to a root."""
    for path in sorted([*root.glob("registry/**/*.py"), *root.glob("discussions/**/*.py")]):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(parts)
        package = module.removesuffix(".__init__") if path.name == "__init__.py" else ".".join(parts[:-1])
        here = slice_of(module)
        if here is None or any(part in MEETING for part in parts):
            continue
        for name in imports_of(path, package):
            there = slice_of(name)
            if name in ROOTS or (there and ORDER.index(there) > ORDER.index(here)):
                yield f"{path.relative_to(root)}: {name}"


def test_slices_import_only_those_before_them():
    assert sorted(set(violations(ROOT))) == []


@pytest.mark.parametrize(
    "line",
    [
        "from registry.norms.models import Norm",
        "from discussions.threads import models",
        "import registry.settings",
        "from registry import norms",
        "from ..norms.models import Norm",
        "def f():\n    from registry.releases.models import Entry",
    ],
)
def test_planted_violation_is_found(tmp_path, line):
    folder = tmp_path / "registry" / "labs"
    folder.mkdir(parents=True)
    (folder / "planted.py").write_text(line + "\n")
    (folder / "fine.py").write_text("from registry.accounts.models import User\n")

    found = list(violations(tmp_path))

    assert found and all(entry.startswith(str(Path("registry/labs/planted.py"))) for entry in found)


def test_every_slice_of_the_tree_has_its_place_in_the_order():
    folders = {
        f"{app}.{path.parent.name}"
        for app in ("registry", "discussions")
        for path in ROOT.glob(f"{app}/*/__init__.py")
        if path.parent.name not in MEETING
    }

    assert folders <= set(ORDER)


def test_analyses_know_nothing_of_django():
    folder = ROOT / "registry" / "analyses"
    files = [f for name in PURE for f in [*folder.glob(f"{name}.py"), *folder.glob(f"{name}/**/*.py")]]

    assert len(files) > len(PURE)
    for path in files:
        package = ".".join(path.relative_to(ROOT).parts[:-1])
        assert not [n for n in imports_of(path, package) if n.split(".")[0] in FRAMEWORKS], path
