"""From files to documents: words with their places, without the prompt, and who belongs together."""

from dataclasses import dataclass

import numpy as np

from registry.analyses.errors import Unusable
from registry.analyses.sketch.words import words_of
from registry.analyses.texts import Text, read_texts

MOST_WORDS = 5_000_000  # of samples and reference together: about 2 GB of memory
OTHER_SIDE = {"samples": "human", "reference": "generated"}


@dataclass(eq=False)
class Document:
    """One text: its words as bytes, and where each stands in the text as it was given."""

    role: str
    source: Text
    words: list[bytes]
    starts: np.ndarray
    ends: np.ndarray

    @property
    def group(self) -> str:
        """Texts of one group are not independent: the same group, else prompt, else id up to the first colon."""
        text = self.source
        if text.group or text.prompt:
            return f"g:{text.group}" if text.group else f"p:{text.prompt}"
        return f"i:{text.id.split(':', 1)[0]}"


def read_documents(inputs: dict, n: int) -> tuple[list[Document], dict]:
    """All documents in the order of the files, and what became of the lines."""
    documents, counts, total = [], {}, 0
    for role in OTHER_SIDE:
        if role not in inputs:
            continue
        reading = read_texts(inputs[role].data, inputs[role].name)
        texts = [text for text in reading.texts if text.label != OTHER_SIDE[role]]
        if not texts:
            raise Unusable(f"Every text of {reading.name} is labelled as the other side: is it in the right place?")
        made = [document(role, text) for text in texts]
        total += sum(len(one.words) for one in made)
        if total > MOST_WORDS:
            raise Unusable("The samples and the reference have more than 5 million words: give a part of them.")
        if not any(len(one.words) >= n for one in made):
            raise Unusable(f"No text of {reading.name} has {n} words: give longer texts or a smaller n.")
        counts[role] = reading.counts() | {
            "other_label": len(reading.texts) - len(texts),
            "prompts_removed": sum(begins_with_prompt(text) for text in texts),
            "under_n_words": sum(len(one.words) < n for one in made),
            "under_50_words": sum(n <= len(one.words) < 50 for one in made),
            "used": sum(len(one.words) >= n for one in made),
            "words": sum(len(one.words) for one in made),
        }
        documents += made
    return documents, counts


def begins_with_prompt(text: Text) -> bool:
    return bool(text.prompt) and text.text.startswith(text.prompt)


def document(role: str, text: Text) -> Document:
    """The prompt is somebody else's text, so a sample that repeats it is looked up from behind it."""
    start = len(text.prompt) if begins_with_prompt(text) else 0
    return Document(role, text, *words_of(text.text, start))
