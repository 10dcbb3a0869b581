"""Prose as an editor marks it up: runs of words that stayed, came or went, in time that hardly grows faster than
the text."""

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
SHINGLES = (6, 3, 1)
COMPARED_IN_FULL = 40_000


class Segment(NamedTuple):
    """A run of words: `same`, `ins` or `del`."""

    op: str
    text: str


def word_segments(before, after):
    """Mark words up as same, deleted or inserted; joined again they give either text."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    return merged(smoothed(runs(old, new, matches(old, new))))


def matches(old, new):
    """Return pairs of positions that stayed, both rising: anchors that are unique first, then what lies between."""
    found, waiting = [], [(0, len(old), 0, len(new))]
    while waiting:
        a, b, c, d = waiting.pop()
        while a < b and c < d and old[a] == new[c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            found.append((b, d))
        if a == b or c == d:
            continue
        if (b - a) * (d - c) <= COMPARED_IN_FULL:
            found += in_full(old, new, a, b, c, d)
        else:
            waiting += gaps(anchors(old, new, a, b, c, d), a, b, c, d)
    return sorted(found)


def in_full(old, new, a, b, c, d):
    blocks = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_matching_blocks()
    return [(a + block.a + n, c + block.b + n) for block in blocks for n in range(block.size)]


def anchors(old, new, a, b, c, d):
    """Return where runs of words stand that occur once in either text, the longest runs that there are."""
    for size in SHINGLES:
        mine, theirs = unique_runs(old, a, b, size), unique_runs(new, c, d, size)
        common = sorted((place, theirs[run]) for run, place in mine.items() if run in theirs)
        if common:
            return rising(common)
    return []


def unique_runs(words, start, stop, size):
    places = {}
    for place in range(start, stop - size + 1):
        run = tuple(words[place : place + size])
        places[run] = None if run in places else place
    return {run: place for run, place in places.items() if place is not None and not "".join(run).isspace()}


def rising(pairs):
    """Return a longest run of pairs in which the second numbers rise as the first do."""
    ends, tops, before = [], [], {}
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        before[number] = tops[at - 1] if at else None
        ends[at : at + 1], tops[at : at + 1] = [place], [number]
    chain, last = [], tops[-1] if tops else None
    while last is not None:
        chain.append(pairs[last])
        last = before[last]
    return chain[::-1]


def gaps(chain, a, b, c, d):
    """Cut a stretch at its anchors; each piece begins with one, which its own comparison then takes in."""
    if not chain:
        return []
    cuts = [(a, c), *chain, (b, d)]
    return [(one[0], two[0], one[1], two[1]) for one, two in zip(cuts, cuts[1:], strict=False) if one != two]


def runs(old, new, pairs):
    """Turn pairs of positions into (op, old text, new text)."""
    found, a, c = [], 0, 0
    for i, j in [*pairs, (len(old), len(new))]:
        if (a, c) != (i, j):
            found.append(("changed", "".join(old[a:i]), "".join(new[c:j])))
        if i < len(old):
            found.append(("same", old[i], old[i]))
        a, c = i + 1, j + 1
    return joined_sames(found)


def joined_sames(found):
    kept = []
    for op, old, new in found:
        if kept and op == "same" == kept[-1][0]:
            kept[-1] = ["same", kept[-1][1] + old, kept[-1][2] + new]
        else:
            kept.append([op, old, new])
    return kept


def smoothed(found):
    """Swallow the spaces between two changes, so that a reworded phrase reads as one."""
    segments, gone, come = [], "", ""
    for number, (op, old, new) in enumerate(found):
        space_between = not old.strip() and 0 < number < len(found) - 1
        if op == "changed" or space_between:
            gone, come = gone + old, come + new
            continue
        segments += [*deletion_first(gone, come), Segment("same", old)]
        gone = come = ""
    return segments + deletion_first(gone, come)


def deletion_first(gone, come):
    """Put a change as deletion, then insertion; spaces that both end with stay outside."""
    tail = ""
    while gone and come and gone[-1] == come[-1] and gone[-1].isspace():
        tail, gone, come = gone[-1] + tail, gone[:-1], come[:-1]
    return [Segment("del", gone), Segment("ins", come), Segment("same", tail)]


def merged(segments):
    found = []
    for segment in segments:
        if found and found[-1].op == segment.op:
            found[-1] = Segment(segment.op, found[-1].text + segment.text)
        elif segment.text:
            found.append(segment)
    return found
