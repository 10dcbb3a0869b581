"""`manage.py analyse` with no environment at all: codes, one clear line, the same bytes every time."""

import json
import subprocess
import sys
import tempfile

import pytest

from registry.analyses.actions import request_run
from registry.analyses.tasks import carry_out_run
from tests.people import PlatformTestCase
from tests.registry.analyses.made_texts import as_lines, made_rows
from tests.shared import ROOT

CARD = "---\nlicence: mit\nlanguage: en\n---\n# Lamp\n\nLamp is small.\n\n## Intended use\n\nFor tests only.\n"
KEYS = ["analysis", "version", "params", "seed", "inputs", "result", "findings", "seconds"]


def analyse(*arguments, folder=ROOT, **env):
    command = [sys.executable, str(ROOT / "manage.py"), "analyse", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=120)


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "card.md"
    path.write_text(CARD)
    return path


class TestAnalyse:
    def test_prints_the_report_as_json(self, card):
        done = analyse("model_card", card, "--json", folder=card.parent)

        report = json.loads(done.stdout)
        assert (done.returncode, done.stderr) == (0, b"")
        assert list(report) == KEYS
        assert [(i["role"], i["name"], i["size"]) for i in report["inputs"]] == [("card", "card.md", len(CARD))]
        assert len(report["result"]["items"]) == 18

    def test_prints_words_without_the_option(self, card):
        done = analyse("model_card", card)

        assert done.returncode == 0
        assert b"18 items" in done.stdout

    def test_gives_the_same_bytes_whatever_the_hash_seed_and_the_threads(self, tmp_path):
        # Groups of made-up texts, enough for the grouped cross-validation.
        texts = [tmp_path / "generated.jsonl", tmp_path / "human.jsonl"]
        for path, seed, lean in zip(texts, (1, 2), (0.6, 0.0), strict=True):
            path.write_bytes(as_lines(made_rows(110, seed=seed, lean=lean, words=30)))
        options = ["--generated", texts[0], "--human", texts[1], "--bootstraps", "500", "--lengths", "[25]", "--json"]

        done = [analyse("detection", *options, PYTHONHASHSEED=seed, OMP_NUM_THREADS=threads)
                for seed, threads in (("1", "1"), ("2", "2"))]

        assert [d.returncode for d in done] == [0, 0], done[0].stderr
        first, second = (json.dumps(json.loads(d.stdout)["result"]) for d in done)
        assert first == second

    def test_refuses_in_one_line_with_code_2(self, card, tmp_path):
        empty, binary = tmp_path / "empty.md", tmp_path / "binary.md"
        empty.touch()
        binary.write_bytes(b"\x80\x81\xfe" * 50)
        for arguments in (
            ["model_card", tmp_path / "missing.md"],
            ["model_card", tmp_path],
            ["model_card", empty],
            ["model_card", binary],
            ["model_card"],
            ["model_card", card, "--unknown"],
            ["model_card", card, "--seed", "many"],
            ["detection", "--generated", card],
            ["detection", "--generated", card, "--human", card],
            ["detection", "--generated", card, "--human", card, "--lengths", "[1"],
            ["nothing", card],
        ):
            done = analyse(*arguments)

            assert (done.returncode, done.stdout) == (2, b""), arguments
            assert done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr, done.stderr

    def test_lists_what_there_is(self):
        done, bare = analyse("--help"), analyse()

        assert (done.returncode, bare.returncode) == (0, 2)
        assert b"model_card" in done.stdout and b"detection" in done.stdout
        assert analyse("detection", "--help").returncode == 0

    def test_writes_utf_8_whatever_the_locale(self, tmp_path):
        path = tmp_path / "card.md"
        path.write_text("# Lämpchen\n\nLämpchen ist ein kleines Modell – für Tests.\n", encoding="utf-8")

        done = analyse("model_card", path, "--json", LC_ALL="C", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

        assert done.returncode == 0, done.stderr
        json.loads(done.stdout.decode("utf-8"))

    def test_a_reader_that_has_enough_is_no_error(self, card):
        command = f"{sys.executable} {ROOT}/manage.py analyse model_card {card} --json"
        pipe = f"{command} | head -1; exit ${{PIPESTATUS[0]}}"

        done = subprocess.run(["bash", "-c", pipe], env={"PATH": "/usr/bin:/bin"}, capture_output=True, timeout=60)

        assert (done.returncode, done.stderr) == (0, b"")


class SameAsOnThePageTests(PlatformTestCase):
    def test_the_worker_and_the_api_give_the_same_result(self):
        run = request_run(self.entry, "model_card", {"card": self.file(CARD)}, by=self.ada)
        carry_out_run(run.pk)
        with tempfile.NamedTemporaryFile(suffix=".md") as card:
            card.write(CARD.encode())
            card.flush()
            report = json.loads(analyse("model_card", card.name, "--json").stdout)

        over_api = self.api(self.ada).get(f"/api/v1/runs/{run.pk}").json()

        self.assertEqual(json.dumps(over_api["result"], sort_keys=True), json.dumps(report["result"], sort_keys=True))
        self.assertEqual(over_api["findings"], report["findings"])
        self.assertEqual(over_api["analysis_version"], report["version"])
        self.assertEqual((over_api["params"], over_api["seed"]), (report["params"], report["seed"]))
        self.assertEqual(over_api["inputs"][0]["sha256"], report["inputs"][0]["sha256"])
