"""Detection: figures that are right where the truth is known, and refusals where nothing can be known."""

import json
import os
import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from registry.analyses.detection import ANALYSIS
from registry.analyses.detection.detectors import Combined
from registry.analyses.detection.documents import shelve
from registry.analyses.detection.evidence import gather
from registry.analyses.detection.figures import Scores, measure, words_to_detect
from registry.analyses.detection.grouping import group_documents
from registry.analyses.detection.matching import matched_lengths
from registry.analyses.detection.ngrams import Grams
from registry.analyses.detection.picture import by_length_chart
from registry.analyses.detection.wording import about_groups, about_null, about_size, times
from registry.analyses.errors import Unusable
from registry.analyses.statistics import auroc
from tests.registry.analyses.made_texts import as_lines, given, made_rows, made_text
from tests.shared import DATA, needs_shared

ROOT = Path(__file__).resolve().parents[3]
QUICK = {"bootstraps": 500, "lengths": [25]}


def analyse(params=None, seed=0, progress=lambda fraction, message: None, **rows):
    return ANALYSIS.run(given(**rows), QUICK | (params or {}), seed, progress)


@cache
def leaning():
    """320 texts a side; the generated ones prefer a tenth of the vocabulary a little."""
    return analyse(
        {"lengths": [25, 50, 100]}, generated=made_rows(320, seed=1, lean=0.12), human=made_rows(320, seed=2)
    )


@cache
def alike():
    """Two sides from one source: there is nothing to find."""
    return analyse(generated=made_rows(150, seed=3), human=made_rows(150, seed=4))


def codes(report):
    return {finding["code"] for finding in report["findings"]}


def covers_half(figure):
    return figure["low"] <= 0.5 <= figure["high"]


def near_half(auroc):
    """Nothing found, as far as a hundred texts a side can say; a leak would give nearly 1."""
    return abs(auroc - 0.5) < 0.12


def told_apart(**rows):
    """AUROC of the combined detector, without the rest of the analysis."""
    exam = gather(given(**rows), 3000, 0).exam
    rows = exam.scored
    return auroc(exam.generated[rows], Combined().scores(exam)[rows])


def figures_in(value):
    """Every figure with an interval, wherever it stands."""
    if isinstance(value, dict):
        if {"value", "low", "high"} <= set(value):
            yield value
        for part in value.values():
            yield from figures_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from figures_in(part)


class ResultTests:
    def test_gives_every_part_of_the_contract(self):
        result = leaning()["result"]

        for row in [result["overall"], *result["by_length"]]:
            assert set(row["tpr_at_fpr"]) == {"0.01", "0.05"}
            assert all(set(row[name]) == {"value", "low", "high"} for name in ("accuracy", "auroc"))
        assert [(row["words"], row["n"]) for row in result["by_length"]] == [(25, 640), (50, 640)]
        assert [block["name"] for block in result["detectors"]] == [
            "combined",
            "characters",
            "words",
            "language_model",
        ]
        assert [block["configured"] for block in result["detectors"]] == [True, True, True, False]
        assert "configured" in result["detectors"][-1]["reason"]
        assert [row["texts"] for row in result["batches"]] == [1, 2, 5, 10, 25]
        assert [row["pairs"] for row in result["learning_curve"]] == [50, 100, 200, 256]

    def test_every_interval_holds_its_value_and_every_number_is_finite(self):
        report = leaning()

        assert json.loads(json.dumps(report, allow_nan=False)) == report
        found = list(figures_in(report["result"]))
        assert len(found) > 40
        assert all(figure["low"] <= figure["value"] <= figure["high"] for figure in found)

    def test_more_words_and_more_texts_find_more(self):
        result = leaning()["result"]

        by_length = [row["auroc"]["value"] for row in result["by_length"]]
        batches = [row["auroc"]["value"] for row in result["batches"]]
        assert 0.5 < by_length[0] < by_length[1]
        assert batches == sorted(batches) and batches[-1] > 0.99

    def test_the_first_sentence_speaks_of_groups_of_ten(self):
        result = leaning()["result"]
        ten = result["batches"][3]["tpr_at_fpr"]["0.01"]["value"]

        assert result["sentence"] == (
            f"In groups of ten, texts like these were told from human writing {times(ten)}, "
            "at one false alarm in 100."
        )

    def test_names_what_tells_with_its_sign(self):
        top = leaning()["result"]["top_features"]

        assert all(row["effect"] > 0 for row in top["generated"]) and top["generated"]
        assert all(row["effect"] < 0 for row in top["human"]) and top["human"]
        assert "ka" in {row["feature"].strip(" .")[:2] for row in top["generated"] if row["kind"] != "habit"}

    def test_tells_how_far_it_is(self):
        heard = []

        analyse(
            generated=made_rows(100, seed=1),
            human=made_rows(100, seed=2),
            progress=lambda fraction, message: heard.append((fraction, message)),
        )

        fractions = [fraction for fraction, _ in heard]
        assert fractions == sorted(fractions) and (fractions[0], fractions[-1]) == (0.0, 1.0)
        assert all(message.endswith(".") for _, message in heard)


