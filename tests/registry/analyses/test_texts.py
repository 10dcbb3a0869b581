"""Reading uploaded texts: what is used, what is reported by line, what is refused outright."""

import base64
import json

import pytest

from registry.analyses.canonical_text import canonical_text, first_words, without_prompt, word_ends
from registry.analyses.errors import Unusable
from registry.analyses.texts import MAX_BYTES, MAX_LINE, MAX_LINES, Text, read_texts
from tests.shared import DATA, needs_shared

GOOD = b'{"id": "a", "text": "one"}\n'


def broken(line):
    """What a line of this kind is reported as, between two good ones."""
    reading = read_texts(GOOD + line + b"\n" + GOOD, "some.jsonl")
    assert [text.text for text in reading.texts] == ["one", "one"]
    assert reading.counts()["broken"] == 1
    assert reading.broken_lines[0]["line"] == 2
    return reading.broken_lines[0]["problem"]


class ReadingLinesTests:
    def test_keeps_what_a_line_says_about_its_text(self):
        line = {"id": 7, "text": "Hello.", "label": "Human", "prompt": "p", "source": "s", "group": "g", "topic": 1}

        reading = read_texts(json.dumps(line).encode(), "a.jsonl")

        assert reading.texts == [
            Text(id="7", text="Hello.", line=1, label="human", prompt="p", group="g", source="s", fields={"topic": 1})
        ]

    def test_names_a_text_without_id_by_its_line(self):
        assert [text.id for text in read_texts(b'\n{"text": "a"}\n\n{"text": "b"}', "a.jsonl").texts] == [
            "line 2",
            "line 4",
        ]

    def test_reads_windows_line_ends_and_a_byte_order_mark(self):
        reading = read_texts(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") * 2, "a.jsonl")

        assert (len(reading.texts), reading.broken) == (2, 0)

    def test_knows_lines_of_objects_whatever_the_file_is_called(self):
        assert read_texts(GOOD, "upload.txt").form == "jsonl"

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            (b"{oops", "is not JSON"),
            (b"[1]", "is not a JSON object"),
            (b'"text"', "is not a JSON object"),
            (b'{"id": "x"}', "has no “text”"),
            (b'{"text": 42}', "has a “text” that is not a string"),
            (b'{"text": null}', "has a “text” that is not a string"),
            (b'{"text": "a", "prompt": ["b"]}', "has a “prompt” that is not text"),
            (b'{"text": "a", "text": "b"}', "names a field twice"),
            (b'{"text": "a", "x": {"y": 1, "y": 2}}', "names a field twice"),
            (b'{"text": "a", "x": NaN}', "holds NaN or Infinity, which JSON does not have"),
            (b'{"text": "a", "x": -Infinity}', "holds NaN or Infinity, which JSON does not have"),
            (b'{"text": "a", "x": 1e999}', "holds a number that is too large"),
            (b'{"text": "a", "x": ' + b"9" * 5000 + b"}", "is not JSON"),
            (b'{"text": "\xff"}', "is not UTF-8"),
            (b'{"text": "a\x00b"}', "holds a NUL character"),
            (b'{"text": "a\\u0000b"}', "holds a NUL character"),
            (b'{"text": "a", "x\\u0000": 1}', "holds a NUL character"),
            (b'{"text": "a\\ud800"}', "holds half of a character (a lone surrogate)"),
            (b'{"text": "a\tb"}', "is not JSON"),
            (b'{"text":' * 5000 + b'"a"' + b"}" * 5000, "is nested too deeply"),
            (b'{"text": "' + b"a" * MAX_LINE + b'"}', "is longer than 1 MB"),
        ],
    )
    def test_reports_a_broken_line_by_number_and_uses_the_rest(self, line, problem):
        assert broken(line) == problem

    def test_a_backslash_before_u0000_is_no_nul(self):
        assert read_texts(b'{"text": "a\\\\u0000"}', "a.jsonl").texts[0].text == "a\\u0000"

    def test_a_whole_surrogate_pair_is_a_character(self):
        assert read_texts(b'{"text": "\\ud83d\\ude00"}', "a.jsonl").texts[0].text == "😀"

    def test_counts_every_broken_line_but_names_only_the_first_fifty(self):
        counts = read_texts(GOOD + b"x\n" * 300, "a.jsonl").counts()

        assert (counts["read"], counts["broken"], len(counts["broken_lines"])) == (1, 300, 50)

    def test_reads_no_more_than_the_first_hundred_thousand_lines(self):
        reading = read_texts(b'{"text":"a"}\n' * (MAX_LINES + 5), "a.jsonl")

        assert (len(reading.texts), reading.unread) == (MAX_LINES, 5)


