"""Samples: disclosure as it was made, measures that are right where the truth is known, and what is not stated."""

import json
import math
import os
import random
import re
import subprocess
import sys
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from django.template.loader import render_to_string

from registry.analyses import texts
from registry.analyses.errors import Unusable
from registry.analyses.samples import ANALYSIS
from registry.analyses.samples.disclosure import best_of, count
from registry.analyses.samples.measures import diversity, loops, self_bleu, seq_rep, zipf
from tests.registry.analyses.made_texts import as_lines, given, made_rows, made_text
from tests.shared import DATA, ROOT, needs_shared

QUICK = {"bootstraps": 200}


def quiet(fraction, message):
    pass


def analyse(samples, seed=0, progress=quiet, params=None, **roles):
    return ANALYSIS.run(given(samples=samples, **roles), QUICK | (params or {}), seed, progress)


def codes(report):
    return {finding["code"] for finding in report["findings"]}


def selection(rows):
    return analyse(rows)["result"]["selection"]


def rows_with(number, seed=1, **fields):
    return [row | fields for row in made_rows(number, seed=seed, words=30)]


@cache
def plain():
    return analyse(made_rows(40, seed=1), reference=made_rows(60, seed=2))


class SelectionTests:
    def test_one_of_ten_with_its_exact_interval(self):
        found = selection(rows_with(1, tries=10))

        assert found["ratio"] == {"value": 0.1, "low": 0.00252858, "high": 0.445016}
        assert found["lift"]["value"] == pytest.approx(1.547, abs=0.001)

    @pytest.mark.parametrize(("tries", "high"), [(25, 0.204), (100, 0.054)])
    def test_the_intervals_on_record(self, tries, high):
        assert selection(rows_with(1, tries=tries))["ratio"]["high"] == pytest.approx(high, abs=0.0006)

    @pytest.mark.parametrize(("tries", "lift"), [(1, 0), (2, 0.59), (5, 1.18), (10, 1.55), (25, 1.96), (100, 2.5)])
    def test_the_lift_of_the_best_on_record(self, tries, lift):
        assert best_of(tries) == pytest.approx(lift, abs=0.005)

    def test_the_lift_is_close_to_what_drawing_gives(self):
        drawn = np.sort(np.random.default_rng(0).standard_normal((20_000, 25)), axis=1)

        assert best_of(25) == pytest.approx(drawn[:, -1].mean(), abs=0.02)
        assert best_of(25, 5) == pytest.approx(drawn[:, -5:].mean(), abs=0.02)
        assert best_of(10**9, 10**6) > 3

    def test_draws_add_up(self):
        found = selection(rows_with(2, tries=10) + rows_with(1, seed=2, tries=5, shown=2))

        assert (found["tries"], found["shown"], found["state"]) == (25, 4, "stated")
        assert [(one["tries"], one["shown"]) for one in found["draws"]] == [(10, 1), (10, 1), (5, 2)]

    def test_lines_of_one_prompt_are_one_draw(self):
        found = selection(rows_with(3, prompt="Once", tries=10) + rows_with(2, seed=2, group="g", tries=10))

        assert [(one["tries"], one["shown"]) for one in found["draws"]] == [(10, 3), (10, 2)]

    def test_more_lines_than_tries_were_several_draws(self):
        assert selection(rows_with(3, prompt="Once", tries=1))["shown"] == 3

    def test_not_stated_is_a_value_of_its_own(self):
        made = analyse(rows_with(4))
        found = made["result"]["selection"]

        assert (found["state"], found["ratio"], found["lift"], found["tries"]) == ("not_stated", None, None, None)
        assert found["how"] == [{"value": "not stated", "texts": 4}]
        assert made["result"]["sentence"].startswith("How 4 texts are chosen is not stated.")
        assert "tries" in made["result"]["not_stated"] and "selection_not_stated" in codes(made)

    def test_lines_beyond_the_limit_are_not_passed_over(self, monkeypatch):
        monkeypatch.setattr(texts, "MAX_LINES", 12)
        made = analyse(rows_with(20))

        assert made["result"]["sentence"].startswith("How 12 texts of 20 lines are chosen is not stated.")
        assert "8 lines beyond the first" in str(made["findings"])

    def test_partly_stated_is_said_to_be(self):
        made = analyse(rows_with(3, tries=7) + rows_with(2, seed=2))

        assert made["result"]["selection"]["state"] == "partly"
        assert "stated for 3 of 5 texts" in made["result"]["sentence"] and "selection_partly" in codes(made)

    def test_numbers_that_cannot_be_are_counted_and_not_used(self):
        impossible = [0, -3, 2.5, True, "many", None, [1], 10**40]
        for fields in [*({"tries": one} for one in impossible), {"tries": 3, "shown": 4}, {"tries": 3, "shown": 0}]:
            made = analyse(rows_with(1, **fields))
            assert made["result"]["selection"]["unusable"] == 1 and "selection_unusable" in codes(made), fields
            assert made["result"]["selection"]["ratio"] is None

    def test_numbers_as_text_or_with_a_point_are_read(self):
        assert [count(value) for value in (25, 25.0, "25", " 25 ", "2５", "1" * 13)] == [25, 25, 25, 25, None, None]

    def test_prompts_shown_of_tried(self):
        rows = rows_with(1, prompts_tried=40, prompts_shown=4) + rows_with(1, seed=2)
        found = selection(rows)

        assert (found["prompts_tried"], found["prompts_shown"]) == (40, 4)
        assert found["prompt_ratio"]["value"] == 0.1

    def test_prompts_shown_are_counted_where_they_are_not_stated(self):
        rows = [row | {"prompt": f"p{n % 2}", "prompts_tried": 8} for n, row in enumerate(rows_with(4))]

        assert selection(rows)["prompts_shown"] == 2

    @pytest.mark.parametrize(
        "rows",
        [
            rows_with(1, prompts_tried=40) + rows_with(1, seed=2, prompts_tried=41),
            rows_with(1, prompts_tried=4, prompts_shown=5),
            rows_with(1, prompts_tried="x"),
        ],
    )
    def test_contradictions_about_prompts_are_said(self, rows):
        made = analyse(rows)

        assert made["result"]["selection"]["prompt_ratio"] is None and "prompts_conflict" in codes(made)

    def test_the_way_of_choosing_in_known_words_or_as_written(self):
        rows = (
            rows_with(3, selection="Cherry-picked")
            + rows_with(2, seed=2, selection="by  my cat")
            + rows_with(1, seed=3)
        )

        assert selection(rows)["how"] == [
            {"value": "best", "texts": 3}, {"value": "by my cat", "texts": 2}, {"value": "not stated", "texts": 1},
        ]  # fmt: skip

    def test_an_object_is_read_like_fields(self):
        said = {"tries": 4, "how": "random", "prompts_tried": 9, "prompts_shown": 2}

        found = selection(rows_with(2, selection=said))

        assert (found["tries"], found["how"][0]["value"], found["prompts_tried"]) == (8, "random", 9)

    def test_there_is_no_lift_to_speak_of_where_nothing_was_chosen(self):
        assert "lift" in codes(analyse(rows_with(2, tries=25, selection="best")))
        assert "lift" not in codes(analyse(rows_with(2, tries=25, selection="random")))

    def test_what_is_stated_is_listed_with_its_values(self):
        made = analyse(rows_with(3, temperature=0.7, top_k=40, generator="m1", date="2026-01-02"))

        stated = {one["what"]: one for one in made["result"]["stated"]}
        assert stated["decoding"]["values"] == ["temperature 0.7; top_k 40"] and stated["model"]["state"] == "stated"
        assert made["result"]["not_stated"] == [
            "tries",
            "prompts tried",
            "way of choosing",
            "prompt",
            "length limit",
            "edits",
        ]