class SameAnswerTests:
    SCRIPT = """
import json
from registry.analyses.detection import ANALYSIS
from tests.registry.analyses.made_texts import given, made_rows
report = ANALYSIS.run(given(generated=made_rows(110, seed=1, lean=.1, prompt="ka lo"), human=made_rows(110, seed=2)),
                      {"bootstraps": 500, "lengths": [25]}, 5, lambda fraction, message: None)
print(json.dumps(report))
"""

    def answer(self, hash_seed, threads):
        env = os.environ | {"PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-c", self.SCRIPT], cwd=ROOT, env=env, check=True, capture_output=True, timeout=120
        ).stdout

    def test_is_the_same_to_the_byte_in_another_process_with_other_hashes_and_threads(self):
        assert self.answer("1", "1") == self.answer("2", "2") != b""


class NothingToFindTests:
    def test_finds_nothing_between_two_sides_of_one_source(self):
        report = alike()

        assert near_half(report["result"]["overall"]["auroc"]["value"])
        assert covers_half(report["result"]["null_run"]["auroc"])
        assert report["result"]["sentence"].startswith("Texts like these could not be told from human writing")
        assert "format_leak" not in codes(report)

    def test_layout_alone_is_reported_and_not_used(self):
        chance = random.Random(9)
        rows = made_rows(150, seed=3)
        for row in rows:
            row["text"] = "\ufeff" + row["text"].replace(". ", ".\n\n").replace(" ", "  ", 3) + "\u00a0&amp;&nbsp;“"
        plain = made_rows(150, seed=4)
        for row in plain:
            row["text"] += " & " + chance.choice(['"', "'"]).replace("'", '"')

        report = analyse(generated=rows, human=plain)

        assert near_half(report["result"]["overall"]["auroc"]["value"])
        assert report["result"]["format_probe"]["auroc"]["value"] > 0.95
        warning = next(finding for finding in report["findings"] if finding["code"] == "format_leak")
        assert warning["severity"] == "warning" and "layout" in warning["message"]

    def test_length_alone_tells_nothing(self):
        assert near_half(
            told_apart(generated=made_rows(130, seed=3, words=190), human=made_rows(130, seed=4, words=60))
        )

    def test_ends_cut_at_a_limit_tell_nothing(self):
        whole = made_rows(150, seed=4, words=63)
        cut = [
            row | {"text": row["text"].rstrip(".") + " " + made_text(random.Random(number), words=3)}
            for number, row in enumerate(made_rows(150, seed=3, words=60))
        ]

        assert near_half(told_apart(generated=cut, human=whole))

    @pytest.mark.parametrize(
        ("low", "high", "said"),
        [(0.45, 0.55, []), (0.51, 0.6, [("null_run", "warning")]), (0.4, 0.49, [("null_run_low", "info")])],
    )
    def test_warns_of_a_null_run_that_finds_something(self, low, high, said):
        null = {"auroc": {"value": (low + high) / 2, "low": low, "high": high}, "covers_half": low <= 0.5 <= high}

        assert [(found["code"], found["severity"]) for found in about_null({"null_run": null})] == said

    def test_texts_of_one_group_never_stand_in_training_and_test(self):
        chance = random.Random(5)
        sides = {"generated": [], "human": []}
        for group in range(70):
            own = [f"w{chance.randrange(10**6)}" for _ in range(20)]
            for side in ("generated",) * 4 if group % 2 else ("human",) * 4:
                words = [chance.choice(own) for _ in range(30)]
                sides[side].append({"id": f"{len(sides[side])}{side}", "text": " ".join(words), "group": str(group)})

        without = {
            side: [{key: value for key, value in row.items() if key != "group"} for row in rows]
            for side, rows in sides.items()
        }

        assert near_half(told_apart(**sides))
        assert told_apart(**without) > 0.95


