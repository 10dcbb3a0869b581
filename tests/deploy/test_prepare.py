"""What a new version does with the static files of the one before."""

import os

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from deploy.prepare import _collect_static


class TestCollectingStaticFiles:
    @pytest.fixture
    def source(self, tmp_path, settings):
        """A folder of static files that are collected under names with their digest."""
        folder = tmp_path / "source"
        folder.mkdir()
        settings.STATIC_ROOT = str(tmp_path / "static")
        settings.STATICFILES_DIRS = [str(folder)]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        backend = {"BACKEND": "registry.core.static_files.StaticFiles"}
        settings.STORAGES = settings.STORAGES | {"staticfiles": backend}
        return folder

    def test_keeps_what_open_pages_still_ask_for_and_takes_even_an_older_file(self, source, tmp_path):
        (source / "own.css").write_text("a { color: red }")
        _collect_static(tmp_path / "note")
        before = staticfiles_storage.stored_name("own.css")

        (source / "own.css").write_text("a { color: green }")
        os.utime(source / "own.css", (1, 1))
        _collect_static(tmp_path / "note")

        after = staticfiles_storage.stored_name("own.css")
        assert (before != after, staticfiles_storage.exists(before), staticfiles_storage.exists(after)) == (True,) * 3
        assert "green" in (tmp_path / "static" / "own.css").read_text()
        assert "red" in (tmp_path / "static" / before).read_text()
