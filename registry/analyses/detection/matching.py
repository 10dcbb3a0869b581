"""Making lengths say nothing: both sides get the same distribution of lengths before anything is learnt."""

import re
from collections import defaultdict

import numpy as np

from registry.analyses.canonical_text import word_ends

MIN_WORDS = 25
LAST_WORDS = 6
ENDS = re.compile(r"[.!?。！？؟।…][\"')\]»”]*$")
ENDING_DIFFERENCE = 0.1


def matched_lengths(words: np.ndarray, generated: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Words to keep of each text: pairs are cut to the shorter one, the rest quantile by quantile."""
    words, target = np.asarray(words), np.array(words)
    pairs = pairs_of(generated, groups)
    for one, other in pairs:
        target[[one, other]] = min(words[one], words[other])
    rest = np.ones(len(words), bool)
    rest[[place for pair in pairs for place in pair]] = False
    sides = [np.flatnonzero(rest & generated), np.flatnonzero(rest & ~generated)]
    if any(len(side) == 0 for side in sides) and rest.any():
        target, sides = np.array(words), [np.flatnonzero(generated), np.flatnonzero(~generated)]
    if all(len(side) for side in sides):
        for side, opposite in (sides, sides[::-1]):
            target[side] = np.minimum(words[side], quantiles_of(words[opposite], words[side]))
    return target


def pairs_of(generated: np.ndarray, groups: np.ndarray) -> list[tuple[int, int]]:
    """Groups that are exactly one generated and one human text."""
    members = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    return [
        tuple(places)
        for places in members.values()
        if len(places) == 2 and generated[places[0]] != generated[places[1]]
    ]


def quantiles_of(lengths: np.ndarray, own: np.ndarray) -> np.ndarray:
    """For each own length, the other side's length at the same rank."""
    ranks = np.empty(len(own))
    ranks[np.argsort(own, kind="stable")] = (np.arange(len(own)) + 0.5) / len(own)
    return np.sort(lengths)[(ranks * len(lengths)).astype(int)]


def cut(text: str, words: int) -> str:
    ends = word_ends(text, words)
    return text[: ends[-1]] if ends else ""


def endings_differ(texts: list[str], generated: np.ndarray) -> bool:
    """Whether one side ends in whole sentences more often, as when the other stopped at a token limit."""
    ended = np.array([bool(ENDS.search(text)) for text in texts])
    return abs(ended[generated].mean() - ended[~generated].mean()) > ENDING_DIFFERENCE


def matched_texts(texts: list[str], words: np.ndarray, generated: np.ndarray, groups: np.ndarray) -> list[str]:
    """The texts cut to matched lengths, and all without their last words when only one side's ends are cut."""
    target = matched_lengths(words, generated, groups)
    cuts = [cut(text, count) for text, count in zip(texts, target, strict=True)]
    if endings_differ(cuts, generated):
        shorter = np.maximum(target - LAST_WORDS, MIN_WORDS)
        cuts = [cut(text, count) for text, count in zip(texts, shorter, strict=True)]
    return cuts