class GroupingTests:
    def grouped(self, **rows):
        shelf = shelve(given(**rows))
        groups, used, coarse = group_documents(shelf.documents)
        return dict(zip([doc.source.id for doc in shelf.documents], groups.tolist(), strict=True)), used, coarse

    def test_joins_both_sides_by_id_prefix_and_by_prompt(self):
        generated, human = made_rows(30, seed=1), made_rows(30, seed=2)
        generated[3]["prompt"] = generated[7]["prompt"] = "The same beginning"
        groups, used, _ = self.grouped(generated=generated, human=human)

        assert groups["p5:1"] == groups["p5:2"] != groups["p6:1"]
        assert groups["p3:1"] == groups["p7:2"]
        assert used == ["prompt", "id"]

    def test_uses_prompts_where_every_sample_has_one(self):
        generated = [
            row | {"id": "", "prompt": f"Prompt {number // 2}"} for number, row in enumerate(made_rows(40, seed=1))
        ]
        shelf = shelve(given(generated=generated, human=made_rows(40, seed=2)))

        groups, used, _ = group_documents(shelf.documents)

        assert used == ["prompt", "id"]
        assert len(set(groups[:40].tolist())) == 20

    def test_a_prefix_that_names_the_source_is_no_group(self):
        rows = {
            side: [row | {"id": f"{side}:{number}"} for number, row in enumerate(made_rows(40, seed=seed))]
            for seed, side in enumerate(("generated", "human"))
        }

        groups, used, coarse = self.grouped(**rows)

        assert (used, coarse, len(set(groups.values()))) == ([], ["id"], 80)

    def test_warns_where_all_samples_share_a_few_prompts(self):
        generated = [
            row | {"id": "", "prompt": f"Prompt {number % 3}"} for number, row in enumerate(made_rows(100, seed=1))
        ]

        evidence = gather(
            given(generated=generated, human=[row | {"id": ""} for row in made_rows(100, seed=2)]), 3000, 0
        )
        method = {"grouped_by": evidence.kinds, "too_coarse_to_group_by": evidence.coarse}

        assert [(finding["code"], finding["severity"]) for finding in about_groups({"method": method})] == [
            ("few_groups", "warning")
        ]


