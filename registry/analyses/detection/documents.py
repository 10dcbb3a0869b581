"""From files to documents: canonical, without prompts, long enough, each only once and only on one side."""

from collections import Counter
from dataclasses import dataclass, field

from registry.analyses.canonical_text import canonical_text, first_words, without_prompt, word_ends
from registry.analyses.errors import Unusable
from registry.analyses.texts import Text, read_texts

MIN_WORDS = 25
MAX_WORDS = 500
MAX_CHARACTERS = 10_000
RAW_CHARACTERS = 20_000  # of a raw text, looked at before anything is cut
SIDES = {"generated": "generated", "human": "human", "test_generated": "generated", "test_human": "human"}


@dataclass(eq=False)
class Document:
    """One text that can be used, with what says which other texts it belongs to."""

    role: str
    source: Text
    text: str
    words: int
    keys: list[tuple[str, str]] = field(default_factory=list)

    @property
    def generated(self) -> bool:
        return SIDES[self.role] == "generated"

    @property
    def test(self) -> bool:
        return self.role.startswith("test_")


@dataclass
class Shelf:
    """The documents of all roles, and per role what became of every text."""

    documents: list[Document]
    counts: dict[str, dict]

    def of(self, *, generated: bool, test: bool) -> list[Document]:
        return [doc for doc in self.documents if doc.generated == generated and doc.test == test]

    def keep(self, documents: list[Document], reason: str) -> None:
        """Go on with these; the others are counted under `reason` in their role."""
        kept = set(map(id, documents))
        for doc in self.documents:
            if id(doc) not in kept:
                self.counts[doc.role][reason] += 1
        self.documents = [doc for doc in self.documents if id(doc) in kept]


def shelve(inputs: dict) -> Shelf:
    """Every usable document of the inputs."""
    readings = {role: read_texts(inputs[role].data, inputs[role].name) for role in SIDES if role in inputs}
    texts = {role: of_this_side(reading.texts, SIDES[role]) for role, reading in readings.items()}
    prompts = prompts_by_prefix([text for some in texts.values() for text in some])
    counts = {}
    shelf = Shelf([], counts)
    for role, reading in readings.items():
        counts[role] = reading.counts() | {
            "other_label": len(reading.texts) - len(texts[role]),
            "too_short": 0,
            "duplicates": 0,
            "on_both_sides": 0,
            "beyond_limit": 0,
            "prompts_removed": 0,
            "used": 0,
        }
        if not texts[role]:
            raise Unusable(f"Every text of {reading.name} is labelled as the other side: is it in the right place?")
        for text in texts[role]:
            shelf.documents.append(document(role, text, prompts, counts[role]))
    shelf.keep([doc for doc in shelf.documents if doc.words >= MIN_WORDS], "too_short")
    drop_doubles(shelf)
    return shelf


def of_this_side(texts: list[Text], side: str) -> list[Text]:
    """Without texts whose own label contradicts the role, so that a mixed file may serve both roles."""
    other = {"generated": "human", "human": "generated"}[side]
    return [text for text in texts if text.label != other]


def prompts_by_prefix(texts: list[Text]) -> dict[str, str]:
    """The prompt of each id prefix, so that the human counterpart of a sample loses the prompt too."""
    known = {}
    for text in texts:
        if text.prompt:
            known.setdefault(id_prefix(text), canonical_text(text.prompt[:RAW_CHARACTERS]))
    return known


def id_prefix(text: Text) -> str:
    return text.id.split(":", 1)[0]


def document(role: str, text: Text, prompts: dict[str, str], counts: dict) -> Document:
    """Canonical text without its prompt, cut to what is analysed."""
    prompt = canonical_text(text.prompt[:RAW_CHARACTERS])
    whole = canonical_text(text.text[: RAW_CHARACTERS + len(text.prompt)])
    body = whole
    for start in dict.fromkeys([prompt, prompts.get(id_prefix(text), "")]):
        body = without_prompt(body, start)
    counts["prompts_removed"] += body != whole
    body = first_words(body[:MAX_CHARACTERS], MAX_WORDS)
    keys = [("group", text.group)] * bool(text.group) + [("prompt", prompt)] * bool(prompt)
    keys += [("id", id_prefix(text))] * (text.id != f"line {text.line}")
    return Document(role, text, body, len(word_ends(body)), keys)


def drop_doubles(shelf: Shelf) -> None:
    """Exact copies: one stays within a side; what stands on both sides of a pair of files says nothing."""
    for test in (False, True):
        sides = {doc.text: set() for doc in shelf.documents if doc.test == test}
        for doc in shelf.documents:
            if doc.test == test:
                sides[doc.text].add(doc.generated)
        shelf.keep([doc for doc in shelf.documents if doc.test != test or len(sides[doc.text]) == 1], "on_both_sides")
    seen, kept = set(), []
    for doc in shelf.documents:
        if (doc.role, doc.text) not in seen:
            seen.add((doc.role, doc.text))
            kept.append(doc)
    shelf.keep(kept, "duplicates")


def count_used(shelf: Shelf) -> None:
    used = Counter(doc.role for doc in shelf.documents)
    for role, counts in shelf.counts.items():
        counts["used"] = used[role]
