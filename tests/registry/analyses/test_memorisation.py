"""Memorisation: what is found is what is there, exactly, by a plain search beside it; and what is refused."""

import io
import json
import os
import random
import re
import subprocess
import sys
from functools import cache
from types import SimpleNamespace
from unittest import mock
from xml.etree import ElementTree

import numpy as np
import pytest
from django.template.loader import render_to_string

from registry.analyses.errors import Unusable
from registry.analyses.inputs import Input
from registry.analyses.memorisation import ANALYSIS, queries
from registry.analyses.memorisation import passages as passages_module
from registry.analyses.memorisation.figures import Median, tied_share
from registry.analyses.memorisation.picture import overlap_chart
from registry.analyses.sketch import corpus
from registry.analyses.sketch.building import build
from registry.analyses.sketch.corpus import Corpus
from tests.bench.memorisation import planted
from tests.registry.analyses.made_texts import as_lines, made_text
from tests.shared import DATA, ROOT, needs_shared

QUICK = {"bootstraps": 200}
FOLDER = DATA / "detection" / "memorisation"


def quiet(fraction, message):
    pass


def lines_of(role, rows):
    rows = [row if isinstance(row, dict) else {"id": f"{role}{n}", "text": row} for n, row in enumerate(rows)]
    return Input(role, f"{role}.jsonl", as_lines(rows))


def analyse(samples, corpus=None, reference=None, sketch=None, seed=0, progress=quiet, **params):
    inputs = {"samples": lines_of("samples", samples)}
    if corpus is not None:
        inputs["corpus"] = [lines_of("corpus", corpus)]
    if reference is not None:
        inputs["reference"] = lines_of("reference", reference)
    if sketch is not None:
        inputs["sketch"] = Input("sketch", "c.sketch", sketch)
    return ANALYSIS.run(inputs, QUICK | params, seed, progress)


def sketch_of(rows, n=8, **more):
    target = io.BytesIO()
    options = {"false_positive": 1e-6, "capacity": None} | more
    build(Corpus([lines_of("corpus", rows)]), n, options["false_positive"], options["capacity"], quiet).write(target)
    return target.getvalue()


def words(text):
    return re.findall(r"[^\W_]+", text.lower())


def plain_search(text, known, n):
    """Overlap and longest run by the definition."""
    own = words(text)
    hits = [tuple(own[place : place + n]) in known for place in range(len(own) - n + 1)]
    runs = "".join("x" if hit else " " for hit in hits).split()
    return (sum(hits) / len(hits) if hits else None), max((len(run) + n - 1 for run in runs), default=0)


def known_of(texts, n):
    return {tuple(own[place : place + n]) for own in map(words, texts) for place in range(len(own) - n + 1)}


def codes(report):
    return {finding["code"] for finding in report["findings"]}


def patchwork(chance, sources, pieces=12):
    """Text stitched from stretches of others, so that there is much to find and much that nearly is there."""
    parts = []
    for _ in range(pieces):
        source = chance.choice(sources).split()
        start = chance.randrange(len(source) - 20)
        parts += source[start : start + chance.randrange(1, 20)]
    return " ".join(parts)


@cache
def world():
    chance = random.Random(7)
    texts = [made_text(chance, words=150) for _ in range(30)]
    samples = [patchwork(chance, texts) for _ in range(25)] + ["Too short.", "", "ka lo mi ren sta vo tur pel"]
    return texts, samples, [made_text(chance, words=120) for _ in range(15)]


@cache
def report():
    texts, samples, real = world()
    return analyse(samples, texts, real)