class ReadingDocumentsTests:
    def test_a_plain_file_is_one_document(self):
        assert read_texts("Zeile eins.\nZeile zwei – ä.\n".encode(), "essay.txt").texts == [
            Text(id="essay.txt", text="Zeile eins.\nZeile zwei – ä.\n")
        ]

    @pytest.mark.parametrize(
        ("data", "name", "reason"),
        [
            (b"", "a.jsonl", "is empty"),
            (b" \n" * 300_000, "a.txt", "is empty"),
            (b"\xff\xfea\x00", "a.txt", "is not UTF-8"),
            (b"caf\xe9", "a.txt", "is not UTF-8"),
            (b"a\x00b", "a.bin", "NUL"),
            (b"x\ny\n", "a.jsonl", "No line of a.jsonl can be used"),
        ],
    )
    def test_refuses_what_holds_no_text(self, data, name, reason):
        with pytest.raises(Unusable, match=reason):
            read_texts(data, name)

    def test_refuses_more_than_64_megabytes(self):
        with pytest.raises(Unusable, match="larger than 64 MB"):
            read_texts(bytes(MAX_BYTES + 1), "a.jsonl")


@needs_shared
class HostileFilesTests:
    def rows(self, name):
        return [json.loads(line) for line in (DATA / "attacks" / name).read_text().splitlines()]

    def test_each_hostile_json_body_is_a_reported_line(self):
        for row in self.rows("api/json_parsing.jsonl"):
            body = base64.b64decode(row["base64"])
            if body.strip() and b"\n" not in body:
                assert broken(body), row["name"]

    def test_each_hostile_text_is_read_or_refused_in_one_sentence(self):
        for row in self.rows("upload/text_detection.jsonl"):
            data = "".join(part * times for part, times in row["parts"]).encode()
            for name in ("a.jsonl", "a.txt"):
                try:
                    assert read_texts(data, name).texts
                except Unusable as refusal:
                    assert "\n" not in str(refusal) and len(str(refusal)) < 300


class CanonicalTextTests:
    @pytest.mark.parametrize(
        ("raw", "canonical"),
        [
            ("“It’s” ‘so’ ``said''", '"It\'s" \'so\' "said"'),
            ("a\u2013b\u2014c\u2212d\u2010e", "a-b-c-d-e"),
            ("wait\u2026", "wait..."),
            ("\ufeff a\u00a0b\t\n\n c\u200b\u00ad ", "a b c"),
            ("e\u0301", "é"),
            ("&quot;a&nbsp;&amp;&#39;b", "\"a &'b"),
            ("a\x07b\u202ec", "abc"),
        ],
    )
    def test_keeps_nothing_that_depends_on_layout(self, raw, canonical):
        assert canonical_text(raw) == canonical
        assert canonical_text(canonical) == canonical

    def test_counts_words_between_blanks_and_each_character_of_unspaced_scripts(self):
        assert [len(word_ends(text)) for text in ("don't stop now", "我喜欢书", "日本 and Rust")] == [3, 4, 4]

    def test_cuts_after_a_word(self):
        assert [first_words(text, 2) for text in ("a b c", "我喜欢", "a")] == ["a b", "我喜", "a"]

    def test_removes_a_prompt_from_the_front_only(self):
        assert [without_prompt("Once upon a time", prompt) for prompt in ("Once upon", "a time", "")] == [
            "a time",
            "Once upon a time",
            "Once upon a time",
        ]
