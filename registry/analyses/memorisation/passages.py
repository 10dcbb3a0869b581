"""From found sequences back to the documents: overlap, longest run, and the passages as they stand there."""

import numpy as np

from registry.analyses.memorisation.documents import Document
from registry.analyses.memorisation.looking import Answer
from registry.analyses.statistics import significant

MOST_PASSAGES = 200  # of one document, the longest ones
MOST_QUOTED = 4_000_000  # characters of all quotes together
BOILERPLATE = 10  # documents of the training text


def describe(documents: list[Document], offsets: list[int], answer: Answer, files: list, n: int) -> list[dict]:
    """One row per document, in the order of the files."""
    hits, boiler = answer.sequences.hits(), boilerplate(answer)
    numbers = answer.sequences.spread(np.arange(len(answer.sequences.keys)))
    left, rows = MOST_QUOTED, []
    for document, offset in zip(documents, offsets, strict=True):
        count = len(document.words) - n + 1
        here = slice(offset, offset + max(count, 0))
        row = {
            "id": document.source.id,
            "role": document.role,
            "words": len(document.words),
            "sequences": max(count, 0),
            "found": int(hits[here].sum()),
            "boilerplate": None if boiler is None else int((hits[here] & boiler[here]).sum()),
            "overlap": significant(hits[here].mean()) if count > 0 else None,
            "longest_run": 0,
            "place": None,
            "passages": [],
            "passages_left_out": 0,
        }
        runs = runs_of(hits[here])
        if len(runs):
            begin, end = max(runs, key=lambda run: run[1] - run[0])
            row["longest_run"] = int(end - begin + n - 1)
            row["place"] = place_of(answer, numbers[offset + begin], files)
        if document.role == "samples":
            row["passages"], left = quoted(document, runs, n, left)
            row["passages_left_out"] = len(runs) - len(row["passages"])
        rows.append(row)
    return rows


def runs_of(hits: np.ndarray) -> np.ndarray:
    """Beginnings and ends of stretches of hits."""
    edges = np.diff(np.concatenate([[0], hits.astype(np.int8), [0]]))
    return np.column_stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)])


def quoted(document: Document, runs: np.ndarray, n: int, left: int) -> tuple[list[dict], int]:
    """The longest passages in the order of the text, as long as there is room for quotes."""
    longest = sorted(range(len(runs)), key=lambda number: (runs[number][0] - runs[number][1], number))
    passages = []
    for number in sorted(longest[:MOST_PASSAGES]):
        begin, end = runs[number]
        start, stop = int(document.starts[begin]), int(document.ends[end + n - 2])
        if stop - start > left:
            break
        left -= stop - start
        passages.append({"start": start, "end": stop, "quote": document.source.text[start:stop]})
    return passages, left


def place_of(answer: Answer, number: int, files: list) -> dict | None:
    """Where in the training text a sequence was met first; a sketch does not know."""
    if answer.first is None:
        return None
    file, line = answer.first[number]
    return {"file": files[file].name, "line": int(line) if line > 0 else None}


def boilerplate(answer: Answer) -> np.ndarray | None:
    """At each place whether the sequence stands in many documents of the training text; a sketch does not know."""
    if answer.documents is None:
        return None
    return answer.sequences.spread(answer.documents > BOILERPLATE)


def most_common(documents: list[Document], offsets: list[int], answer: Answer, n: int) -> list[dict]:
    """The boilerplate with the most documents, in words."""
    if answer.documents is None:
        return []
    common = np.flatnonzero(answer.documents > BOILERPLATE)
    order = common[np.lexsort((answer.sequences.example[common], -answer.documents[common]))][:20]
    rows = []
    for number in order:
        place = int(answer.sequences.example[number])
        owner = int(np.searchsorted(offsets, place, side="right")) - 1
        begin = place - offsets[owner]
        words = b" ".join(documents[owner].words[begin : begin + n]).decode("utf-8", "replace")
        rows.append({"words": words[:500], "documents": int(answer.documents[number])})
    return rows
