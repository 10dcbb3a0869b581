"""A training text as a stream of batches: normalised words with a mark before each document."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from registry.analyses.errors import Unusable
from registry.analyses.sketch.words import Normaliser
from registry.analyses.texts import BOM, OTHER_BOMS, is_json_lines

MARK = b"."  # no word: it stands before each document, so that no sequence runs from one into the next
BATCH = 4 * 2**20
LONGEST_LINE = 64 * 2**20
LONGEST_WORD = 4 * 2**20
MAX_NAMED = 50
PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


@dataclass
class Batch:
    """Some of the text. `begun` names the file (by number) and line of each document that begins in it."""

    words: bytes
    begun: list[tuple[int, int | None]]
    read: int


@dataclass
class Corpus:
    """The files of a training text, and what was met in them while they were streamed."""

    files: list
    documents: int = 0
    broken: int = 0
    broken_lines: list[dict] = field(default_factory=list)
    normalise: Normaliser = field(default_factory=Normaliser)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def counts(self) -> dict:
        return {
            "files": len(self.files),
            "bytes": self.size,
            "documents": self.documents,
            "broken": self.broken,
            "broken_lines": list(self.broken_lines),
            "undecodable": self.normalise.undecodable,
        }

    def batches(self) -> Iterator[Batch]:
        """The whole text once; refuses what is no text, counts lines that cannot be used."""
        self.documents, self.broken, self.broken_lines, self.normalise = 0, 0, [], Normaliser()
        parts, begun, room, read = [], [], BATCH, 0
        for number, file in enumerate(self.files):
            for line, piece, taken in pieces(file, self._refuse(file)):
                if line is not CONTINUED:
                    self.documents += 1
                    parts.append(MARK)
                    begun.append((number, line))
                parts.append(self.normalise(piece))
                room -= len(piece)
                read += taken
                if room <= 0:
                    yield Batch(b" ".join(parts), begun, read)
                    parts, begun, room = [], [], BATCH
        if parts:
            yield Batch(b" ".join(parts), begun, read)
        if not self.documents:
            raise Unusable("The training text holds no document: give text files, or JSON Lines with a “text” each.")

    def _refuse(self, file) -> Callable:
        def refuse(line, problem):
            self.broken += 1
            if len(self.broken_lines) < MAX_NAMED:
                self.broken_lines.append({"file": file.name, "line": line, "problem": problem})

        return refuse


CONTINUED = object()


def pieces(file, refuse):
    """(line, bytes, bytes taken from the file) of one file; CONTINUED where a document goes on."""
    with file.open() as source:
        head = source.read(65536)
        refuse_no_text(head, file.name)
        source.seek(len(BOM) if head.startswith(BOM) else 0)
        yield from (lines if is_json_lines(head, file.name) else chunks)(source, refuse)


def refuse_no_text(head: bytes, name: str) -> None:
    for start, kind in PACKED.items():
        if head.startswith(start):
            raise Unusable(f"{name} is packed ({kind}): unpack it and give the text itself.")
    if head.startswith(OTHER_BOMS):
        raise Unusable(f"{name} is not UTF-8 (it looks like UTF-16): save it as UTF-8.")
    if b"\0" in head:
        raise Unusable(f"{name} holds NUL characters, so it is not a text file: give JSON Lines or plain text.")


def lines(source, refuse):
    """One document a line; a line that cannot be used is counted and left out."""
    number = 0
    while line := source.readline(LONGEST_LINE):
        number += 1
        taken = len(line)
        if taken == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                taken += len(rest)
            refuse(number, "is longer than 64 MB")
            continue
        if line.isspace():
            continue
        text, problem = text_of(line)
        if problem:
            refuse(number, problem)
        else:
            yield number, text.encode("utf-8", "replace"), taken


def text_of(line: bytes):
    """The text of a line of JSON, or why there is none."""
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        return None, "is not UTF-8"
    except RecursionError:
        return None, "is nested too deeply"
    except ValueError:
        return None, "is not JSON"
    if not isinstance(row, dict):
        return None, "is not a JSON object"
    if not isinstance(row.get("text"), str):
        return None, "has no “text” that is a string"
    return row["text"], None


def chunks(source, refuse):
    """A plain text in chunks that end at white space, so that no word is cut."""
    line, kept = None, b""
    while chunk := source.read(BATCH):
        kept += chunk
        cut = last_gap(kept)
        if cut:
            yield line, kept[:cut], len(chunk)
            line, kept = CONTINUED, kept[cut:]
    if kept:
        yield line, kept, 0


def last_gap(data: bytes) -> int:
    """Where a chunk may end: behind the last white space; where there is none for long, between two characters."""
    cut = max(data.rfind(gap) for gap in (b" ", b"\n", b"\t", b"\r")) + 1
    if not cut and len(data) > LONGEST_WORD:
        cut = next(place for place in range(len(data) - 1, 0, -1) if data[place] & 0xC0 != 0x80)
    return cut