class PreparationTests:
    def test_removes_the_prompt_from_a_sample_and_from_its_human_counterpart(self):
        prompt = "“Once upon\na time” there was"
        generated = [row | {"prompt": prompt, "text": prompt + " " + row["text"]} for row in made_rows(2, seed=1)]
        human = [row | {"text": '"Once upon a time" there was ' + row["text"]} for row in made_rows(2, seed=2)]

        shelf = shelve(given(generated=generated, human=human))

        assert not any("Once" in doc.text for doc in shelf.documents)
        assert [shelf.counts[role]["prompts_removed"] for role in ("generated", "human")] == [2, 2]

    def test_counts_what_becomes_of_every_line(self):
        rows, human = made_rows(130, seed=1), made_rows(130, seed=2)
        rows += [
            rows[0] | {"id": "again"},
            {"id": "short", "text": "too short"},
            human[0] | {"id": "both"},
            {"id": "h", "text": made_text(random.Random(1)), "label": "human"},
        ]
        report = analyse(generated=as_lines(rows) + b"broken\n\n", human=human)

        counts = report["result"]["counts"]
        assert counts["generated"] == {
            "form": "jsonl",
            "lines": 135,
            "read": 134,
            "broken": 1,
            "broken_lines": [{"line": 135, "problem": "is not JSON"}],
            "unread": 0,
            "other_label": 1,
            "too_short": 1,
            "duplicates": 1,
            "on_both_sides": 1,
            "beyond_limit": 0,
            "prompts_removed": 0,
            "used": 130,
        }
        assert (counts["human"]["used"], counts["human"]["on_both_sides"]) == (129, 1)
        assert {"broken_lines", "on_both_sides", "duplicates", "too_short", "other_label"} <= codes(report)

    def test_a_mixed_file_with_labels_serves_both_roles(self):
        mixed = as_lines(made_rows(100, seed=1, label="generated") + made_rows(100, seed=2, label="human"))

        evidence = gather(given(generated=mixed, human=mixed), 3000, 0)

        assert (evidence.exam.generated.sum(), (~evidence.exam.generated).sum()) == (100, 100)

    def test_pairs_are_cut_to_the_shorter_and_others_to_the_same_distribution(self):
        generated = np.array([True, False] + [True] * 50 + [False] * 50)
        words = np.array([90, 40, *range(100, 150), *range(30, 80)])
        groups = np.array([0, 0, *range(1, 101)])

        target = matched_lengths(words, generated, groups)

        assert target[:2].tolist() == [40, 40]
        assert sorted(target[2:52]) == sorted(target[52:])
        assert (target <= words).all()

    def test_takes_at_most_so_many_texts_by_whole_groups(self):
        inputs = given(generated=made_rows(150, seed=1), human=made_rows(150, seed=2))

        evidence = gather(inputs, 100, 0)

        assert [evidence.shelf.counts[role]["used"] for role in ("generated", "human")] == [100, 100]
        assert len(set(evidence.exam.groups.tolist())) == 100


class RefusalTests:
    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ({"generated": 99, "human": 200}, "Only 99 texts of the role “generated” can be used: give at least 100"),
            ({"generated": 200, "human": 20}, "Only 20 texts of the role “human”"),
            ({"generated": 1, "human": 1}, "Only 1 text of the role"),
        ],
    )
    def test_refuses_too_little_and_says_what_would_be_enough(self, rows, reason):
        with pytest.raises(Unusable, match=reason):
            analyse(
                **{role: made_rows(count, seed=count + place) for place, (role, count) in enumerate(rows.items())}
            )

    def test_refuses_short_texts_and_says_why_they_do_not_count(self):
        with pytest.raises(Unusable, match=r"Only 0 texts .*\(200 under 25 words\)"):
            analyse(generated=made_rows(200, seed=1, words=24), human=made_rows(200, seed=2))

    def test_refuses_the_same_file_twice(self):
        rows = made_rows(200, seed=1)

        with pytest.raises(Unusable, match="200 on both sides"):
            analyse(generated=rows, human=rows)

    def test_refuses_two_hundred_copies_of_one_text(self):
        rows = [row | {"text": made_text(random.Random(1))} for row in made_rows(200, seed=1)]

        with pytest.raises(Unusable, match="199 doubled"):
            analyse(generated=rows, human=made_rows(200, seed=2))

    def test_refuses_files_in_the_wrong_places(self):
        with pytest.raises(Unusable, match="in the right place"):
            analyse(generated=made_rows(150, seed=1, label="human"), human=made_rows(150, seed=2, label="generated"))

    def test_refuses_one_test_file_without_the_other(self):
        with pytest.raises(Unusable, match="both test files or none"):
            analyse(generated=made_rows(100, seed=1), human=made_rows(100, seed=2), test_human=made_rows(50, seed=3))

    @pytest.mark.parametrize(
        "params",
        [
            {"bootstraps": 10},
            {"bootstraps": True},
            {"bootstraps": 10**9},
            {"lengths": []},
            {"lengths": [3]},
            {"lengths": ["25"]},
            {"lengths": [25, 25]},
            {"lengths": [10**6]},
            {"max_texts": 5},
        ],
    )
    def test_refuses_parameters_out_of_bounds(self, params):
        with pytest.raises(Unusable, match=next(iter(params))):
            analyse(params, generated=made_rows(100, seed=1), human=made_rows(100, seed=2))