class ExactTests:
    @pytest.mark.parametrize("n", [2, 3, 8, 13, 20, 60])
    def test_agrees_with_a_plain_search(self, n):
        texts, samples, _ = world()
        known = known_of(texts, n)

        found = analyse(samples, texts, n=n)["result"]["documents"]

        for text, row in zip(samples, found, strict=True):
            overlap, longest = plain_search(text, known, n)
            assert row["longest_run"] == longest
            assert row["overlap"] == (None if overlap is None else pytest.approx(overlap, rel=1e-5))

    @pytest.mark.parametrize("size", [1, 30, 777])
    def test_does_not_depend_on_how_the_training_text_is_cut_into_batches(self, size):
        texts, samples, real = world()
        with mock.patch.object(corpus, "BATCH", size):
            again = analyse(samples, texts, real)

        assert json.dumps(again) == json.dumps(report())

    def test_one_text_file_is_one_document_and_is_found_across_batches(self):
        texts, samples, _ = world()
        whole = "\n".join(texts)
        inputs = {"samples": lines_of("samples", samples), "corpus": [Input("corpus", "c.txt", whole.encode())]}
        with mock.patch.object(corpus, "BATCH", 40):
            result = ANALYSIS.run(inputs, QUICK, 0, quiet)["result"]

        known = known_of([whole], 8)
        assert [row["longest_run"] for row in result["documents"]] == [plain_search(t, known, 8)[1] for t in samples]
        assert result["corpus"]["documents"] == 1 and result["corpus"]["words"] == len(words(whole))
        assert result["boilerplate"]["sequences"] == []

    def test_passages_are_the_text_between_their_offsets(self):
        for text, row in zip(world()[1], report()["result"]["documents"], strict=True):
            for one in row["passages"]:
                assert text[one["start"] : one["end"]] == one["quote"]
            assert max((len(words(one["quote"])) for one in row["passages"]), default=0) == row["longest_run"]

    def test_offsets_are_those_of_the_text_as_given_in_any_script(self):
        copied = "İstanbul’da BİR gün, ΟΔΟΣ “naïve” 東京 и ещё—two_more words"
        text = f"İİİ unlike 😀 this: «{copied}» and on"

        (row,) = analyse([text], [copied.replace("’", "'").upper().lower()], n=5)["result"]["documents"]

        (one,) = row["passages"]
        assert text[one["start"] : one["end"]] == one["quote"] == copied

    def test_says_where_the_longest_run_was_met_first(self):
        texts, _, _ = world()
        rows = ["nothing here", texts[4], texts[5], texts[4]]

        (row,) = analyse(["a b " + texts[4][:200]], rows)["result"]["documents"]

        assert row["place"] == {"file": "corpus.jsonl", "line": 2}

    def test_the_prompt_is_not_looked_up(self):
        prompt = world()[0][0]
        rows = [{"id": "a", "text": prompt + " And then it went on by itself for a few words.", "prompt": prompt}]

        made = analyse(rows, world()[0])

        assert made["result"]["documents"][0]["overlap"] == 0
        assert "prompts_removed" in codes(made)

    def test_boilerplate_is_counted_apart(self):
        notice = "All rights reserved by the owner of this old notice"
        rows = [f"{made_text(random.Random(n), words=30)} {notice}." for n in range(12)]
        once = made_text(random.Random(99), words=20)

        made = analyse([f"{notice} but {once}"], [*rows, once, notice * 1])

        common = made["result"]["boilerplate"]
        assert [one["documents"] for one in common["sequences"]] == [13, 13, 13]
        assert common["sequences"][0]["words"] == "all rights reserved by the owner of this"
        assert common["samples"]["found"] == 3 and 0 < common["samples"]["share_of_found"] < 1
        assert "boilerplate" in codes(made)

    def test_a_sequence_twice_in_one_document_counts_once_even_across_batches(self):
        notice = "one two three four five six seven eight"
        with mock.patch.object(corpus, "BATCH", 16):
            inputs = {
                "samples": lines_of("samples", [notice]),
                "corpus": [Input("corpus", f"{n}.txt", ((notice + "\n") * 9).encode()) for n in range(11)],
            }
            result = ANALYSIS.run(inputs, QUICK, 0, quiet)["result"]

        assert result["boilerplate"]["sequences"] == [{"words": notice, "documents": 11}]

    def test_a_sequence_is_not_counted_again_with_the_next_document(self):
        notice = "one two three four five six seven eight"
        rows = [notice if n % 2 else f"word{n}" for n in range(24)]
        with mock.patch.object(corpus, "BATCH", 1):
            result = analyse([notice], rows)["result"]

        assert result["boilerplate"]["sequences"] == [{"words": notice, "documents": 12}]

    def test_hits_are_compared_word_by_word(self):
        with mock.patch.object(queries, "word_hash", lambda word: 1):
            (row,) = analyse(["good day"], ["day good day? no: good night, day"], n=2)["result"]["documents"]
            (other,) = analyse(["good day"], ["day good night good"], n=2)["result"]["documents"]

        assert (row["overlap"], other["overlap"]) == (1.0, 0.0)

    def test_thirteen_and_fifty_words_are_summed_up(self):
        text = " ".join(f"w{n}" for n in range(100))

        result = analyse([text[:400], "a " * 60], [text])["result"]

        assert [(one["n"], one["samples"]["with_any"]["value"]) for one in result["other_lengths"]] == [
            (13, 0.5), (50, 0.5)
        ]  # fmt: skip

    def test_too_many_passages_are_left_out_and_counted(self):
        texts, samples, _ = world()
        with (
            mock.patch.object(passages_module, "MOST_PASSAGES", 1),
            mock.patch.object(passages_module, "MOST_QUOTED", 300),
        ):
            made = analyse(samples, texts)

        rows = made["result"]["documents"]
        assert sum(len(one["quote"]) for row in rows for one in row["passages"]) <= 300
        assert sum(row["passages_left_out"] for row in rows) > 20 and "passages_left_out" in codes(made)


