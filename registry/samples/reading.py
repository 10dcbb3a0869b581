"""Reading a large file of samples a page at a time: bounded bytes and memory for each page, whatever is in the file.

Pure: works on any stream that can be sought. A page begins at a line; the index says where every STEPth line begins.
A filter reads on from there until the page is full or a page's share of bytes is spent, and then says where to go on.
"""

import json
from typing import NamedTuple

STEP = 200
CHUNK = 1 << 20
MOST_BYTES = 8 << 20  # read for one page
MOST_LINE = 256 << 10  # of one line; the rest of it is passed over
SHOWN = 4000  # characters of one text
PER_PAGE = 25


class Sample(NamedTuple):
    """One line of the file; `problem` says why it has no text."""

    number: int
    id: str
    prompt: str
    text: str
    words: int
    cut: bool
    problem: str


class Page(NamedTuple):
    """Samples from line `first` on; `next` is the line to go on at, None at the end of the file."""

    samples: list
    first: int
    next: int | None
    searched: int


class Filter(NamedTuple):
    """What samples are narrowed to: words in text or prompt, in any case, and a least and a greatest length."""

    text: str = ""
    prompt: str = ""
    least: int | None = None
    most: int | None = None

    @property
    def narrows(self):
        return bool(self.text or self.prompt or self.least is not None or self.most is not None)

    def fits(self, sample):
        return (
            self.text.casefold() in sample.text.casefold()
            and self.prompt.casefold() in sample.prompt.casefold()
            and (self.least is None or sample.words >= self.least)
            and (self.most is None or sample.words <= self.most)
        )


def index(stream):
    """Return the number of lines and the offset of every STEPth of them."""
    offsets, lines, place, tail = [0], 0, 0, b""
    while chunk := stream.read(CHUNK):
        found = chunk.find(b"\n")
        while found >= 0:
            lines += 1
            if lines % STEP == 0:
                offsets.append(place + found + 1)
            found = chunk.find(b"\n", found + 1)
        place, tail = place + len(chunk), chunk[-1:]
    return lines + (tail not in (b"", b"\n")), offsets


def read_page(stream, offsets, first, wanted, size=PER_PAGE):
    """Return the page that begins at a line, counted from 1."""
    step = min((first - 1) // STEP, len(offsets) - 1)
    stream.seek(offsets[step])
    number, spent, found = step * STEP, 0, []
    while spent < MOST_BYTES:
        line, length = one_line(stream)
        if not length:
            return Page(found, first, None, number)
        number, spent = number + 1, spent + (length if number >= first - 1 else 0)
        if number < first or not line.strip():
            continue
        sample = sample_of(line, number, length > len(line))
        if not wanted.narrows or (not sample.problem and wanted.fits(sample)):
            found.append(shortened(sample))
            if len(found) == size:
                return Page(found, first, number + 1, number)
    return Page(found, first, number + 1, number)


def one_line(stream):
    """The beginning of the next line and its whole length; (b"", 0) at the end."""
    line = stream.readline(MOST_LINE)
    length, part = len(line), line
    while part and not part.endswith(b"\n"):
        part = stream.readline(MOST_LINE)
        length += len(part)
    return line, length


def sample_of(line, number, cut):
    """What a line says: an object with a text, or a line of plain text."""
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    raw = line.decode("utf-8", "replace").strip().replace("\0", "\ufffd")
    if not raw.startswith("{"):
        return Sample(number, "", "", raw, len(raw.split()), cut, "")
    if cut:
        return Sample(number, "", "", "", 0, True, f"This line is longer than {MOST_LINE // 1024} kB.")
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return Sample(number, "", "", "", 0, False, "This line is not JSON.")
    text = as_text(said.get("text"))
    if text is None:
        return Sample(number, "", "", "", 0, False, "This line has no “text”.")
    identity, prompt = as_text(said.get("id")) or "", as_text(said.get("prompt")) or ""
    return Sample(number, identity[:200], prompt, text, len(text.split()), False, "")


def as_text(value):
    """A text without the halves of characters that JSON can say; numbers as they are written."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)[:200]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None


def shortened(sample):
    cut = sample.cut or len(sample.text) > SHOWN or len(sample.prompt) > SHOWN
    return sample._replace(text=sample.text[:SHOWN], prompt=sample.prompt[:SHOWN], cut=cut)
