"""The front matter of a card: its state, what it says, and that nothing hostile gets through."""

import json
import time

import pytest

from registry.analyses.model_card.front_matter import read_front_matter
from registry.analyses.model_card.yaml_reader import MAX_DEPTH, MAX_NODES, read_mapping
from tests.shared import DATA, needs_shared


class TestStates:
    @pytest.mark.parametrize(
        ("text", "state", "code"),
        [
            ("---\nlicense: mit\n---\n# Card\n", "ok", "ok"),
            ("\ufeff---\r\nlicense: mit\r\n---\r\n# Card\r\n", "ok", "ok"),
            ("\n\n---\nlicense: mit\n---\n# Card\n", "ok", "ok"),
            ("---\n---\n# Card\n", "ok", "ok"),
            ("# Card\n\ntext\n\n---\n\nlicense: mit\n", "none", "none"),
            ("Title\n---\ntext\n", "none", "none"),
            ("---\n\n## Introduction\n\nSome words here.\n\n---\n", "none", "rule_not_front_matter"),
            ("---\n[]\n---\n# Card\n", "broken", "not_mapping"),
            ("---\na: [1\n---\n# Card\n", "broken", "syntax_error"),
            ("--\nlanguage: en\n---\n# Card\n", "broken", "opener_typo"),
            ("language: en\nlicense: bsd\n---\n# Card\n", "broken", "opener_missing"),
            ("---\nlicense: mit\ntags: x\n# Card\n", "broken", "never_closed"),
            ("<!--\n---\nlicense: mit\n---\n-->\n# Card\n", "broken", "in_html_comment"),
        ],
    )
    def test_names_the_state_of_the_block(self, text, state, code):
        front_matter = read_front_matter(text)

        assert (front_matter.state, front_matter.code) == (state, code)

    def test_salvages_plain_lines_of_a_block_that_yaml_refuses(self):
        front_matter = read_front_matter("---\nlicense: Apache 2.0\nlanguage:\n- en\n- de\ndata:\n- [a](b)c\n---\n")

        assert front_matter.state == "broken"
        assert front_matter.data["license"] == "Apache 2.0"
        assert front_matter.data["language"] == ["en", "de"]

    def test_knows_which_lines_a_key_covers(self):
        text = "---\nlicense: mit\nlanguage:\n- en\n---\n"
        start, end = read_front_matter(text).span("language")

        assert text[start:end] == "language:\n- en"

    def test_the_body_begins_after_the_closing_line(self):
        text = "---\nlicense: mit\n---\n# Card\n"

        assert text[read_front_matter(text).end :] == "# Card\n"


class TestYamlLimits:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("a: &x 1\nb: *x\n", "alias"),
            ("a: &x 1\n", "alias"),
            ("a: *x\n", "alias"),
            ("a: !!python/object:os.system x\n", "tag"),
            ("? [a, b]\n: x\n", "bad_key"),
            ("~: x\n", "bad_key"),
            ("1: x\n", "bad_key"),
            ("a: 1\na: 2\n", "duplicate_key"),
            ('a: "\\U00110000"\n', "syntax_error"),
            ('a: "\\0"\n', "bad_character"),
            ('a: "\\ud800"\n', "bad_character"),
            ("a: " + "[" * (MAX_DEPTH + 1), "too_deep"),
            ("[" * 50_000, "too_deep"),
            ("a: [" + "1," * (MAX_NODES + 1) + "]", "too_large"),
            ("a: " + "x" * 70_000, "too_large"),
        ],
    )
    def test_refuses_with_a_reason_and_never_raises(self, text, code):
        data, problem = read_mapping(text)

        assert (data, problem.code) == (None, code)

    def test_codes_and_dates_stay_text(self):
        data, problem = read_mapping("language: no\ndate: 2020-01-02\nvalue: 0.5\nn: 7\nyes: true\ninf: .inf\n")

        assert problem is None
        assert data == {"language": "no", "date": "2020-01-02", "value": 0.5, "n": 7, "yes": True, "inf": ".inf"}


@needs_shared
class TestAttacks:
    def attacks(self):
        folder = DATA / "attacks" / "cards"
        for line in (folder / "yaml_front_matter.jsonl").read_text("utf-8").splitlines():
            yield "".join(part * times for part, times in json.loads(line)["parts"])
        for line in (folder / "yaml_test_suite.jsonl").read_text("utf-8").splitlines():
            payload = json.loads(line)["payload"]
            yield payload
            yield f"---\n{payload}\n---\n# Card\n"

    def test_every_attack_ends_in_a_state_quickly_and_in_storable_json(self):
        for text in self.attacks():
            started = time.perf_counter()
            front_matter = read_front_matter(text)

            assert front_matter.state in ("ok", "none", "broken")
            assert (front_matter.problem is None) == (front_matter.code in ("ok", "none"))
            json.dumps(front_matter.data, allow_nan=False).encode("utf-8")
            assert time.perf_counter() - started < 5