class SketchModeTests:
    def test_gives_the_exact_figures(self):
        texts, samples, real = world()

        made = analyse(samples, reference=real, sketch=sketch_of(texts))["result"]

        exact = report()["result"]
        for key in ("samples", "reference", "comparison", "sentence"):
            assert made[key] == exact[key]
        for row, other in zip(made["documents"], exact["documents"], strict=True):
            assert row == other | {"place": None, "boilerplate": None}
        assert (made["other_lengths"], made["boilerplate"]) == ([], None)

    def test_errs_as_much_as_it_says(self):
        texts, _, _ = world()
        chance = random.Random(3)
        unseen = [" ".join(f"v{chance.randrange(10**6)}" for _ in range(400)) for _ in range(200)]

        made = analyse(unseen, sketch=sketch_of(texts, false_positive=0.005))

        rate = made["result"]["inflation"]["at_most"]
        assert rate == pytest.approx(0.005, rel=0.15)
        assert made["result"]["samples"]["pooled"]["value"] == pytest.approx(rate, rel=0.25)
        (told,) = [one for one in made["findings"] if one["code"] == "inflation"]
        assert told["severity"] == "warning" and "up to 0.5 percentage points" in told["message"]

    def test_another_length_is_refused(self):
        with pytest.raises(Unusable, match="sequences of 5 words, not of 8: set n to 5"):
            analyse(world()[1], sketch=sketch_of(world()[0], n=5))


