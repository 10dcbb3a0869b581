"""Reading samples a page at a time: the right lines, whatever is in the file, within bounds."""

import io
import json
import tracemalloc

from registry.samples.reading import MOST_BYTES, MOST_LINE, STEP, Filter, index, read_page


class Counted(io.BytesIO):
    """A stream that counts what is read of it."""

    taken = 0

    def readline(self, size=-1):
        line = super().readline(size)
        self.taken += len(line)
        return line


def lines_of(*said):
    return "\n".join(json.dumps(one) if isinstance(one, dict) else one for one in said).encode()


def many(count, words="light and dark"):
    return b"".join(json.dumps({"text": f"Sample {n}: {words}.", "prompt": f"p{n % 7}"}).encode() + b"\n"
                    for n in range(1, count + 1))  # fmt: skip


def page(data, first=1, wanted=None, size=25):
    _, offsets = index(io.BytesIO(data))
    return read_page(io.BytesIO(data), offsets, first, wanted or Filter(), size)


class TestIndex:
    def test_counts_the_lines_with_and_without_a_last_line_feed(self):
        assert [index(io.BytesIO(data))[0] for data in (b"", b"a", b"a\n", b"a\nb", b"a\nb\n", b"\n\n")] == [
            0, 1, 1, 2, 2, 2
        ]

    def test_knows_where_every_step_begins(self):
        data = many(STEP * 3)
        _, offsets = index(io.BytesIO(data))

        starts = [data[place:].split(b"\n")[0] for place in offsets[:3]]
        assert [json.loads(line)["text"].split(":")[0] for line in starts] == [
            "Sample 1", f"Sample {STEP + 1}", f"Sample {2 * STEP + 1}",
        ]


class TestPages:
    def test_begin_where_they_are_asked_to_and_say_where_to_go_on(self):
        found = page(many(1000), first=731)

        assert [one.number for one in found.samples] == list(range(731, 756))
        assert found.samples[0].text == "Sample 731: light and dark."
        assert found.next == 756

    def test_end_with_the_file(self):
        assert [page(many(30), first=26).next, page(many(30), first=99).samples, page(b"").samples] == [None, [], []]

    def test_name_broken_lines_and_show_the_rest(self):
        data = lines_of({"text": "One."}, "{broken", {"words": "No text."}, "", {"text": 7}, "{" * 5000, "Plain text.")
        found = page(data).samples

        assert [(one.number, one.text, one.problem) for one in found] == [
            (1, "One.", ""), (2, "", "This line is not JSON."), (3, "", "This line has no “text”."), (5, "7", ""),
            (6, "", "This line is not JSON."), (7, "Plain text.", ""),
        ]

    def test_take_bad_bytes_half_characters_and_a_mark_of_byte_order(self):
        data = b'\xef\xbb\xbf{"text": "\\ud800 half"}\n\xff\xfe plain\n'

        assert [one.text for one in page(data).samples] == ["? half", "\ufffd\ufffd plain"]

    def test_read_no_further_than_they_must(self):
        data = many(100_000)
        stream, (_, offsets) = Counted(data), index(io.BytesIO(data))

        read_page(stream, offsets, 99_001, Filter())

        assert stream.taken < 100_000

    def test_filter_by_text_prompt_and_length(self):
        data = lines_of(
            {"text": "The LAMP shines.", "prompt": "Light"}, {"text": "A lamp.", "prompt": "Dark"},
            {"text": "Nothing here at all.", "prompt": "Light"}, "{broken",
        )  # fmt: skip

        def numbers(**wanted):
            return [one.number for one in page(data, wanted=Filter(**wanted)).samples]

        assert numbers(text="lamp") == [1, 2]
        assert numbers(prompt="light") == [1, 3]
        assert numbers(text="lamp", prompt="LIGHT") == [1]
        assert numbers(least=4) == [3]
        assert numbers(most=2) == [2]

    def test_a_search_without_a_find_stops_and_says_where_to_go_on(self):
        data = many(300_000)
        found = page(data, wanted=Filter(text="zirconium"))

        assert found.samples == []
        assert 1 < found.next < 300_000
        assert len(data[:data.index(f"Sample {found.next}:".encode())]) < MOST_BYTES + MOST_LINE
        assert page(data, first=299_990, wanted=Filter(text="zirconium")).next is None

    def test_a_line_as_long_as_the_file_takes_little_memory(self):
        stream = io.BytesIO(b'{"text": "' + b"x" * (50 << 20) + b'"}\n' + lines_of({"text": "After."}))
        tracemalloc.start()

        found = read_page(stream, [0], 1, Filter())

        assert tracemalloc.get_traced_memory()[1] < 4 << 20
        tracemalloc.stop()
        assert [(one.number, one.cut, one.problem[:9]) for one in found.samples] == [(1, True, "This line")]
        assert [one.text for one in read_page(stream, [0], found.next, Filter()).samples] == ["After."]