class MeasureTests:
    def test_repetition_by_hand(self):
        assert seq_rep("a b c d a b c d".split()) == pytest.approx(1 / 5)
        assert seq_rep("a b c".split()) == 0.0

    def test_loops_are_endings_said_twice(self):
        assert loops("well then a b c a b c".split())
        assert loops("so it goes no no no no no no".split())
        assert not loops("a b c a b c end".split())
        assert not loops("x a b a b".split())

    def test_loops_are_found_and_named(self):
        rows = rows_with(20)
        rows[3]["text"] += " and so it went" * 6

        made = analyse(rows)

        found = made["result"]["samples"]["repetition"]
        assert found["loops"]["value"] == 0.05 and found["looping"] == [rows[3]["id"]] and "loops" in codes(made)

    def test_distinct_is_types_by_tokens(self):
        found = diversity(["a b a b a".split(), "a b a b c".split()])

        assert found["distinct_1"]["value"] == pytest.approx(3 / 10)
        assert found["distinct_2"]["value"] == pytest.approx(3 / 8)
        assert found["distinct_4"]["value"] == pytest.approx(3 / 4)

    def test_distinct_four_agrees_with_a_plain_count(self):
        texts = [made_text(random.Random(n), words=50, lean=0.95).lower().replace(".", "").split() for n in range(30)]

        found = diversity(texts)["distinct_4"]["value"]

        grams = [tuple(text[at : at + 4]) for text in texts for at in range(47)]
        assert found == pytest.approx(len(set(grams)) / len(grams), rel=1e-5)

    def test_self_bleu_by_hand(self):
        same = "a b c d e f".split()
        one, other = "a b c d e".split(), "a b c d x".split()
        expected = math.exp((math.log(4 / 5) + math.log(3 / 4) + math.log(2 / 3) + math.log(1 / 2)) / 4)

        assert self_bleu([same, same, same])["value"] == 1.0
        assert self_bleu([one, other])["value"] == pytest.approx(expected, rel=1e-5)
        assert self_bleu([["a"] * 6, list("uvwxyz")])["value"] < 0.1

    def test_self_bleu_counts_a_word_as_often_as_another_text_has_it(self):
        low = self_bleu([["a"] * 8, ["a", *"bcdefgh"]])["value"]

        assert low < self_bleu([["a"] * 8, ["a"] * 4 + list("bcde")])["value"] < 1

    def test_zipf_of_a_made_distribution(self):
        words = [rank for rank in range(1, 300) for _ in range(round(30_000 / rank))]

        assert zipf(np.array(words)) == pytest.approx(1.0, abs=0.02)

    def test_both_sides_are_measured_at_the_same_number_of_texts_and_words(self):
        made = analyse(made_rows(30, seed=1, words=120), reference=made_rows(90, seed=2, words=60))["result"][
            "diversity"
        ]

        assert (made["texts"], made["words"]) == (30, 50)
        low, high = made["reference"]["distinct_2"]["low"], made["reference"]["distinct_2"]["high"]
        assert low <= made["samples"]["distinct_2"]["value"] <= high

    def test_less_variety_is_seen(self):
        made = analyse(made_rows(60, seed=1, lean=0.6), reference=made_rows(60, seed=2))

        assert {"less_diverse"} <= codes(made)
        assert (
            made["result"]["diversity"]["samples"]["self_bleu_4"]["low"]
            > (made["result"]["diversity"]["reference"]["self_bleu_4"]["high"])
        )
        assert "less_diverse" not in codes(plain())

    def test_duplicates_exact_and_near(self):
        rows = rows_with(10)
        rows.append({"id": "twin", "text": rows[2]["text"].upper() + "  "})
        rows.append({"id": "near", "text": rows[4]["text"] + " with some words behind it"})

        found = analyse(rows)["result"]["samples"]["duplicates"]

        assert (found["exact"], found["near"]) == (1, 1)
        assert [(one["id"], one["like"]) for one in found["pairs"]] == [
            ("twin", rows[2]["id"]),
            ("near", rows[4]["id"]),
        ]

    def test_lengths_and_unfinished_sentences(self):
        rows = [{"text": "One two three."}, {"text": "One two three four"}, {"text": "“One two.”"}]

        found = analyse(rows)["result"]["samples"]["length"]

        assert found["mean"]["value"] == 3.0 and found["unfinished"]["value"] == pytest.approx(1 / 3, rel=1e-5)
        assert found["percentiles"]["0"] == 2.0 and found["percentiles"]["100"] == 4.0

    def test_prompts_do_not_count(self):
        rows = [{"text": "This is the prompt. And this the text.", "prompt": "This is the prompt."}]

        assert analyse(rows)["result"]["samples"]["length"]["words"] == 4

    def test_one_short_text_is_enough_for_what_can_be_said(self):
        made = analyse([{"text": "Hi there"}])

        assert made["result"]["diversity"]["samples"] is None and {"no_diversity", "few_texts"} <= codes(made)
        assert made["result"]["samples"]["repetition"]["seq_rep_4"] is None

    def test_many_texts_are_drawn_from_and_counted(self):
        made = analyse(rows_with(30, tries=5), params={"max_texts": 10})

        assert made["result"]["counts"]["samples"]["not_drawn"] == 20 and "sampled" in codes(made)
        assert made["result"]["selection"]["tries"] == 150