class FiguresTests:
    def test_distributions_are_of_longer_texts_and_short_ones_stand_apart(self):
        result = report()["result"]

        assert result["least_words"] == 50
        long = [row["overlap"] for row in result["documents"] if row["words"] >= 50]
        assert result["samples"]["documents"] == len(long)
        assert result["samples"]["median"]["value"] == pytest.approx(np.median(long), rel=1e-5)
        assert result["short"]["samples"]["documents"] == sum(8 <= r["words"] < 50 for r in result["documents"])
        assert result["counts"]["samples"]["under_n_words"] == 2

    def test_few_long_texts_are_not_thrown_away(self):
        made = analyse([made_text(random.Random(1), words=20)] * 3, world()[0])

        assert made["result"]["samples"]["documents"] == 3
        assert "few_long_texts" in codes(made)

    def test_the_distribution_rises_to_one(self):
        shares = [one["share"] for one in report()["result"]["samples"]["cdf"]]

        assert shares == sorted(shares) and shares[-1] == 1.0
        assert shares[0] == report()["result"]["samples"]["none"]["value"]

    def test_every_interval_holds_its_value_and_the_result_is_plain_json(self):
        made = report()

        assert json.loads(json.dumps(made, allow_nan=False)) == made
        for side in ("samples", "reference"):
            for name in ("median", "mean", "none", "under_1_percent", "pooled"):
                one = made["result"][side][name]
                assert one["low"] <= one["value"] <= one["high"]

    def test_the_median_is_that_of_numpy_for_any_weights(self):
        chance = np.random.default_rng(0)
        for count in (1, 2, 5, 8):
            values, weights = chance.random(count).round(1), chance.integers(0, 4, (20, count)) + 1
            expected = [np.median(np.repeat(values, one)) for one in weights]
            assert Median(values)(weights.astype(float)) == pytest.approx(expected)

    def test_ties_are_counted(self):
        assert tied_share(np.array([0.0, 0.0, 1.0]), np.array([0.0, 2.0])) == pytest.approx(1 / 3)

    def test_real_text_against_itself_is_no_different(self):
        texts, _, real = world()
        some = [patchwork(random.Random(n), texts) for n in range(100, 140)]

        made = analyse(some[:20], texts, some[20:])

        both = made["result"]["comparison"]["p_sample_above_real"]
        assert both["low"] < 0.5 < both["high"] and "like_real" in codes(made)
        assert "above_real" in codes(report())

    def test_says_that_a_comparison_is_missing(self):
        made = analyse(world()[1], world()[0])

        assert made["result"]["comparison"] is None and "no_reference" in codes(made)

    def test_real_texts_are_not_quoted(self):
        assert all(
            set(row) == {"id", "words", "overlap", "longest_run"} for row in report()["result"]["reference_documents"]
        )

    def test_texts_of_the_other_side_are_left_out(self):
        texts, samples, _ = world()
        rows = [
            {"id": str(n), "text": text, "label": "human" if n % 2 else "generated"} for n, text in enumerate(samples)
        ]

        made = analyse(rows, texts, rows)

        assert made["result"]["counts"]["samples"]["other_label"] == len(rows) // 2
        assert len(made["result"]["documents"]) + len(made["result"]["reference_documents"]) == len(rows)

    def test_tells_how_far_it_is(self):
        heard = []
        texts, samples, real = world()
        with mock.patch.object(corpus, "BATCH", 500):
            analyse(samples, texts, real, progress=lambda fraction, message: heard.append((fraction, message)))

        fractions = [fraction for fraction, _ in heard]
        assert fractions == sorted(fractions) and (fractions[0], fractions[-1]) == (0.0, 1.0) and len(fractions) > 10
        assert all(message.endswith(".") for _, message in heard)

    def test_the_picture_is_well_formed_and_names_no_colour(self):
        picture = overlap_chart(report()["result"])

        ElementTree.fromstring(picture)  # noqa: S314
        assert "style" not in picture and "nan" not in picture
        assert picture.count("chart-line b") == 2
        assert "chart-line b" not in overlap_chart(analyse(world()[1], world()[0])["result"])


class RefusalTests:
    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({}, "Give the training text (corpus) or a sketch of it (sketch)"),
            ({"corpus": ["a"], "sketch": b"x"}, "not both"),
            ({"corpus": ["a"], "n": 1}, "from 2 to 100"),
            ({"corpus": ["a"], "n": 8.0}, "from 2 to 100"),
            ({"corpus": ["a"], "n": True}, "from 2 to 100"),
            ({"corpus": ["a"], "bootstraps": 10}, "from 200 to 5000"),
            ({"corpus": ["a"], "n": 90}, "No text of samples.jsonl has 90 words"),
            ({"sketch": b"x"}, "is no sketch of this format"),
        ],
    )
    def test_one_clear_sentence(self, more, sentence):
        with pytest.raises(Unusable, match=re.escape(sentence)) as problem:
            analyse([world()[0][0][:300]], **more)
        assert str(problem.value).endswith(".")


