"""Texts made up by rule: a vocabulary with a known lean, so that a test knows what can be found in them."""

import json
import random

from registry.analyses.inputs import Input

SYLLABLES = ["ka", "lo", "mi", "ren", "sta", "vo", "tur", "pel", "ni", "gra", "sho", "dim", "est", "ul", "bor", "que"]
VOCABULARY = [first + second for first in SYLLABLES for second in SYLLABLES]


def made_text(chance, *, words=60, lean=0.0):
    """Sentences of random words; `lean` of them come from the first tenth of the vocabulary only."""
    chosen = [chance.choice(VOCABULARY[:25] if chance.random() < lean else VOCABULARY) for _ in range(words)]
    return " ".join(word + "." if place % 9 == 8 else word for place, word in enumerate(chosen))


def made_rows(count, *, seed, lean=0.0, words=60, name="p", **extra):
    chance = random.Random(seed)
    return [
        {"id": f"{name}{number}:{seed}", "text": made_text(chance, words=words, lean=lean), **extra}
        for number in range(count)
    ]


def as_lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def given(**rows):
    """Inputs by role, from rows or from bytes."""
    return {
        role: Input(role, f"{role}.jsonl", some if isinstance(some, bytes) else as_lines(some))
        for role, some in rows.items()
    }
