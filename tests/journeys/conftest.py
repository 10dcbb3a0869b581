"""What all journeys need: a token, the API as a script uses it, texts in two hands, and pages that are watched."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.shared import DATA

PASSWORD = "walks through the whole site"
GPT2_TEXTS = DATA / "detection" / "fdg_gpt2-xl.jsonl"


class Api:
    """The site's API for one token."""

    def __init__(self, site, token=""):
        self.root, self.token = f"{site.url}/api/v1/", token

    def __call__(self, method, path, body=None, patience=5):
        request = urllib.request.Request(self.root + path, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 429 and patience:  # as a script does that is told how long to wait
                time.sleep(int(error.headers["Retry-After"]))
                return self(method, path, body, patience - 1)
            pytest.fail(f"{method} {path}: {error.code} {error.read().decode()}")


def make_person(site, handle):
    """A person who can sign in; returns the password, which is the same for all."""
    site.manage("create_person", handle, f"{handle}@example.org", "--password-stdin", text_input=PASSWORD)
    return PASSWORD


def issue_token(site, handle):
    return site.manage("issue_token", handle, "--scope", "write").split()[-1]


@pytest.fixture(scope="session")
def tess(site):
    """The API with the token of Tess, who works by script."""
    make_person(site, "tess")
    return Api(site, issue_token(site, "tess"))


@pytest.fixture(scope="session")
def revised(tess):
    """An entry with two published revisions; its address."""
    tess("POST", "labs", {"slug": "script-lab", "name": "Script Lab"})
    stage = {
        "date": "2025-02", "date_precision": "month", "status": "effective", "title": "Weights",
        "components": [{"component": "weights_final", "mode": "downloadable", "audience": "public"}],
    }  # fmt: skip
    tess("POST", "releases", {
        "lab": "script-lab", "slug": "lamp", "title": "Lamp", "summary": "The weights are out.",
        "rationale": "They are small. Nobody can do harm with them.", "stages": [stage],
    })  # fmt: skip
    tess("POST", "releases/script-lab/lamp/publication", {"justification": "First publication."})
    tess("PATCH", "releases/script-lab/lamp", {
        "rationale": "They are small. Hardly anybody can do harm with them.",
        "concerns": [{"concern": "Cheap spam.", "mitigation": "A detector is offered."}],
    })  # fmt: skip
    tess("POST", "releases/script-lab/lamp/publication", {"justification": "The reason was too sure of itself."})
    return "/releases/script-lab/lamp/"


@pytest.fixture
def signed_in(site):
    """Signs somebody in within a context."""

    def sign_in(context, handle):
        page = context.new_page()
        page.goto(site.url + "/accounts/login/")
        page.locator("[name=login]").fill(handle)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda address: "login" not in address)
        return page

    return sign_in


def texts(folder, first, last):
    """Files of generated and human texts: those of the prompts from `first` to `last`."""
    rows = [json.loads(line) for line in GPT2_TEXTS.read_text().splitlines()]
    files = {}
    for label in ("generated", "human"):
        chosen = [row for row in rows if row["label"] == label][first:last]
        files[label] = Path(folder) / f"{label}.jsonl"
        files[label].write_text("".join(json.dumps(row) + "\n" for row in chosen))
    return files


@pytest.fixture
def opened(browser):
    """Opens contexts of a browser, and at the end fails for whatever their pages complained of."""
    contexts, complaints = [], []

    def open_context(**options):
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.on("page", lambda page: watch(page, complaints))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert complaints == []


def watch(page, complaints):
    """Collect errors of scripts, of the console (what the security policy refused among them), and broken answers."""

    def said(message):
        if message.type in {"error", "warning"}:
            complaints.append(f"{page.url}: {message.text}")

    def answered(response):
        if response.status >= 400:
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", answered)
