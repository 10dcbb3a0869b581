"""The script in docs/ that goes from a card to a discussed entry by API token."""

import os
import shutil
import subprocess

import pytest

from tests.services import missing
from tests.shared import DATA, ROOT, needs_shared

from .conftest import Api, issue_token, make_person, texts

SCRIPT = ROOT / "docs" / "from-card-to-entry.sh"
CARD = DATA / "model_cards" / "huggingface__transformers__bert-base-multilingual-cased.md"
ENTRY = "release=paper-lab/our-model"


def run(**variables):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["sh", str(SCRIPT)], env=kept | variables, capture_output=True, text=True, timeout=120
    )  # fmt: skip


@pytest.fixture(scope="module")
def variables(site, tmp_path_factory):
    """What the script asks for, with a token of somebody who has no lab yet."""
    if not shutil.which("curl"):
        missing("curl")
    make_person(site, "ci-of-paper-lab")
    files = texts(tmp_path_factory.mktemp("texts"), 150, 270)
    return {
        "BASE": site.url, "TOKEN": issue_token(site, "ci-of-paper-lab"), "CARD": str(CARD), "LAB": "paper-lab",
        "LAB_NAME": "Paper Lab", "SLUG": "our-model", "TITLE": "Our model", "WAIT": "90",
        "SAMPLES": str(files["generated"]), "REFERENCE": str(files["human"]),
    }  # fmt: skip


@needs_shared
class TestFromCardToEntry:
    def test_everything_stands_on_the_site_and_a_second_run_doubles_nothing(self, site, variables):
        first = run(**variables)
        second = run(**variables)

        assert (first.returncode, first.stderr) == (0, "")
        assert (second.returncode, second.stderr) == (0, "")
        assert first.stdout == second.stdout
        api = Api(site)
        entry = api("GET", "releases/paper-lab/our-model")
        assert (entry["title"], entry["state"], entry["revision"]) == ("Our model", "published", 1)
        declared = api("GET", f"declarations?{ENTRY}")["results"]
        assert sorted((d["clause"], d["stance"]) for d in declared) == [
            ("N-1/1", "adheres"), ("N-1/2", "partly"), ("N-1/3", "planned")]  # fmt: skip
        runs = api("GET", f"runs?{ENTRY}")["results"]
        assert sorted((r["analysis"], r["status"]) for r in runs) == [
            ("detection", "succeeded"), ("model_card", "succeeded")]  # fmt: skip
        threads = api("GET", "threads?subject=release:paper-lab/our-model")["results"]
        assert [thread["comment_count"] for thread in threads] == [2]
        comments = api("GET", f"comments?thread={threads[0]['id']}")["results"]
        assert [(c["depth"], c["edits"]) for c in comments] == [(1, 0), (2, 1)]
        assert comments[1]["body"] == "The decoding settings of the samples will follow."
        assert all(site.get(line.split(site.url)[1]) == 200 for line in first.stdout.splitlines() if site.url in line)

    def test_a_refusal_ends_it_with_the_reason(self, variables):
        done = run(**variables | {"TOKEN": "dl_wrong"})

        assert done.returncode == 1
        assert "was refused (401)" in done.stderr
        assert "dl_wrong" not in done.stdout + done.stderr

    def test_what_is_missing_is_named_before_anything_is_done(self, variables):
        without_card = {name: value for name, value in variables.items() if name != "CARD"}
        unreadable = variables | {"SAMPLES": "/nowhere/generated.jsonl"}

        assert (run(**without_card).returncode, run(**unreadable).returncode) == (2, 2)
        assert run(**without_card).stderr.startswith("Set CARD;")
        assert run(**unreadable).stderr == "/nowhere/generated.jsonl cannot be read.\n"