class FewHumanTextsTests:
    def test_prints_no_figure_at_one_false_alarm_in_a_hundred(self):
        report = alike()
        result = report["result"]

        assert result["overall"]["tpr_at_fpr"]["0.01"] is None
        assert "at least 300 human texts, and 150 can be used" in result["overall"]["tpr_reason"]
        assert result["words_to_detect"] is None and "300" in result["words_to_detect_reason"]
        assert all(row["tpr_at_fpr"]["0.01"] is None for row in result["batches"])
        assert "few_human_texts" in codes(report)

    def test_counts_by_length_only_those_that_are_long_enough_and_says_so(self):
        scores = Scores(np.repeat([True, False], 5), np.arange(10), np.linspace(-1, 1, 10))

        assert measure(scores, 60, 200, 0)["tpr_reason"].endswith("and 5 can be used.")
        assert measure(scores, 60, 200, 0, cut=True)["tpr_reason"].endswith("and 5 have 60 words or more.")
        rows = [{"tpr_at_fpr": {"0.01": None}, "tpr_reason": f"{n} texts."} for n in (250, 240)]
        assert words_to_detect(rows) == (None, "250 texts.")

    def test_sides_of_different_size_weigh_the_same(self):
        exam = gather(given(generated=made_rows(500, seed=1, lean=0.05), human=made_rows(110, seed=2)), 3000, 0).exam

        said = Combined().scores(exam) > 0

        assert abs((~said[exam.generated]).mean() - said[~exam.generated].mean()) < 0.25

    def test_says_when_the_sides_differ_in_size(self):
        overall = alike()["result"]["overall"]

        assert not list(about_size({"overall": overall | {"tpr_reason": ""}}))
        assert [
            found["code"] for found in about_size({"overall": overall | {"tpr_reason": "", "generated": 500}})
        ] == ["imbalance"]


class TestFilesTests:
    def test_trains_on_one_pair_of_files_and_scores_the_other(self):
        report = analyse(
            generated=made_rows(120, seed=1, lean=0.3),
            human=made_rows(120, seed=2),
            test_generated=made_rows(40, seed=3, lean=0.3, name="t"),
            test_human=made_rows(50, seed=4, name="t"),
        )

        overall = report["result"]["overall"]
        assert (overall["generated"], overall["human"]) == (40, 50)
        assert overall["auroc"]["value"] > 0.95
        assert report["result"]["method"]["tested_on"] == "test files"
        assert [row["words"] for row in report["result"]["by_length"]] == [25]

    def test_a_test_text_is_never_scored_by_a_detector_that_saw_it_or_its_group(self):
        human = [row | {"id": ""} for row in made_rows(120, seed=2)]
        report = analyse(
            generated=made_rows(120, seed=1),
            human=human,
            test_human=human,
            test_generated=made_rows(120, seed=3, name="t"),
        )

        assert report["result"]["method"]["held_out"] == {"same_text": 120, "same_group": 120}
        assert near_half(report["result"]["overall"]["auroc"]["value"])
        assert "shared_with_training" in codes(report)

    def test_says_when_what_was_learnt_is_upside_down(self):
        report = analyse(
            generated=made_rows(120, seed=1, lean=0.3),
            human=made_rows(120, seed=2),
            test_generated=made_rows(60, seed=3, name="t"),
            test_human=made_rows(60, seed=4, lean=0.3, name="t"),
        )

        assert report["findings"][0]["code"] == "upside_down"
        assert "upside down" in report["result"]["sentence"]


