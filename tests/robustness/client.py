"""A script that talks to a running site over its API, as a lab's own would."""

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field

import psycopg

from deploy.conninfo import conninfo
from tests.services import wait_for

FINAL = {"succeeded", "failed", "cancelled"}


@dataclass
class Answer:
    status: int
    body: dict | None
    headers: dict = field(repr=False)
    seconds: float
    raw: bytes = field(repr=False)


class Client:
    """One person with a token at one site."""

    def __init__(self, url, token, handle):
        self.url, self.token, self.handle = url, token, handle

    def call(self, method, path, body=None, *, key=None, timeout=20, content_type="application/json"):
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Authorization": f"Bearer {self.token}"}
        headers |= {"Content-Type": content_type} if data is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        asked = urllib.request.Request(self.url + path, data, headers, method=method)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(asked, timeout=timeout) as reply:
                status, raw, headers = reply.status, reply.read(), reply.headers
        except urllib.error.HTTPError as error:
            status, raw, headers = error.code, error.read(), error.headers
        except OSError:
            status, raw, headers = 0, b"", {}
        parsed = json.loads(raw) if raw.startswith((b"{", b"[")) else None
        return Answer(status, parsed, dict(headers), time.monotonic() - began, raw)

    def get(self, path):
        answer = self.call("GET", f"/api/v1/{path}")
        assert answer.status == 200, answer
        return answer.body

    def post(self, path, body, status=201):
        answer = self.call("POST", f"/api/v1/{path}", body)
        assert answer.status == status, answer
        return answer.body

    def upload(self, data, kind="attachment", name="text.txt"):
        edge = uuid.uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'.encode(),
                 f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: text/plain\r\n\r\n".encode(), data, f"\r\n--{edge}--\r\n".encode()]
        answer = self.call("POST", "/api/v1/files", b"".join(parts),
                           content_type=f"multipart/form-data; boundary={edge}")
        assert answer.status == 201, answer
        return answer.body["id"]

    def entry(self, slug="model"):
        """A lab of one's own with a draft; returns LAB/SLUG."""
        lab = f"lab-{self.handle}"
        if self.call("GET", f"/api/v1/labs/{lab}").status != 200:
            self.post("labs", {"name": f"Lab of {self.handle}", "slug": lab, "homepage": ""})
        self.post("releases", {"lab": lab, "slug": slug, "title": f"Model {slug}",
                               "artefact": {"kind": "model", "variants": []}})
        return f"{lab}/{slug}"

    def ask(self, entry, analysis, text, **more):
        """Ask for a run on a text; returns its id."""
        body = {"analysis": analysis, "inputs": {"text": self.upload(text.encode())}, **more}
        return self.post(f"releases/{entry}/runs", body, 202)["id"]

    def run(self, pk):
        return self.get(f"runs/{pk}")

    def wait_for_end(self, pk, seconds):
        return wait_for(lambda: (run := self.run(pk))["status"] in FINAL and run, seconds, f"the end of run {pk}")


def rows(site, query, *values):
    """What the site's own database holds."""
    with psycopg.connect(**conninfo(site.env["DATABASE_URL"]), connect_timeout=2) as db:
        return db.execute(query, values).fetchall()


def make_person(site, handle):
    site.manage("create_person", handle, f"{handle}@example.org", "--password-stdin", text_input="correct-horse-9\n")
    token = site.manage("issue_token", handle, "--scope", "write").split()[-1]
    return Client(site.url, token, handle)