class DumpTests:
    def everything(self):
        chance = random.Random(3)
        return [{"id": f"d{n}", "text": made_text(chance, words=chance.randrange(20, 120))} for n in range(200)]

    def test_the_longest_are_no_random_draw(self):
        rows = self.everything()
        longest = sorted(rows, key=lambda row: -len(row["text"].split()))[:20]

        made = analyse(longest, dump=rows)

        found = made["result"]["dump"]
        by_name = {one["measure"]: one for one in found["measures"]}
        assert (found["found"], found["exact"], found["ratio"]["value"]) == (20, 20, 0.1)
        assert by_name["words"]["mean_percentile"] > 0.9 and by_name["words"]["p"] < 0.001
        assert "no_random_draw" in codes(made)

    def test_a_random_draw_looks_like_one(self):
        rows = self.everything()

        made = analyse(rows[::10], dump=rows)

        assert "like_random_draw" in codes(made) and "no_random_draw" not in codes(made)

    def test_what_is_not_there_is_named_and_what_was_cut_is_found(self):
        rows = self.everything()
        longest = max((row["text"] for row in rows), key=len)
        shown = [{"id": "cut", "text": longest[:300]}, {"id": "alien", "text": made_text(random.Random(99))}]

        made = analyse(shown, dump=rows)

        assert made["result"]["dump"]["not_found"] == ["alien"] and "not_in_dump" in codes(made)
        assert (made["result"]["dump"]["found"], made["result"]["dump"]["exact"]) == (1, 0)


