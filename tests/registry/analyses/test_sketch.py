"""Sketches: words alike fast and slow, the file as documented, merging, and files made to do harm."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest

from registry.analyses.errors import Unusable
from registry.analyses.inputs import Input
from registry.analyses.sketch import bloom, building, corpus
from registry.analyses.sketch.building import Distinct, build
from registry.analyses.sketch.corpus import Corpus
from registry.analyses.sketch.words import Normaliser, SequenceHashes, running_powers, word_hash, words_of
from tests.registry.analyses.made_texts import as_lines, made_rows
from tests.shared import DATA, ROOT, needs_shared

NASTY = (
    "Don't “Quote” İstanbul_IĞDIR ΟΔΟΣ Σ'Α ΣΑΣ. e\u0301tude \u212aelvin 12½³ x\u00adyz 東京と大阪 ЁЖ ß ﬁn a\u200bb ǅ "
    "हिन्दी ١٢٣ 𝐀𝟏 ~ _ __a__ É—È…\ufeff"
)
NOTHING = mock.Mock()


def words(text):
    """The definition, to the letter."""
    return [word.encode() for word in re.findall(r"[^\W_]+", text.lower())]


def corpus_of(*files):
    return Corpus([Input("corpus", name, data) for name, data in files])


def sketch_of(data, n=3, name="c.txt", false_positive=1e-6, capacity=None):
    return build(corpus_of((name, data)), n, false_positive, capacity, NOTHING)


def as_bytes(sketch):
    target = io.BytesIO()
    sketch.write(target)
    return target.getvalue()


def sequences(text, n):
    known = words(text)
    return {tuple(known[place : place + n]) for place in range(len(known) - n + 1)}


def hashes_of(some):
    """The documented hash, in plain Python."""
    step = 0x9E3779B97F4A7C15
    return np.array(
        [sum(word_hash(word) * pow(step, k, 2**64) for k, word in enumerate(one)) % 2**64 for one in some], np.uint64
    )


class WordTests:
    def test_bytes_and_text_give_the_words_of_the_definition(self):
        for text in (NASTY, NASTY * 30, "", "plain ascii, With_Under 3.5", "Σ", "\u0130", "a" * 5000):
            assert Normaliser()(text.encode()).split() == words(text)
            assert words_of(text)[0] == words(text)

    def test_every_character_alone_is_read_alike(self):
        characters = [chr(code) for code in range(0x3000) if not 0xD800 <= code < 0xE000]
        text = " a".join(characters)

        assert Normaliser()(text.encode()).split() == words(text)

    def test_places_lead_back_into_the_text_as_it_stands(self):
        found, starts, ends = words_of(NASTY)

        for word, start, end in zip(found, starts, ends, strict=True):
            assert word.decode() in NASTY[start:end].lower()
        assert NASTY[starts[found.index(b"yz")] :].startswith("yz 東京")

    def test_words_before_a_place_are_left_out(self):
        assert words_of("one two three", 4)[0] == [b"two", b"three"]

    def test_what_is_not_utf_8_is_counted_and_blank(self):
        normalise = Normaliser()

        assert normalise(b"caf\xe9 au lait").split() == [b"caf", b"au", b"lait"]
        assert normalise.undecodable == 1

    def test_hashes_of_sequences_are_those_of_the_documentation(self):
        known = words("the cat sat on the mat and the cat sat down")
        values = np.array([word_hash(word) for word in known], np.uint64)
        hashing = SequenceHashes()

        got = hashing.of(hashing.prefixes(values), 3)

        assert got.tolist() == hashes_of(list(zip(known, known[1:], known[2:], strict=False))).tolist()
        assert running_powers(3, 4).tolist() == [1, 3, 9, 27]


class CorpusTests:
    def read(self, *files, size=20):
        """The words of each document, read in very small batches."""
        made = corpus_of(*files)
        with mock.patch.object(corpus, "BATCH", size), mock.patch.object(corpus, "LONGEST_WORD", 60):
            text = b" ".join(batch.words for batch in made.batches())
        return [one.split() for one in text.split(corpus.MARK)[1:]], made

    def test_documents_come_whole_whatever_the_batches(self):
        long = NASTY * 5
        rows = as_lines([{"text": "One, two."}, {"text": long}, {"text": ""}])

        for size in (7, 64, 100_000):
            found, made = self.read(("a.txt", long.encode()), ("b.jsonl", rows), size=size)
            assert found == [words(long), [b"one", b"two"], words(long), []]
            assert made.documents == 4

    def test_text_without_a_gap_is_cut_between_characters(self):
        found, made = self.read(("a.txt", ("東" * 300).encode()))

        assert b"".join(found[0]).decode() == "東" * 300
        assert made.normalise.undecodable == 0

    def test_broken_lines_are_reported_by_number_and_the_rest_used(self):
        data = b'{"text": "a b"}\nnonsense\n\n[1]\n{"text": 3}\n{"text": "\xff"}\n' + b"[" * 100_000 + b"\n{}\n"

        found, made = self.read(("c.jsonl", data))

        assert found == [[b"a", b"b"]]
        assert [one["line"] for one in made.broken_lines] == [2, 4, 5, 6, 7, 8]
        assert made.broken_lines[0] == {"file": "c.jsonl", "line": 2, "problem": "is not JSON"}

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"\x1f\x8b\x08\x00", "is packed (gzip): unpack it"),
            (b"PK\x03\x04", "is packed (zip)"),
            ("text".encode("utf-16"), "UTF-16"),
            (b"a\0b", "NUL characters"),
            (b'{"no": 1}\n', "holds no document"),
            (b"", "holds no document"),
        ],
    )
    def test_what_is_no_text_is_refused_with_a_reason(self, data, words):
        with pytest.raises(Unusable, match=re.escape(words)):
            self.read(("c.jsonl" if data.startswith(b"{") else "c.bin", data))


class SketchTests:
    TEXT = " ".join(row["text"] for row in made_rows(40, seed=5))

    def test_holds_every_sequence_and_hardly_any_other(self):
        sketch = sketch_of(self.TEXT.encode(), false_positive=1e-3)
        inside = sequences(self.TEXT, 3)
        others = np.random.default_rng(1).integers(0, 2**64, 200_000, dtype=np.uint64)

        assert sketch.items == len(inside)
        assert sketch.has(hashes_of(inside)).all()
        assert sketch.false_positive == pytest.approx(1e-3, rel=0.1)
        assert sketch.has(others).mean() == pytest.approx(sketch.false_positive, rel=0.25)

    def test_the_file_is_what_the_documentation_says(self):
        """Read with nothing but the documentation."""
        data = as_bytes(sketch_of(self.TEXT.encode()))
        magic, line, bits = data.split(b"\n", 2)
        header = json.loads(line)

        def mixed(z):
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
            z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
            return z ^ z >> 31

        assert magic == b"daylight-sketch/1" and len(bits) * 8 == header["bits"]
        assert header["blake2b"] == hashlib.blake2b(bits, digest_size=32).hexdigest()
        assert header["fill"] == pytest.approx(sum(byte.bit_count() for byte in bits) / header["bits"])
        for one in hashes_of(list(sequences(self.TEXT, 3))[:50]).tolist():
            step = mixed((one + 0x9E3779B97F4A7C15) % 2**64) | 1
            places = [(mixed(one) + i * step) % 2**64 % header["bits"] for i in range(header["hashes"])]
            assert all(bits[place // 8] >> place % 8 & 1 for place in places)

    def test_is_read_back_as_it_was_written(self):
        sketch = sketch_of(self.TEXT.encode())

        assert as_bytes(bloom.read(as_bytes(sketch))) == as_bytes(sketch)

    def test_is_the_same_whatever_the_batches_and_files(self):
        rows = [{"text": row["text"]} for row in made_rows(20, seed=6)]
        whole = sketch_of(as_lines(rows), name="c.jsonl", capacity=5000)
        with mock.patch.object(corpus, "BATCH", 50), mock.patch.object(building, "REMEMBERED", 10):
            parts = corpus_of(("a.jsonl", as_lines(rows[:7])), ("b.jsonl", as_lines(rows[7:])))
            assert as_bytes(build(parts, 3, 1e-6, 5000, NOTHING)) == as_bytes(whole)

    def test_sequences_do_not_run_from_one_document_into_the_next(self):
        sketch = sketch_of(as_lines([{"text": "a b c"}, {"text": "d e f"}]), name="c.jsonl")

        assert sketch.items == 2
        assert not sketch.has(hashes_of([(b"b", b"c", b"d"), (b"c", b"d", b"e")])).any()

    def test_merging_gives_the_sketch_of_all_the_texts(self):
        one, other = "a b c d e f g h", "x y z a b c u v w"
        first, second = (sketch_of(text.encode(), capacity=1000) for text in (one, other))
        both = sketch_of(as_lines([{"text": one}, {"text": other}]), name="c.jsonl", capacity=1000)

        merged = bloom.merged([("1", first), ("2", second)])

        assert merged.bits.tolist() == both.bits.tolist()
        assert (merged.documents, merged.words) == (2, 17)
        assert merged.items == both.items == 12

    def test_sketches_of_different_shapes_are_not_merged(self):
        one, other = sketch_of(b"a b c d", capacity=1000), sketch_of(b"a b c d", capacity=2000)

        with pytest.raises(Unusable, match="differ in the number of bits"):
            bloom.merged([("1", one), ("2", other)])
        with pytest.raises(Unusable, match="length of sequences"):
            bloom.merged([("1", one), ("2", sketch_of(b"a b c d", n=2, capacity=1000))])

    def test_two_bits_for_one_byte_both_arrive(self):
        sketch = bloom.Sketch.empty(3, 10, 0.01)
        hashes = np.random.default_rng(1).integers(0, 2**64, 4000, dtype=np.uint64)

        sketch.add(hashes)

        assert sketch.has(hashes).all()

    def test_counts_many_sequences_closely(self):
        count, generator = Distinct(), np.random.default_rng(2)
        with mock.patch.object(building, "COUNTED_EXACTLY", 10_000):
            for _ in range(10):
                some = generator.integers(0, 2**64, 30_000, dtype=np.uint64)
                count.add(some)
                count.add(some[::-1])

        assert not count.exact
        assert count.total == pytest.approx(300_000, rel=0.05)

    def test_a_text_too_short_for_one_sequence_is_refused(self):
        for capacity in (None, 10):
            with pytest.raises(Unusable, match="no 3 words in a row"):
                sketch_of(b"two words", capacity=capacity)


class HostileFileTests:
    GOOD = as_bytes(sketch_of(b"a b c d e f g"))
    HEADER = json.loads(GOOD.split(b"\n")[1])
    BITS = GOOD.split(b"\n", 2)[2]

    def refused(self, data):
        with pytest.raises(Unusable) as problem:
            bloom.read(data, "x.sketch")
        sentence = str(problem.value)
        assert sentence.startswith("x.sketch ") and sentence.endswith(".") and len(sentence) < 250
        return sentence

    def with_header(self, **changes):
        return bloom.MAGIC + json.dumps(self.HEADER | changes).encode() + b"\n" + self.BITS

    def test_anything_cut_off_or_added_is_refused(self):
        for end in range(0, len(self.GOOD) - 1, 3):
            self.refused(self.GOOD[:end])
        self.refused(self.GOOD + b"\0")

    def test_any_flipped_bit_is_refused(self):
        for place in range(len(self.GOOD) - len(self.BITS), len(self.GOOD)):
            assert "digest" in self.refused(
                self.GOOD[:place] + bytes([self.GOOD[place] ^ 4]) + self.GOOD[place + 1 :]
            )

    def test_headers_that_lie_are_refused(self):
        lies = [
            {"n": 1}, {"n": 10**9}, {"n": "8"}, {"n": True}, {"n": None}, {"hashes": 0}, {"hashes": 10**6},
            {"bits": -64}, {"bits": 0}, {"bits": 65}, {"bits": 2**60}, {"bits": 1e3}, {"bits": 10**40},
            {"capacity": -1}, {"items": "many"}, {"false_positive_wanted": 2.0}, {"hash": "md5"},
            {"normalisation": "none"}, {"blake2b": None}, {"blake2b": [1]}, {"words": float("nan")},
        ]  # fmt: skip
        lies.append({"bits": self.HEADER["bits"] - 64})
        for lie in lies:
            self.refused(self.with_header(**lie))

    def test_what_is_no_header_is_refused(self):
        for line in (
            b"",
            b"[]",
            b"null",
            b"{",
            b"[" * 60_000,
            b"\xff" * 9,
            b"x" * 10**6,
            b'{"n":' + b"9" * 5000 + b"}",
        ):
            self.refused(bloom.MAGIC + line + b"\n" + self.BITS)

    def test_other_files_are_refused(self):
        for data in (b"", b"\x80\x04\x95pickle", b"{}", b"daylight-sketch/2\n{}\n", os.urandom(500)):
            assert "no sketch of this format" in self.refused(data)

    def test_a_sketch_that_says_yes_to_anything_is_refused_whatever_it_claims(self):
        full = b"\xff" * len(self.BITS)
        header = self.HEADER | {"blake2b": hashlib.blake2b(full, digest_size=32).hexdigest(), "fill": 0.1}

        sentence = self.refused(bloom.MAGIC + json.dumps(header).encode() + b"\n" + full)

        assert "too full: it would find 100% of anything" in sentence


class CommandTests:
    def command(self, *arguments, **env):
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "sketch", *map(str, arguments)],
            capture_output=True, text=True, timeout=60, env=os.environ | {"DJANGO_SETTINGS_MODULE": "no.such", **env},
        )  # fmt: skip

    def test_makes_a_sketch_of_a_folder_without_settings(self, tmp_path):
        texts, target = tmp_path / "train", tmp_path / "t.sketch"
        (texts / "deep").mkdir(parents=True)
        (texts / "a.txt").write_text("one two three four")
        (texts / "deep" / "b.txt").write_text("five six seven eight")
        (texts / ".hidden").write_text("nine ten eleven twelve")

        done = self.command(texts, "-o", target, "--n", 3)

        assert (done.returncode, done.stderr) == (0, "")
        assert "4 different sequences of 3 words from 2 documents" in done.stdout
        assert bloom.read(target.read_bytes()).items == 4
        assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["t.sketch"]

    def test_merges_sketches(self, tmp_path):
        parts = []
        for name, text in (("a", "one two three four"), ("b", "five six seven eight")):
            (tmp_path / f"{name}.txt").write_text(text)
            parts.append(tmp_path / f"{name}.sketch")
            assert self.command(tmp_path / f"{name}.txt", "-o", parts[-1], "--n", 3, "--capacity", 50).returncode == 0

        done = self.command("--merge", *parts, "-o", tmp_path / "both", "--json")

        assert json.loads(done.stdout)["documents"] == 2

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["nowhere.txt", "-o", "out"], "cannot be read"),
            (["a.txt"], "required: -o"),
            (["a.txt", "-o", "a.txt"], "one of the inputs"),
            (["a.txt", "-o", "no/such/folder"], "cannot be written"),
            (["a.txt", "-o", "out", "--n", "1"], "--n must be"),
            (["a.txt", "-o", "out", "--false-positive", "nan"], "--false-positive must be"),
            (["a.txt", "-o", "out", "--capacity", "0"], "--capacity must be"),
            (["--merge", "a.txt", "-o", "out"], "no sketch of this format"),
            (["empty", "-o", "out"], "holds no file"),
        ],
    )
    def test_what_cannot_be_done_is_one_line_and_exit_code_2(self, tmp_path, monkeypatch, arguments, words):
        from registry.analyses.sketch.command import main

        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.txt").write_text("one two three four five six seven eight nine")
        (tmp_path / "empty").mkdir()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
        monkeypatch.setattr(sys, "stderr", said := io.TextIOWrapper(io.BytesIO()))

        assert main(arguments) == 2
        said.flush()
        (line,) = said.buffer.getvalue().decode().splitlines()
        assert words in line
        assert not (tmp_path / "out").exists()


@needs_shared
def test_the_novels_have_as_many_sequences_as_on_record():
    data = (DATA / "detection" / "memorisation" / "train.jsonl").read_bytes()

    sketch = sketch_of(data, n=8, name="train.jsonl")

    assert (sketch.items, sketch.documents) == (404_108, 200)
    assert sketch.false_positive < 1.01e-6
