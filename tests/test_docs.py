"""What the documentation says of itself."""

import re

import pytest

from tests.shared import ROOT

DOCS = ROOT / "docs"


class TestContents:
    def test_name_every_page(self):
        named = set(re.findall(r"\]\(([^)#]+)\)", (DOCS / "README.md").read_text(encoding="utf-8")))
        there = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*") if path.is_file()} - {"README.md"}

        assert named == there

    @pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
    def test_lead_to_what_is_there(self, page):
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            elsewhere = ("http:", "https:", "mailto:", "/")  # the last are addresses of the site
            assert link.startswith(elsewhere) or (page.parent / link).exists(), link