class ResultTests:
    def test_every_interval_holds_its_value_and_the_result_is_plain_json(self):
        def figures(value):
            if isinstance(value, dict):
                if {"value", "low", "high"} <= set(value):
                    yield value
                value = list(value.values())
            for part in value if isinstance(value, list) else []:
                yield from figures(part)

        made = plain()

        assert json.loads(json.dumps(made, allow_nan=False)) == made
        found = list(figures(made["result"]))
        assert len(found) > 15 and all(one["low"] <= one["value"] <= one["high"] for one in found)

    def test_tells_how_far_it_is(self):
        heard = []

        analyse(rows_with(3), progress=lambda fraction, message: heard.append((fraction, message)))

        fractions = [fraction for fraction, _ in heard]
        assert fractions == sorted(fractions) and (fractions[0], fractions[-1]) == (0.0, 1.0)
        assert all(message.endswith(".") for _, message in heard)

    def test_broken_lines_are_reported_and_the_rest_used(self):
        made = analyse(as_lines(rows_with(3)) + b"nonsense\n")

        assert made["result"]["counts"]["samples"]["broken_lines"][0]["line"] == 4 and "broken_lines" in codes(made)

    @pytest.mark.parametrize(
        ("samples", "params", "sentence"),
        [
            ([{"text": "…"}], {}, "has a word"),
            ([{"text": "a", "label": "human"}], {}, "labelled as the other side"),
            (b" ", {}, "is empty"),
            ([{"text": "a"}], {"bootstraps": 1}, "from 200 to 5000"),
            ([{"text": "a"}], {"max_texts": True}, "from 10 to 10000"),
        ],
    )
    def test_one_clear_sentence_for_what_cannot_be_used(self, samples, params, sentence):
        with pytest.raises(Unusable, match=re.escape(sentence)) as problem:
            analyse(samples, params=params)
        assert str(problem.value).endswith((".", "?"))

    def test_is_the_same_to_the_byte_in_another_process_with_other_hashes(self):
        script = (
            "import json\nfrom registry.analyses.samples import ANALYSIS\n"
            "from tests.registry.analyses.made_texts import given, made_rows\n"
            "rows = made_rows(90, seed=1, lean=.3)\n"
            "roles = given(samples=rows[::3], dump=rows, reference=made_rows(50, seed=2))\n"
            "made = ANALYSIS.run(roles, {'bootstraps': 200, 'max_texts': 25}, 3, lambda f, m: None)\n"
            "print(json.dumps(made))"
        )
        answers = [
            subprocess.run(
                [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, timeout=60,
                env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            ).stdout
            for hash_seed in ("1", "2")
        ]  # fmt: skip

        assert answers[0] == answers[1] != b""

    def test_runs_from_the_command_line_with_the_file_alone(self, tmp_path):
        (tmp_path / "s.jsonl").write_bytes(as_lines(rows_with(4, tries=25)))

        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "analyse", "samples", str(tmp_path / "s.jsonl")],
            capture_output=True, text=True, timeout=60, env=os.environ | {"DJANGO_SETTINGS_MODULE": "no.such"},
        )  # fmt: skip

        assert (done.returncode, done.stderr) == (0, "") and "4 of 100 tries are shown." in done.stdout


