"""From files to texts: canonical, without the prompt, in lower-case words."""

import re
from dataclasses import dataclass

import numpy as np

from registry.analyses.canonical_text import canonical_text, without_prompt
from registry.analyses.errors import Unusable
from registry.analyses.texts import Text, read_texts

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
MAX_WORDS = 2000  # of a text, looked at
MAX_CHARACTERS = 20_000
OTHER_SIDE = {"samples": "human", "dump": "human", "reference": "generated"}


@dataclass(eq=False)
class Document:
    """One text as it is measured."""

    source: Text
    text: str
    words: list[str]

    @property
    def group(self) -> str:
        """Texts of one group are not independent: the same group, else prompt, else id up to the first colon."""
        text = self.source
        if text.group or text.prompt:
            return f"g:{text.group}" if text.group else f"p:{text.prompt}"
        return f"i:{text.id.split(':', 1)[0]}"


@dataclass
class Pile:
    """The texts of one role: all that were read, and those that are measured."""

    texts: list[Text]
    documents: list[Document]
    counts: dict

    @property
    def groups(self) -> np.ndarray:
        return np.array([document.group for document in self.documents])


def read_pile(role: str, file, most: int, seed: int) -> Pile:
    """Every text of a file for what it discloses; at most so many, drawn at random, for the measures."""
    reading = read_texts(file.data, file.name)
    texts = [text for text in reading.texts if text.label != OTHER_SIDE[role]]
    if not texts:
        raise Unusable(f"Every text of {reading.name} is labelled as the other side: is it in the right place?")
    drawn = texts
    if len(texts) > most:
        chosen = np.random.default_rng([seed, 1]).choice(len(texts), most, replace=False)
        drawn = [texts[place] for place in sorted(chosen)]
    documents = [document for document in map(as_document, drawn) if document.words]
    if not documents:
        raise Unusable(f"No text of {reading.name} has a word: give texts.")
    counts = reading.counts() | {
        "other_label": len(reading.texts) - len(texts),
        "not_drawn": len(texts) - len(drawn),
        "without_words": len(drawn) - len(documents),
        "used": len(documents),
    }
    return Pile(texts, documents, counts)


def as_document(text: Text) -> Document:
    prompt = canonical_text(text.prompt[:MAX_CHARACTERS])
    body = without_prompt(canonical_text(text.text[: MAX_CHARACTERS + len(text.prompt)]), prompt)[:MAX_CHARACTERS]
    return Document(text, body, WORD.findall(body.lower())[:MAX_WORDS])
