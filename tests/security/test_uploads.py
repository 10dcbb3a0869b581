"""Uploads: refused, or kept as bytes that nothing here ever runs."""

import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from registry.accounts.actions import issue_token
from registry.core.files import FileKind, StoredFile
from tests.people import PlatformTestCase
from tests.shared import needs_shared

from .corpus import ATTACKS, bytes_of, entries, text_of

SECONDS = 5


@override_settings(RATE_LIMIT_SCALE=1_000_000)
class UploadCase(PlatformTestCase):
    def setUp(self):
        super().setUp()
        _, token = issue_token(self.ada, scope="write")
        self.script = Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

    def upload(self, data, *, name="card.md", kind="model_card", type="text/markdown"):
        began = time.monotonic()
        body = {"kind": kind, "file": SimpleUploadedFile(name, data, content_type=type)}
        response = self.script.post("/api/v1/files", body)
        assert response.status_code in (201, 400, 413), (name, kind, response.status_code, response.content[:300])
        assert time.monotonic() - began < SECONDS
        return response

    def download(self, response):
        return self.script_of_owner().get(f"/files/{response.json()['id']}/")

    def script_of_owner(self):
        return self.as_(self.ada)

    def check_download(self, response):
        """A download that no browser opens: fixed type, attachment, nothing guessed, nothing run."""
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"] == "private, no-store"
        for value in response.headers.values():
            assert "\n" not in value and "\r" not in value


@needs_shared
class TestNames(UploadCase):
    def test_of_every_kind_are_shown_harmlessly_and_lead_nowhere(self):
        outside = set(Path(settings.DATA_DIR).rglob("*"))
        for entry in entries("upload/file_names"):
            name = entry["payload"]
            # Sent as a browser would: the name is in the header of the part.
            boundary = "b0undary"
            quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            body = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nmodel_card\r\n'
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
                f"Content-Type: text/html\r\n\r\n# Card {entry['id']}\r\n--{boundary}--\r\n"
            ).encode("utf-8", "surrogatepass")
            response = self.script.generic("POST", "/api/v1/files", body, f"multipart/form-data; boundary={boundary}")
            assert response.status_code in (201, 400), (name[:60], response.content[:200])
            if response.status_code == 201:
                shown = StoredFile.objects.get(pk=response.json()["id"])
                assert not set("/\\\0\r\n\u202e\u200b") & set(shown.name) and 0 < len(shown.name) <= 150
                assert name not in shown.key and ".." not in shown.key
                self.check_download(self.download(response))
        new = set(Path(settings.DATA_DIR).rglob("*")) - outside
        files = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        assert [path for path in new if path.is_file() and files not in path.parents] == []


@needs_shared
class TestContents(UploadCase):
    def test_that_would_run_elsewhere_only_lie_here(self):
        kept = 0
        for entry in entries("upload/byte_files"):
            for kind in FileKind.values:
                response = self.upload(bytes_of(entry), kind=kind, type=entry["type"], name=f"x-{kind}.svg")
                if response.status_code == 201:
                    kept += 1
                    self.check_download(self.download(response))
        assert kept

    def test_of_archives_and_pictures_are_never_opened(self):
        for path in sorted((ATTACKS / "upload" / "files").iterdir()):
            for kind in FileKind.values:
                response = self.upload(path.read_bytes(), kind=kind, name=path.name, type="application/zip")
                if response.status_code == 201:
                    self.check_download(self.download(response))
                elif kind != "attachment":
                    assert response["Content-Type"] == "application/problem+json"

    def test_of_large_and_odd_texts_are_kept_or_refused_soon(self):
        for entry in entries("upload/text_detection"):
            self.upload(text_of(entry).encode(), kind="samples", name="samples.jsonl")

    def test_of_any_kind_as_a_card_show_as_text_on_its_page(self):
        """Whatever was uploaded as a card, its page is a page of this site with its text in it, escaped."""
        draft = self.draft()
        page = self.as_(self.ada)
        for entry in [*entries("upload/byte_files"), *entries("cards/yaml_front_matter")]:
            response = self.upload(bytes_of(entry))
            if response.status_code != 201:
                continue
            body = {"file": response.json()["id"]}
            script = self.script.put(f"/api/v1/releases/{draft.key}/model-card", body, "application/json")
            assert script.status_code == 200, entry
            for part in ("", "card/", "prefill/", "edit/"):
                began = time.monotonic()
                shown = page.get(draft.get_absolute_url() + part)
                assert shown.status_code == 200 and b"<script>alert" not in shown.content
                assert time.monotonic() - began < SECONDS, (entry.get("name"), part)


class TestLimits(UploadCase):
    def test_of_size_and_kind_are_kept(self):
        assert self.upload(b"").status_code == 400
        assert self.upload(b"x" * (2 * 2**20 + 1)).status_code in (400, 413)
        assert self.upload(b"a\0b").status_code == 400
        assert self.upload(b"x", kind="no-such-kind").status_code == 400
        assert self.script.post("/api/v1/files", {"kind": "model_card"}).status_code == 400
        assert self.script.post("/api/v1/files", {"file": "not a file", "kind": "model_card"}).status_code == 400

    def test_a_file_is_its_owners_until_something_published_shows_it(self):
        number = self.upload(b"# Mine\n").json()["id"]
        for who in (None, self.bo, self.eve, self.mo):
            assert self.as_(who).get(f"/files/{number}/").status_code == 404
            assert self.api(who).get(f"/api/v1/files/{number}").status_code == 404
        assert self.as_(self.ada).get(f"/files/{number}/").status_code == 200

    def test_somebody_elses_file_cannot_be_put_on_ones_own_entry(self):
        number = self.upload(b"# Mine\n").json()["id"]
        self.lab.memberships.filter(user=self.bo).update(role="editor")
        self.draft()
        script = self.api(self.bo)
        response = script.put("/api/v1/releases/invented-lab/draft/model-card", {"file": number})
        assert response.status_code == 400
        asked = {"analysis": "model_card", "inputs": {"card": number}}
        assert script.post("/api/v1/releases/invented-lab/draft/runs", asked).status_code == 400

    def test_addresses_of_files_and_static_files_lead_to_nothing_else(self):
        reader = Client(raise_request_exception=False)
        for way in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd",
                    "/etc/passwd", "..%5c..%5cetc", "%00", "daylight/../../settings.py"):  # fmt: skip
            for root in ("/static/", "/files/", "/static/daylight/", "/releases/invented-lab/"):
                response = reader.get(root + way)
                assert response.status_code in (400, 404), (root, way)
                assert b"root:" not in response.content
