"""Uploads: refused, or kept as bytes that nothing here ever runs."""

import os
import time
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import override_settings

from registry.accounts.actions import issue_token
from registry.core.files import FileKind, StoredFile
from registry.core.tasks import sweep_files
from tests.people import Browser, PlatformTestCase
from tests.shared import needs_shared

from .corpus import ATTACKS, bytes_of, entries, text_of

SECONDS = 5
FIFTY_MB = 50 * 2**20


@override_settings(RATE_LIMIT_SCALE=1_000_000)
class UploadCase(PlatformTestCase):
    def setUp(self):
        super().setUp()
        _, token = issue_token(self.ada, scope="write")
        self.script = Browser(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

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
    def test_of_a_card_that_is_not_utf_8_are_told_at_once(self):
        said = "is not UTF-8 text (it holds the byte e9), so some of its characters cannot be read."
        response = self.upload("# Café\n".encode("latin-1"))
        assert response.status_code == 400
        assert response.json()["errors"] == [
            {"pointer": "/file", "code": "encoding",
             "detail": f"card.md {said} Save it as UTF-8 in your editor and choose it again."}
        ]  # fmt: skip

        upload = SimpleUploadedFile("mine.md", "# Café\n".encode("latin-1"))
        page = self.as_(self.ada).post(f"{self.entry.get_absolute_url()}edit/card/", {"file": upload})
        self.assertContains(page, f"mine.md {said}")
        assert not StoredFile.objects.exists()

        assert self.upload("# Caf\u00e9\n".encode()).status_code == 201
        assert self.upload(b"# Caf\xc3").status_code == 400
        assert self.upload("Café".encode("latin-1"), kind="attachment").status_code == 201

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
        reader = Browser(raise_request_exception=False)
        for way in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd",
                    "/etc/passwd", "..%5c..%5cetc", "%00", "daylight/../../settings.py"):  # fmt: skip
            for root in ("/static/", "/files/", "/static/daylight/", "/releases/invented-lab/"):
                response = reader.get(root + way)
                assert response.status_code in (400, 404), (root, way)
                assert b"root:" not in response.content


class Noting(TemporaryFileUploadHandler):
    """Django's handler, which writes uploads to disk, and what it was given."""

    given = []

    def receive_data_chunk(self, raw_data, start):
        self.given.append(len(raw_data))
        return super().receive_data_chunk(raw_data, start)


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'