class AnyTextTests:
    @pytest.mark.parametrize(
        ("alphabet", "between"),
        [("的一是不了人我在有他这中大来上个国", ""), ("ابتثجحخدذرزس", " "), ("😀😃🎉é\u0301ß", " ")],
    )
    def test_works_in_any_script(self, alphabet, between):
        def rows(seed, letters):
            chance = random.Random(seed)
            return [
                {"text": between.join("".join(chance.choices(letters, k=3)) for _ in range(40))} for _ in range(105)
            ]

        leaning_rows, plain_rows = rows(1, alphabet + alphabet[0] * len(alphabet)), rows(2, alphabet)

        assert told_apart(generated=leaning_rows, human=plain_rows) > 0.8

    def test_survives_what_is_hardly_text(self):
        chance = random.Random(1)
        odd = [
            "the " * 200_000,
            "." * 900_000,
            "1" * 900_000,
            "https://a.b/c?d=e " * 40_000,
            "<b>" * 200 + " x" * 30,
            " ".join(chr(chance.randrange(0x20, 0xD000)) for _ in range(5000)),
            "\u202ea\u202c " * 100,
        ]
        hostile = [{"id": str(number), "text": text} for number, text in enumerate(odd)]

        report = analyse(generated=made_rows(100, seed=1) + hostile, human=made_rows(100, seed=2))

        assert report["result"]["counts"]["generated"]["used"] == 105
        json.dumps(report, allow_nan=False).encode()

    def test_texts_without_any_word_of_letters_are_no_failure(self):
        def rows(seed):
            chance = random.Random(seed)
            return [{"text": " ".join(chance.choices("+-*/=", k=30))} for _ in range(100)]

        assert near_half(analyse(generated=rows(1), human=rows(2))["result"]["overall"]["auroc"]["value"])


class NGramTests:
    def counted(self, grams, texts):
        counts = grams.counts(texts)
        names = grams.names(counts.columns.tolist(), texts)
        return [
            {
                names[int(counts.columns[column])]: int(times)
                for column, times in zip(row.indices, row.data, strict=True)
            }
            for row in (counts.matrix[place] for place in range(len(texts)))
        ]

    def test_counts_every_character_ngram_of_each_text_apart(self):
        assert self.counted(Grams(1, 2), ["aba", "ab"]) == [
            {" ": 2, "a": 2, "b": 1, " a": 1, "ab": 1},
            {" ": 2, "a": 1, "b": 1, " a": 1, "ab": 1},
        ]

    def test_inside_words_no_ngram_reaches_across_a_blank(self):
        found = self.counted(Grams(2, 3, inside_words=True), ["a bc", "a bc"])[0]

        assert set(found) == {" a", "a ", " b", "bc", "c ", " a ", " bc", "bc "}


class WordsToDetectTests:
    def rows(self, *found, low=0.0, high=0.0):
        return [
            {
                "words": words,
                "tpr_reason": "",
                "tpr_at_fpr": {
                    "0.05": None,
                    "0.01": {"value": share, "low": max(share - low, 0), "high": min(share + high, 1)},
                },
            }
            for words, share in zip((25, 50, 100, 200, 400), found, strict=False)
        ]

    def test_lies_between_two_lengths_on_a_logarithmic_line(self):
        figure, reason = words_to_detect(self.rows(0.2, 0.5, 0.9, 1.0))

        assert (figure["value"], figure["open"], reason) == (141, False, "")

    def test_the_interval_holds_the_value_and_says_where_it_is_open(self):
        figure, reason = words_to_detect(self.rows(0.2, 0.5, 0.9, 0.97, low=0.1, high=0.02))

        assert figure["low"] <= figure["value"] < figure["high"] == 200
        assert figure["open"] and "may be larger" in reason

    def test_is_nothing_with_the_reason_where_it_is_never_reached(self):
        figure, reason = words_to_detect(self.rows(0.2, 0.5, 0.7))

        assert figure is None
        assert reason.startswith("At 100 words, the longest length with enough texts, 70 ")

    def test_is_nothing_where_no_length_has_enough_texts(self):
        assert words_to_detect([]) == (None, "No length has at least 100 texts on each side.")