class SameAnswerTests:
    SCRIPT = """
import json
from registry.analyses.memorisation import ANALYSIS
from tests.registry.analyses.made_texts import given, made_rows
some = made_rows(90, seed=1, lean=.9)
roles = given(samples=some[:20], reference=made_rows(20, seed=2), corpus=some[20:])
roles["corpus"] = [roles["corpus"]]
print(json.dumps(ANALYSIS.run(roles, {"bootstraps": 200, "n": 2}, 5, lambda fraction, message: None)))
"""

    def answer(self, hash_seed):
        env = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-c", self.SCRIPT], cwd=ROOT, env=env, check=True, capture_output=True, timeout=60
        ).stdout

    def test_is_the_same_to_the_byte_in_another_process_with_other_hashes(self):
        assert self.answer("1") == self.answer("2") != b""


class CommandTests:
    def test_reads_folders_and_files_and_streams_them(self, tmp_path):
        texts, samples, _ = world()
        (tmp_path / "train").mkdir()
        for number, text in enumerate(texts):
            (tmp_path / "train" / f"{number:02}.txt").write_text(text)
        (tmp_path / "s.jsonl").write_bytes(as_lines([{"id": str(n), "text": t} for n, t in enumerate(samples)]))

        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "analyse", "memorisation",
             "--samples", str(tmp_path / "s.jsonl"), "--corpus", str(tmp_path / "train"), "--n", "8", "--json"],
            capture_output=True, text=True, timeout=60, env=os.environ | {"DJANGO_SETTINGS_MODULE": "no.such"},
        )  # fmt: skip

        made = json.loads(done.stdout)
        runs = [row["longest_run"] for row in made["result"]["documents"]]
        assert runs == [row["longest_run"] for row in report()["result"]["documents"]]
        given = [one for one in made["inputs"] if one["role"] == "corpus"]
        assert len(given) == len(texts) and given[0]["name"] == "00.txt" and given[0]["size"] == len(texts[0])


class PageTests:
    def show(self, made):
        run = SimpleNamespace(findings=made["findings"])
        return render_to_string("analyses/memorisation.html", {"run": run, "result": made["result"]})

    def test_shows_figures_and_passages_and_escapes_them(self):
        hostile = "<script>alert(1)</script> & so on for at least eight words more in all"

        page = self.show(analyse([hostile] * 2, [hostile], world()[2]))

        assert "<script>" not in page and "&lt;script&gt;" not in page and "script&gt;alert(1)" in page
        assert "corpus.jsonl, line 1" in page and "<svg" in page

    def test_shows_every_kind_of_result(self):
        texts, samples, real = world()

        assert "Probability" in self.show(report())
        assert "Looked up in a sketch" in self.show(analyse(samples, sketch=sketch_of(texts)))
        assert "no real texts were given" in self.show(analyse([made_text(random.Random(5), words=9)], ["nothing"]))


@needs_shared
class OnRecordTests:
    """The figures measured on the development data before this was written."""

    def analyse(self, name):
        inputs = {
            role: Input(role, file, (FOLDER / file).read_bytes())
            for role, file in (("samples", name), ("corpus", "train.jsonl"), ("reference", "real_heldout.jsonl"))
        }
        return ANALYSIS.run(inputs | {"corpus": [inputs["corpus"]]}, QUICK, 0, quiet)["result"]

    def test_models_of_order_three_and_eight(self):
        third, eighth = self.analyse("samples_order3.jsonl"), self.analyse("samples_order8.jsonl")

        assert third["reference"]["median"]["value"] == 0.0
        assert third["reference"]["none"]["value"] == pytest.approx(0.99, abs=0.005)
        assert third["samples"]["median"]["value"] == pytest.approx(0.02, abs=0.0005)
        assert third["samples"]["mean"]["value"] == pytest.approx(0.0225, abs=0.00005)
        assert eighth["samples"]["median"]["value"] == 1.0

    def test_every_planted_passage_is_found(self):
        assert planted(self.analyse("samples_planted.jsonl")["documents"]) == 149