@override_settings(FILE_UPLOAD_HANDLERS=["tests.security.test_uploads.Noting"])
class TestFiftyMegabytes(UploadCase):
    """Refused by their announced length, before any of them is kept in memory or in a temporary file."""

    PAGE = "application/x-www-form-urlencoded"
    MULTIPART = "multipart/form-data; boundary=b"
    FORM = b"text=" + b"x" * (FIFTY_MB - 5)
    FILE = PART + b"x" * (FIFTY_MB - len(PART) - 8) + b"\r\n--b--\r\n"

    def setUp(self):
        super().setUp()
        Noting.given.clear()

    def send(self, client, address, content_type, method="POST", **more):
        body = self.FILE if content_type == self.MULTIPART else self.FORM
        response = client.generic(method, address, body, content_type, **more)
        assert Noting.given == [], address
        return response

    def test_from_nobody_are_refused_at_once_on_every_page_and_the_api(self):
        said = "This is 52.5 MB; from somebody who is not signed in, 1 MB are taken."
        for address in ("/accounts/login/", "/accounts/signup/", "/threads/new/", "/releases/invented-lab/lamp/card/",
                        "/releases/invented-lab/lamp/analyses/samples/", "/no/such/page/"):  # fmt: skip
            for kind in (self.PAGE, self.MULTIPART):
                response = self.send(Browser(), address, kind)
                assert response.status_code == 413 and said in response.content.decode(), (address, response.content)
        for client in (Browser(), Browser(headers={"authorization": "Bearer dl_guess"})):
            for address in ("/api/v1/files", "/api/v1/comments", "/api/v1/releases"):
                response = self.send(client, address, self.MULTIPART)
                assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
                assert response.json()["detail"] == said

    def test_pasted_by_a_person_are_refused_at_once(self):
        said = "This is 52.5 MB; at most 4 MB are taken here."
        for address in ("/releases/invented-lab/lamp/card/", "/releases/invented-lab/lamp/edit/", "/labs/new/"):
            response = self.send(self.as_(self.ada), address, self.PAGE)
            assert response.status_code == 413 and said in response.content.decode(), address
        for address, method in (("/api/v1/comments", "POST"), ("/api/v1/releases/invented-lab/lamp", "PATCH")):
            response = self.send(self.script, address, "application/json", method)
            assert response.status_code == 413 and response.json()["detail"].startswith(said), address

    def test_a_suspended_person_is_nobody(self):
        browser = self.as_(self.ada)
        type(self.ada).objects.filter(pk=self.ada.pk).update(suspended_at="2026-01-01T00:00Z")

        for client in (browser, self.script):
            assert "not signed in" in self.send(client, "/api/v1/files", self.MULTIPART).json()["detail"]

    def test_without_a_length_are_refused_at_once(self):
        for address, kind in (("/accounts/login/", "text/html"), ("/api/v1/files", "application/problem+json")):
            sent = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
            response = self.send(self.script, address, self.MULTIPART, **sent)
            assert response.status_code == 411 and response["Content-Type"].startswith(kind)
            assert "not in chunks" in response.content.decode()

    def test_uploaded_as_samples_are_kept_and_as_a_card_refused(self):
        line = b'{"id": "1", "text": "' + b"x" * (FIFTY_MB - 60) + b'"}\n'
        assert self.upload(line, kind="samples").status_code == 201
        refused = self.upload(line, kind="model_card")
        assert (refused.status_code, refused["Content-Type"]) == (413, "application/problem+json")
        assert refused.json()["detail"] == "card.md is larger than the 2 MB allowed for this kind of file."

    def test_on_the_page_that_takes_samples_are_kept(self):
        self.draft()
        sent = {"samples": SimpleUploadedFile("s.jsonl", b'{"text": "' + b"x" * FIFTY_MB + b'"}\n')}
        page = self.as_(self.ada).post("/releases/invented-lab/draft/analyses/samples/", sent)
        assert page.status_code == 302, page.content[-500:]

    @override_settings(FILE_QUOTA_MB=1)
    def test_beyond_what_one_person_may_keep_are_refused(self):
        assert self.upload(b"x" * 700_000, kind="samples").status_code == 201
        refused = self.upload(b"y" * 700_000, kind="samples")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["code"] == "quota"
        assert "one person may take 1 MB" in refused.json()["detail"]
        again = self.upload(b"x" * 700_000, kind="samples")
        assert again.status_code == 201, "the same file takes no more room"


@pytest.mark.slow
class TestAtTheRunningSite:
    def test_answers_fifty_megabytes_soon_and_clearly(self, site):
        for address, kind in (("/accounts/login/", "text/html"), ("/api/v1/files", "application/problem+json")):
            began = time.monotonic()
            connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
            connection.request("POST", address, b"x" * FIFTY_MB, {"Content-Type": "multipart/form-data; boundary=b"})
            answer = connection.getresponse()
            assert answer.status == 413 and answer.headers["Content-Type"].startswith(kind)
            assert "This is 52.5 MB" in answer.read().decode()
            connection.close()
            assert time.monotonic() - began < SECONDS


class TestSweeping(UploadCase):
    def test_removes_what_no_row_names_after_a_day_and_nothing_else(self):
        kept = StoredFile.objects.get(pk=self.upload(b"# Kept\n").json()["id"])
        left = {name: default_storage.save(f"samples/ab/{name}", BytesIO(b"x")) for name in ("old", "fresh")}
        for key in (kept.key, left["old"]):
            os.utime(default_storage.path(key), (1, 1))

        sweep_files()

        assert default_storage.exists(kept.key) and default_storage.exists(left["fresh"])
        assert not default_storage.exists(left["old"])