class WordingTests:
    @pytest.mark.parametrize(
        ("share", "words"),
        [
            (0.0, "0 times in 100"),
            (0.001, "less than once in 100"),
            (0.01, "1 time in 100"),
            (0.98, "98 times in 100"),
            (0.998, "more than 99 times in 100"),
            (1.0, "100 times in 100"),
        ],
    )
    def test_never_rounds_to_always_or_never(self, share, words):
        assert times(share) == words


class PictureTests:
    def test_is_a_sound_svg_with_title_and_description_and_no_style(self):
        chart = by_length_chart(leaning()["result"]["by_length"])
        root = ElementTree.fromstring(chart)  # noqa: S314

        assert root.get("role") == "img"
        assert [child.tag for child in root[:2]] == ["title", "desc"]
        assert "25 words:" in root[1].text and "AUROC" in root[1].text
        assert not re.search(r"style=|fill=|stroke=|<script|\son\w+=", chart)

    def test_draws_a_line_for_each_rate_and_stays_inside_its_box(self):
        root = ElementTree.fromstring(by_length_chart(leaning()["result"]["by_length"]))  # noqa: S314
        width, height = map(float, root.get("viewBox").split()[2:])

        assert len(root.findall("polygon")) == 3
        assert len(root.findall("circle")) == 6
        assert all(
            0 < float(dot.get("cx")) < width and 0 < float(dot.get("cy")) < height for dot in root.findall("circle")
        )

    def test_one_length_and_a_rate_not_measured_are_drawn_too(self):
        root = ElementTree.fromstring(by_length_chart(alike()["result"]["by_length"]))  # noqa: S314

        assert len(root.findall("polygon")) == 2
        assert "1% false alarms" not in root[1].text

    def test_is_empty_without_lengths(self):
        assert by_length_chart([]) == ""


def renderer():
    """Django is imported only where a page is rendered; the analysis itself does without."""
    from django.template.loader import render_to_string

    return render_to_string


class PageTests:
    @pytest.mark.parametrize("report", [leaning, alike])
    def test_shows_the_sentence_first_then_picture_and_table(self, report):
        render_to_string = renderer()

        html = render_to_string("analyses/detection.html", {"result": report()["result"], "run": None})

        places = [
            html.index(part)
            for part in (
                "could not be told" if report is alike else "In groups of ten",
                '<svg class="chart"',
                "<table>",
            )
        ]
        assert places == sorted(places)
        assert "not measured" in html if report is alike else "not measured" not in html
        assert "style=" not in html

    def test_escapes_what_a_file_brought_in(self):
        render_to_string = renderer()
        result = leaning()["result"] | {
            "top_features": {"generated": [{"kind": "words", "feature": "<script>", "effect": 1.0}], "human": []}
        }

        assert "<script>" not in render_to_string("analyses/detection.html", {"result": result})


@needs_shared
class DevelopmentDataTests:
    def lines(self):
        return (DATA / "detection" / "fdg_gpt2-xl.jsonl").read_bytes().splitlines(keepends=True)

    def test_reaches_on_a_quarter_of_the_data_what_the_whole_gave_the_baseline_of_characters(self):
        lines = self.lines()
        some = b"".join(lines[place] for pair in range(0, len(lines) // 2, 4) for place in (2 * pair, 2 * pair + 1))

        report = ANALYSIS.run(
            given(generated=some, human=some),
            {"bootstraps": 500, "lengths": [50, 100]},
            0,
            lambda fraction, message: None,
        )

        result = report["result"]
        combined, characters, words, _ = result["detectors"]
        assert (result["overall"]["generated"], result["overall"]["human"]) == (325, 325)
        assert result["method"]["groups"] == 325
        assert combined["overall"]["auroc"]["value"] > 0.8 > characters["overall"]["auroc"]["value"] > 0.7
        assert words["overall"]["auroc"]["value"] < characters["overall"]["auroc"]["value"]
        assert covers_half(result["null_run"]["auroc"])
        assert result["words_to_detect"] is None
        assert result["format_probe"]["auroc"]["value"] < 0.6
