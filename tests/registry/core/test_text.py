"""What may be in a text, what it is stored as, and which names look alike."""

import json
import time
import unicodedata

import pytest

from registry.core.text import TextRefused, clean, confusable_key, looks_empty, plain_excerpt
from tests.shared import SHARED, needs_shared


def corpus(folder):
    for path in sorted((SHARED / "data/attacks" / folder).glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if "payload" in entry:
                yield entry["payload"]


class CleanTests:
    @pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ud800", "\udfff", "\ufffe"])
    def test_refuses_what_cannot_be_stored_and_says_where(self, char):
        with pytest.raises(TextRefused, match=f"{ord(char):04X}.* position 2"):
            clean(f"a{char}b")

    def test_brings_line_ends_and_letters_into_one_form(self):
        assert clean("e\u0301\r\nb\rc\u2028d\te") == "é\nb\nc\nd\te"

    def test_puts_a_name_on_one_line(self):
        assert clean("  Open\n\tLab\u3000 A ", lines=False) == "Open Lab A"

    @needs_shared
    def test_refuses_or_keeps_each_hostile_text(self):
        kept = refused = 0
        for text in corpus("text"):
            try:
                result = clean(text)
            except TextRefused:
                refused += 1
                continue
            kept += 1
            assert clean(result) == result == unicodedata.normalize("NFC", result)
            result.encode()
            assert "\x00" not in result

        assert kept > 100 and refused > 0, (kept, refused)


class LooksEmptyTests:
    @pytest.mark.parametrize(
        "text",
        ["", " ", "\u3000", "\u2800\u2800", "\u200b\u2060", "\u3164", "\u00ad", "\u2066\u2069", "\ufe0f\n"],
    )
    def test_sees_through_invisible_signs(self, text):
        assert looks_empty(text)

    @pytest.mark.parametrize("text", ["a", "\u200ba", "模", "-", "🙂"])
    def test_knows_a_visible_one(self, text):
        assert not looks_empty(text)


class ConfusableKeyTests:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("admin", "аdmin"),
            ("admin", "ad\u200bmin"),
            ("admin", "ad\u00admin"),
            ("admin", "ADMIN"),
            ("OpenAI", "OpenAl"),
            ("OpenAI", "0penA1"),
            ("OpenAI", "ΟрenАІ"),
            ("openai", "ｏｐｅｎａｉ"),
            ("openai", "\u202eopenai"),
            ("Nokia", "ΝΟΚΙΑ"),
            ("modern", "modem"),
            ("strasse", "straße"),
            ("équipe", "e\u0301quipe"),
            ("équipe", "equipe"),
            ("open-lab", "open_lab"),
            ("open lab", "open\u00a0 lab"),
            ("𝐎𝐩𝐞𝐧𝐀𝐈", "openai"),
            ("norm", "n\u0301\u0302\u0303orm"),
            ("Meta", "Ме\u0442а"),
            ("paypal", "раураl"),
        ],
    )
    def test_is_the_same_for_look_alikes(self, one, other):
        assert confusable_key(one) == confusable_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("ada", "adb"),
            ("openai", "opnai"),
            ("lab-1", "lab-2"),
            ("模型", "模形"),
            ("Мир", "Мор"),
            ("हिन्दी", "हन्द"),
        ],
    )
    def test_differs_for_names_that_differ(self, one, other):
        assert confusable_key(one) != confusable_key(other)

    def test_of_a_key_is_the_key(self):
        for name in ("OpenAI", "Équipe №1", "Ελλάδα", "Bernard vvard", "模型"):
            assert confusable_key(confusable_key(name)) == confusable_key(name)


class PlainExcerptTests:
    def test_leaves_only_the_words(self):
        text = (
            "# Title\n\nSome **bold**, _soft_ and `code` [a link](https://example.org/a_b) "
            "with snake_case.[^1]\n\n"
            "> - [x] quoted\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: A note."
        )

        assert plain_excerpt(text, 200) == (
            "Title Some bold, soft and code a link with snake_case. quoted print(1) a b 1 2 A note."
        )

    def test_cuts_between_words(self):
        assert plain_excerpt("The weights were withheld for nine months.", 20) == "The weights were…"

    def test_is_never_longer_than_asked(self):
        for length in (1, 2, 10, 50):
            assert len(plain_excerpt("words and " * 500, length)) <= length
            assert len(plain_excerpt("w" * 500, length)) <= length

    @needs_shared
    def test_takes_no_time_on_hostile_shapes(self):
        for line in (SHARED / "data/attacks/markdown/pathological.jsonl").read_text().splitlines():
            text = "".join(part * count for part, count in json.loads(line)["parts"])
            before = time.perf_counter()

            assert len(plain_excerpt(text, 2_000)) <= 2_000
            assert time.perf_counter() - before < 0.5