class PageTests:
    def show(self, made):
        run = SimpleNamespace(findings=made["findings"])
        return render_to_string("analyses/samples.html", {"run": run, "result": made["result"]})

    def test_shows_every_kind_of_result(self):
        rows = made_rows(40, seed=1)

        assert "not stated" in self.show(plain())
        assert "Could the shown texts be a random draw?" in self.show(analyse(rows[:9], dump=rows))
        assert "diversity was not measured" in self.show(analyse([{"text": "Hi there"}]))
        chosen = analyse(rows_with(3, tries=25, prompts_tried=3, prompt="a")[:1])
        assert '4.0% <span class="num">(0.1–20.4)' in self.show(chosen)

    def test_escapes_what_lines_say(self):
        page = self.show(analyse(rows_with(2, selection="<b>all</b>", generator="<i>m</i>")))

        assert "<b>" not in page and "<i>" not in page and "&lt;i&gt;m" in page


@needs_shared
def test_gpt_2_repeats_itself_more_than_people_do():
    rows = [json.loads(line) for line in (DATA / "detection" / "fdg_gpt2-xl.jsonl").read_text("utf-8").splitlines()]
    stories = [row for row in rows if row["domain"] == "stories"]

    made = analyse(stories, reference=stories)

    own, real = (made["result"][side]["repetition"]["seq_rep_4"]["value"] for side in ("samples", "reference"))
    assert own == pytest.approx(0.017, abs=0.002) and real == pytest.approx(0.0042, abs=0.001)
    both = made["result"]["diversity"]
    assert both["samples"]["distinct_2"]["high"] < both["reference"]["distinct_2"]["low"]
    assert {"more_repetition", "less_diverse"} <= codes(made)
